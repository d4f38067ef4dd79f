const figure = document.getElementById('figure');
const said = document.getElementById('said');

// `step` at every picture, `done` at the end, `change` when a person changed something.
figure.addEventListener('step', ({ detail }) => {
  said.textContent = `Iteration ${detail.iteration} of ${detail.settings.steps}.`;
});
figure.addEventListener('done', () => {
  const [{ history }] = figure.experiment.networkResults;
  said.textContent = `Done: the network is ${(100 * history.probabilities[0].at(-1)).toFixed(1)}% sure.`;
});
figure.addEventListener('change', ({ detail }) => {
  document.getElementById('settings').textContent = JSON.stringify(detail.settings, null, 2);
});
