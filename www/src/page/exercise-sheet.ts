// The page on paper is an exercise sheet: the questions with lines to write on, finished pictures, and the discussions at
// the end, where nobody reads them by accident. Its styles are at the end of page.css.

import { byId, h } from '../figure/dom.ts';
import { PREPARE } from '../figure/paper.ts';

/** Nothing on paper: what is pressed, and what speaks of a run or a drawing that there may not have been. */
const NOT_PRINTED = 'summary, button, input, .instead, #reading-remark';

/** For each answer. */
const LINES = 4;

/** Makes the sheet whenever the page is printed, and connects the button that prints it. */
export function exerciseSheet() {
  document.querySelectorAll<HTMLElement>('.guide').forEach(({ dataset }) => (dataset.print = 'ends'));
  document.querySelectorAll<HTMLElement>('.hero, .laboratory').forEach(({ dataset }) => (dataset.print = 'none'));
  /** What is on paper only. */
  let added: HTMLElement[] = [];
  /** The figures that a guess is about, and what they hide on the screen: their numbers would answer it. */
  let silent: [Element, string | null][] = [];
  const remove = () => {
    added.forEach((it) => it.remove());
    added = [];
    silent.forEach(([figure, hidden]) => (hidden === null ? figure.removeAttribute('hide') : figure.setAttribute('hide', hidden)));
    silent = [];
  };
  const add = () => {
    remove();
    const discussions = [...document.querySelectorAll('.exercise')].flatMap(discussionOf);
    const solutions = h('section', { className: 'solutions' }, h('h2', {}, 'Discussions'), ...discussions);
    const answers = [...document.querySelectorAll('.exercise .question')].map((question) => {
      const lines = h('div', { className: 'lines' }, ...Array.from({ length: LINES }, () => h('div')));
      question.after(lines);
      return lines;
    });
    byId('top').append(solutions);
    added = [...answers, solutions];
    const guesses = [...document.querySelectorAll<HTMLElement>('.guess')].map(({ dataset }) => byId(dataset.of!));
    silent = guesses.map((figure) => [figure, figure.getAttribute('hide')]);
    silent.forEach(([figure, hidden]) => figure.setAttribute('hide', `${hidden ?? ''} readings`));
  };
  const medium = matchMedia('print'); // Changes without the events where developer tools emulate print.
  const button = byId<HTMLButtonElement>('print-sheet');
  button.addEventListener('click', async () => {
    button.disabled = true;
    await print();
    button.disabled = false;
  });
  addEventListener('beforeprint', add);
  addEventListener('afterprint', remove);
  medium.addEventListener('change', () => (medium.matches ? add() : remove()));
}

/** Computes the pictures that are not there yet, which takes longer than a browser waits once it prints, and prints. */
async function print() {
  const figures: Promise<unknown>[] = [];
  dispatchEvent(new CustomEvent(PREPARE, { detail: figures }));
  let done = 0;
  const say = () => (byId('print-sheet-status').textContent = `Making the pictures: ${done} of ${figures.length} …`);
  say();
  for (const figure of figures) {
    figure.then(() => {
      done += 1;
      say();
    });
  }
  await Promise.all(figures);
  byId('print-sheet-status').textContent = '';
  window.print();
}

/** The discussions of an exercise, below its title: copies, as they are now. */
function discussionOf(exercise: Element) {
  const title = h('h3', {}, ...[...(exercise.querySelector('h3')?.childNodes ?? [])].map((it) => it.cloneNode(true)));
  const copies = [...exercise.querySelectorAll('details')].flatMap((details) => {
    const copy = details.cloneNode(true) as HTMLDetailsElement;
    copy.querySelectorAll(NOT_PRINTED).forEach((it) => it.remove());
    copy.querySelectorAll('[id]').forEach((it) => it.removeAttribute('id')); // Each is in the page once.
    return [...copy.childNodes];
  });
  return copies.length === 0 ? [] : [h('div', { className: 'solution' }, title, ...(copies as Node[]))];
}
