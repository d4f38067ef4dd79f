import { Engine } from '../engine.js';

const context = document.getElementById('canvas').getContext('2d');
const said = document.getElementById('said');
const engine = await Engine.start();
const run = await engine.begin({ network: 'mlp', digits: [3], seed: 1, noiseStd: 0.01 });

for (let iteration = 0; iteration <= 50; iteration += 1) {
  const snapshot = await run.advance(iteration === 0 ? 0 : 1, { target: 0.9, learningRate: 0.005 });
  const sorted = snapshot.images.slice().sort();
  context.putImageData(engine.paint(snapshot.images, sorted[0], sorted[783]), 0, 0);
  said.textContent = `Iteration ${iteration}: p(3) = ${Math.exp(snapshot.now[3]).toFixed(3)}`;
  await new Promise((resolve) => setTimeout(resolve, 40)); // So that it can be watched.
}
run.free();
