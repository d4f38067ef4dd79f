// The reading test: images in random order, and a person says which digit each is. Nothing in the document tells what
// an image was made for before all are answered.

import { type Engine, messageOf } from '../../engine/engine.ts';
import { type NetworkName, networkNames, onNetworks, titleOf } from '../../engine/networks.ts';
import { sharedEngine } from '../../engine/shared-engine.ts';
import { h } from '../../figure/dom.ts';
import { scale } from '../../figure/colors.ts';
import { PRESETS } from '../../settings/presets.ts';
import { download } from '../export/files.ts';
import { Questions } from './questions.ts';
import { type TestImage, makeImages } from './images.ts';
import { Results } from './results.ts';
import { type Answer, type Reading, readCsv, writeCsv } from './score.ts';

/** What is chosen at first. */
const NETWORKS: NetworkName[] = ['lenet5', 'robust'];
const CHOSEN_PRESETS = ['notebook', 'legible'];
/** Seconds that a person takes for an image, as said before the test. */
const SECONDS = 3;
/** Who has not given a name: people without one are still different people. */
const NOBODY = `somebody-${crypto.getRandomValues(new Uint16Array(1))[0]}`;
const NONE_CHOSEN = 'Choose at least one network and one preset.';

export class ReadingTest {
  #networks = h('fieldset', { className: 'choices' }, h('legend', {}, 'Networks'));
  #presets = h('fieldset', { className: 'choices' }, h('legend', {}, 'Presets'));
  #person = h('input', { type: 'text', name: 'person', maxLength: 60, autocomplete: 'off' });
  #length = h('p', { className: 'caption' });
  #begin = h('button', { type: 'submit', className: 'primary' }, 'Begin');
  #file = h('input', { type: 'file', accept: '.csv,text/csv', multiple: true, hidden: true });
  #said = h('p', { className: 'caption', role: 'status' });
  #wrong = h('p', { className: 'reading-wrong', role: 'alert' });
  #progress = h('progress', { 'aria-label': 'Images made', max: 1 });
  #cancel = h('button', { type: 'button' }, 'Stop');
  #making = h('div', { className: 'making', hidden: true }, this.#progress, this.#said, this.#cancel);
  #setup: HTMLFormElement;
  #questions = new Questions({ onAnswer: (answer) => this.#answer(answer), onStop: () => this.#stop() });
  #results = new Results();
  #again = h('button', { type: 'button', className: 'primary' }, 'Another test');
  #save = h('button', { type: 'button' }, 'Answers (.csv)');
  #after = h('div', { className: 'after', hidden: true });
  #working = new AbortController();
  #engine: Engine | undefined;
  #images: TestImage[] = [];
  /** Of this test, and of all tests and files so far. */
  #given: Reading[] = [];
  #answers: Answer[] = [];
  element: HTMLDivElement;

  constructor() {
    const add = h('button', { type: 'button' }, 'Add answers of others …');
    add.addEventListener('click', () => this.#file.click());
    this.#setup = h(
      'form',
      { className: 'setup' },
      this.#networks,
      this.#presets,
      h('label', { className: 'person' }, 'Your name, if your answers are collected', this.#person),
      this.#length,
      h('div', { className: 'pad-actions' }, this.#begin, add, this.#file),
    );
    this.#after.append(this.#results.element, h('div', { className: 'pad-actions' }, this.#again, this.#save));
    this.element = h(
      'div',
      { className: 'reading-test card' },
      this.#setup,
      this.#making,
      this.#questions.element,
      this.#wrong,
      this.#after,
    );
    this.#setup.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#start();
    });
    this.#setup.addEventListener('change', () => this.#sayLength());
    this.#file.addEventListener('change', () => this.#add([...(this.#file.files ?? [])]));
    this.#cancel.addEventListener('click', () => this.#stop());
    this.#again.addEventListener('click', () => this.#stop());
    this.#save.addEventListener('click', () =>
      download(new Blob([writeCsv(this.#answers)], { type: 'text/csv' }), 'actmax-answers.csv'),
    );
    this.#presets.append(...Object.entries(PRESETS).map(([value, { name }]) => choice(value, name, CHOSEN_PRESETS)));
    onNetworks(() => this.#offer());
    this.#offer();
  }

  /** Offers the networks that there are. */
  #offer() {
    const chosen = this.#networks.elements.length > 0 ? checked(this.#networks) : NETWORKS;
    for (const label of this.#networks.querySelectorAll('label')) {
      label.remove();
    }
    this.#networks.append(...networkNames().map((it) => choice(it, titleOf(it), chosen)));
    this.#sayLength();
  }

  get #sources() {
    const networks = checked(this.#networks) as NetworkName[];
    return checked(this.#presets).flatMap((preset) => networks.map((network) => ({ network, preset })));
  }

  #sayLength() {
    const count = 10 * this.#sources.length;
    const minutes = Math.max(1, Math.round((count * SECONDS) / 60));
    this.#length.textContent =
      count === 0 ? NONE_CHOSEN : `${count} images, about ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`;
    this.#begin.disabled = count === 0;
  }

  /** Makes the images, and asks. */
  async #start() {
    this.#working = new AbortController();
    const { signal } = this.#working;
    this.#wrong.textContent = '';
    this.#setup.hidden = true;
    this.#after.hidden = true;
    this.#making.hidden = false;
    this.#progress.value = 0;
    this.#said.textContent = 'The images are being made …';
    try {
      this.#engine = await sharedEngine();
      const onShare = (share: number) => (this.#progress.value = share);
      this.#images = await makeImages(this.#engine, this.#sources, { signal, onShare });
      this.#given = [];
      this.#making.hidden = true;
      this.#ask();
      this.#questions.focus();
    } catch (error) {
      this.#stop();
      this.#wrong.textContent = signal.aborted ? '' : messageOf(error);
    }
  }

  /** Shows the next image, drawn from its darkest to its brightest pixel. */
  #ask() {
    const { pixels } = this.#images[this.#given.length];
    const { low, high } = scale(pixels);
    this.#questions.show(this.#engine!.paint(pixels, low, high), this.#given.length + 1, this.#images.length);
  }

  #answer(answer: Reading) {
    this.#given.push(answer);
    if (this.#given.length < this.#images.length) {
      this.#ask();
      return;
    }
    const person = this.#person.value.trim() || NOBODY;
    for (const [index, { network, preset, seed, digit }] of this.#images.entries()) {
      this.#answers.push({ person, network, preset, seed, digit, answer: this.#given[index] });
    }
    this.#questions.hide();
    this.#results.show(this.#answers, this.#images);
    this.#after.hidden = false;
    this.#again.focus();
  }

  /** Back to the choice. What was answered in a test that was not finished does not count. */
  #stop() {
    this.#working.abort();
    this.#questions.hide();
    this.#making.hidden = true;
    this.#setup.hidden = false;
    this.#begin.focus({ preventScroll: true });
  }

  /** Adds the answers of other people: all of the files or, if something is wrong with one, none. */
  async #add(files: File[]) {
    this.#file.value = '';
    this.#wrong.textContent = '';
    try {
      const texts = await Promise.all(files.map(async (it) => readCsv(await it.text(), it.name)));
      this.#answers.push(...texts.flat());
      this.#results.show(this.#answers, this.#images);
      this.#after.hidden = this.#answers.length === 0;
    } catch (error) {
      this.#wrong.textContent = messageOf(error);
    }
  }
}

function choice(value: string, title: string, chosen: string[]) {
  const input = h('input', { type: 'checkbox', value, checked: chosen.includes(value) });
  return h('label', {}, input, h('span', {}, title));
}

function checked(choices: HTMLFieldSetElement) {
  return [...choices.querySelectorAll<HTMLInputElement>('input:checked')].map((it) => it.value);
}
