// @ts-check
// A figure on the page: all of its parts, and an experiment drawn into them.

import { ALL_DIGITS, DEFAULTS } from '../config.js';
import { h } from '../dom.js';
import { networksOf, titleOf } from '../networks.js';
import { layerOf } from '../goals.js';
import { Bars } from './bars.js';
import { Change } from './change.js';
import { Chart } from './chart.js';
import { Comparison } from './comparison.js';
import { Nearest } from './nearest.js';
import { Opinions } from './opinions.js';
import { UNKNOWN } from './reserved.js';
import { SettingsForm } from './settings-form.js';
import { Stage } from './stage.js';
import { Transport } from './transport.js';
import { mean, percent, signed, twoDigits } from './words.js';

/** @typedef {import('../config.js').Config} Config */
/** @typedef {import('../config.js').Key} Key */
/** @typedef {import('../experiment.js').Column} Column */
/** @typedef {import('../experiment.js').Experiment} Experiment */
/** @typedef {import('./stage.js').Paint} Paint */

/**
 * @typedef {object} Callbacks
 * @property {(key: Key | 'preset', text: string) => void} onChange A setting is to be changed.
 * @property {() => void} onRun
 * @property {() => void} onStep
 * @property {() => void} onReset
 * @property {(iteration: number) => void} onSeek
 * @property {() => void} onRetry What failed is to be tried again.
 */

export class View {
  #callbacks;
  #form;
  #transport;
  #columns = h('div', { className: 'columns waiting' });
  #loss = new Chart('Loss');
  #probability = new Chart('Probability of the digit', 1);
  #log = h('input', { type: 'checkbox', name: 'log' });
  #lossCard;
  #probabilityCard;
  #cards = h('div', { className: 'cards' });
  #message = h('p', { className: 'message' });
  #retry = h('button', { type: 'button', hidden: true }, 'Try again');
  #announcement = h('p', { className: 'visually-hidden', role: 'status' });
  /** The last message that was announced. */
  #told = '';
  /** @type {ReturnType<View['makeColumn']>[]} */
  #made = [];
  /** @type {Set<string>} */
  #parts = new Set();
  /** Whether the images are made for units: then nothing is said of digits. */
  #units = false;
  /** Whether there is an experiment. Before, its room is kept, by what is asked for. */
  #begun = false;
  /** What stands in for the first picture. @type {HTMLSlotElement | null} */
  #slot = null;
  #config = DEFAULTS;

  /** @param {Callbacks} callbacks */
  constructor(callbacks) {
    this.#callbacks = callbacks;
    const { onChange, onRun, onStep, onReset, onSeek, onRetry } = callbacks;
    this.#form = new SettingsForm(onChange);
    const onPace = (/** @type {string} */ pace) => onChange('pace', pace);
    this.#transport = new Transport({ onRun, onStep, onReset, onPace, onSeek });
    this.#log.addEventListener('change', () => onChange('log', this.#log.checked ? '1' : '0'));
    this.#retry.addEventListener('click', onRetry);
    this.#lossCard = card(
      'Loss',
      'Squared distance between ln p(digit | image) and ln target, at every iteration.',
      this.#loss.element,
      h('label', { className: 'switch' }, this.#log, ' logarithmic scale'),
    );
    this.#probabilityCard = card(
      'Probability of the digit',
      'What the network gives to the digit that is asked for, at every iteration.',
      this.#probability.element,
    );
    this.element = h(
      'div',
      { className: 'figure' },
      h(
        'div',
        { className: 'stage' },
        h('div', { className: 'status' }, this.#message, this.#retry),
        this.#columns,
        this.#transport.timeline,
        this.#transport.element,
      ),
      this.#form.element,
      this.#cards,
      this.#announcement,
    );
  }

  connect() {
    this.#loss.connect();
    this.#probability.connect();
  }

  disconnect() {
    this.#loss.disconnect();
    this.#probability.disconnect();
  }

  /** What stands in for the first picture. @param {HTMLSlotElement | null} slot */
  hold(slot) {
    if (slot && this.#columns.classList.contains('waiting')) {
      this.#slot = slot;
      this.#columns.append(slot);
      this.#columns.classList.toggle('held', slot.assignedElements().length > 0);
    }
  }

  /** @param {Set<string>} parts Those on show; see `parts.js`. */
  showParts(parts) {
    this.#parts = parts;
    const own = { ...this.#form.parts, ...this.#transport.parts };
    for (const [name, element] of Object.entries(own)) {
      element.hidden = !parts.has(name);
    }
    const any = (/** @type {object} */ of) => Object.keys(of).some((name) => parts.has(name));
    this.#form.element.hidden = !any(this.#form.parts);
    this.#transport.element.hidden = !['run', 'step', 'reset', 'pace'].some((it) => parts.has(it));
    this.element.classList.toggle('with-settings', !this.#form.element.hidden);
    this.#placeCards();
  }

  #placeCards() {
    const { parts, cards } = { parts: this.#parts, cards: this.#cards };
    for (const { stage, readings } of this.#made) {
      stage.element.classList.toggle('plain', !parts.has('scale'));
      readings.hidden = !parts.has('readings');
    }
    const shown = [
      parts.has('loss') ? [this.#lossCard] : [],
      parts.has('probability') && !this.#units ? [this.#probabilityCard] : [],
      parts.has('bars') ? this.#made.map(({ barsCard }) => barsCard) : [],
      parts.has('mean') && !this.#units ? this.#made.map(({ comparisonCard }) => comparisonCard) : [],
      parts.has('nearest') ? this.#made.map(({ nearest }) => nearest.element) : [],
      parts.has('opinions') ? this.#made.map(({ opinions }) => opinions.element) : [],
      parts.has('change') ? this.#made.map(({ change }) => change.element) : [],
    ].flat();
    cards.replaceChildren(...shown);
    cards.hidden = shown.length === 0;
    this.connect();
  }

  /**
   * What is being waited for, or what went wrong; nothing, when all is well.
   *
   * @param {string} message
   * @param {'remark' | 'waiting' | 'failed'} [kind] What has failed can be tried again. What is
   *   waited for stands over the images, so that nothing moves when it comes and goes.
   */
  say(message, kind = 'remark') {
    const status = /** @type {HTMLElement} */ (this.#message.parentElement);
    this.#message.textContent = message;
    status.classList.toggle('failed', kind === 'failed');
    status.classList.toggle('waiting', kind === 'waiting');
    this.#retry.hidden = kind !== 'failed';
    // Of what arrives, the number is not read out each time that it grows.
    const words = kind === 'waiting' ? message.replace(/ [\d.]+ MB$/, '') : message;
    if (words !== '' || this.#announcement.textContent === this.#told) {
      this.announce(words); // What is over is taken back, but nothing else that was announced.
    }
    this.#told = words;
  }

  /** Says at a field why what was typed is not taken. @param {Key} key @param {string} words */
  refuse(key, words) {
    this.#form.refuse(key, words);
  }

  /** Takes back what was said to the person, who has gone on. */
  forget() {
    this.say('');
    this.#form.forget();
  }

  /** Says something to those who do not see the figure. @param {string} words */
  announce(words) {
    if (this.#announcement.textContent !== words) {
      this.#announcement.textContent = words;
    }
  }

  /** @param {import('../player.js').State} state */
  showState(state) {
    this.#transport.showState(state);
  }

  /** @param {Config} config */
  showConfig(config) {
    this.#form.show(config);
    this.#transport.showPace(config.pace);
    this.#log.checked = config.log;
    this.#loss.log = config.log;
    this.#config = config;
    if (!this.#begun) {
      const units = layerOf(config.goal) !== undefined;
      const names = networksOf(config.network).map(titleOf);
      this.#lay(names, config.digits, units);
      const series = seriesOf(names, config.digits);
      this.#loss.keep(series);
      this.#probability.keep(series);
      this.#transport.showIteration(0, 0, config.steps, 0);
    }
  }

  /**
   * Makes room for an experiment.
   *
   * @param {Experiment} experiment
   * @param {Paint} paint
   */
  arrange(experiment, paint) {
    const { columns, digits } = experiment;
    const names = columns.map(({ name }) => name);
    this.#begun = true;
    this.#lay(names, digits, experiment.units);
    if (!experiment.units) {
      for (const [index, { comparison }] of this.#made.entries()) {
        comparison.show(experiment, columns[index], paint);
      }
    }
    const series = seriesOf(names, digits);
    this.#loss.arrange(series);
    this.#probability.arrange(series);
    this.#transport.enable();
  }

  /**
   * Lays out all that depends on the networks and the digits, at its full size: nothing on the page
   * moves when it is filled.
   *
   * @param {string[]} names Of the networks.
   * @param {number[]} digits
   * @param {boolean} units Whether these are the numbers of units.
   */
  #lay(names, digits, units) {
    const { row, steps } = this.#config;
    this.#units = units;
    while (this.#made.length < names.length) {
      this.#made.push(this.makeColumn());
    }
    this.#made.length = names.length;
    const one = digits.length === 1 || units;
    const chosen = digits[row ?? 0] ?? digits[0];
    for (const [index, made] of this.#made.entries()) {
      const name = names[index];
      const of = names.length === 1 ? '' : `: ${name}`;
      made.title.textContent = name;
      made.title.hidden = names.length === 1;
      made.barsTitle.textContent = `Probabilities, before and after${of}`;
      made.comparisonTitle.textContent = `The mean ${digits.length === 1 ? digits[0] : 'digits'} of MNIST${of}`;
      made.stage.arrange(digits, name);
      if (made.readings.childElementCount === 0) {
        made.readings.replaceChildren(...readings(digits, units, UNKNOWN, UNKNOWN, UNKNOWN));
      }
      const isOne = one || row !== undefined;
      made.bars.keep(isOne ? ofOne(name, chosen, steps) : ofSeveral(name), isOne ? ALL_DIGITS : digits);
      made.comparison.arrange(units ? [] : digits, name);
      made.nearest.arrange(chosen, name);
      made.opinions.arrange(digits, name, units);
      made.change.arrange(chosen, name);
    }
    this.#columns.classList.toggle('several', names.length > 1);
    this.#columns.style.setProperty('--columns', String(names.length));
    this.#columns.replaceChildren(...this.#made.map(({ element }) => element), ...(this.#slot ? [this.#slot] : []));
    this.#placeCards();
  }

  makeColumn() {
    const title = h('p', { className: 'title network-name' });
    const stage = new Stage((row) => this.#callbacks.onChange('row', String(row)));
    const readings = h('dl', { className: 'readings' });
    const bars = new Bars();
    const comparison = new Comparison();
    const nearest = new Nearest();
    const opinions = new Opinions();
    const change = new Change();
    const barsCard = card('', '', bars.element, legend());
    const comparisonCard = card('', '', comparison.element);
    return {
      element: h('section', { className: 'column' }, title, stage.element, readings),
      title,
      stage,
      readings,
      bars,
      barsCard,
      barsTitle: /** @type {HTMLElement} */ (barsCard.firstElementChild),
      comparison,
      nearest,
      opinions,
      change,
      comparisonCard,
      comparisonTitle: /** @type {HTMLElement} */ (comparisonCard.firstElementChild),
    };
  }

  /**
   * Draws an experiment as it is, or as it was at an iteration.
   *
   * @param {Experiment} experiment
   * @param {Config} config
   * @param {number} speed Iterations a second.
   * @param {Paint} paint
   */
  draw(experiment, config, speed, paint) {
    const { columns, digits } = experiment;
    const iteration = Math.min(config.at ?? experiment.iteration, experiment.iteration);
    for (const [index, column] of columns.entries()) {
      const made = this.#made[index];
      const { images } = column.history.at(iteration);
      const scores = column.history.probabilities.map((it) => it[iteration]);
      const resemblances = digits.map((_, row) => experiment.resemblance(column, row, iteration));
      const captions = digits.map((digit, row) =>
        experiment.units
          ? { label: twoDigits(scores[row]), words: `The unit says ${twoDigits(scores[row])}.` }
          : {
              label: percent(scores[row]),
              words:
                `It gives the ${digit} ${percent(scores[row])}. Correlation with the mean ${digit} ` +
                `of MNIST: ${signed(resemblances[row])}.`,
            },
      );
      made.stage.draw(images, iteration, captions, paint);
      made.stage.select(config.row);
      const losses = column.history.losses.map((it) => it[iteration]);
      const score = experiment.units ? twoDigits(mean(scores)) : percent(mean(scores));
      made.readings.replaceChildren(
        ...readings(digits, experiment.units, score, twoDigits(mean(losses)), signed(mean(resemblances))),
      );
      if (this.#parts.has('mean') && !experiment.units) {
        made.comparison.draw(experiment, column, resemblances);
      }
      if (this.#parts.has('bars')) {
        this.#drawBars(made.bars, column, experiment, iteration, config);
      }
      if (this.#parts.has('nearest')) {
        made.nearest.draw(experiment, column, iteration, config.row ?? 0, paint);
      }
      if (this.#parts.has('opinions')) {
        made.opinions.draw(experiment, column, iteration);
      }
      if (this.#parts.has('change')) {
        made.change.draw(experiment, column, iteration, config.row ?? 0, paint);
      }
    }
    this.#columns.classList.remove('waiting', 'held');
    this.#slot?.remove();
    this.#slot = null;
    const at = iteration === experiment.iteration ? undefined : iteration;
    this.#loss.draw(columns.flatMap(({ history }) => history.losses), at);
    this.#probability.draw(columns.flatMap(({ history }) => history.probabilities), at);
    this.#transport.showIteration(iteration, experiment.iteration, config.steps, speed);
  }

  /**
   * @param {Bars} bars
   * @param {Column} column
   * @param {Experiment} experiment
   * @param {number} iteration
   * @param {Config} config
   */
  #drawBars(bars, { name, history }, { digits, units }, iteration, { row, target }) {
    const one = digits.length === 1 || units ? (row ?? 0) : row;
    if (one === undefined) {
      bars.draw(
        ofSeveral(name),
        digits.map((digit, index) => ({
          digit,
          before: history.probabilities[index][0],
          after: history.probabilities[index][iteration],
          wanted: true,
        })),
        target,
      );
      return;
    }
    const before = history.said(one, 0).probabilities;
    bars.draw(
      ofOne(name, digits[one], iteration),
      history.said(one, iteration).probabilities.map((after, digit) => ({
        digit,
        before: before[digit],
        after,
        wanted: !units && digit === digits[one],
      })),
      target,
    );
  }
}

/** @param {string} title @param {string} caption @param {...Node} children */
function card(title, caption, ...children) {
  return h(
    'section',
    { className: 'card' },
    h('p', { className: 'title' }, title), // No heading: the page has its own levels of these.
    h('p', { className: 'caption', hidden: caption === '' }, caption),
    ...children,
  );
}

/** Over the bars of one image. @param {string} name @param {number} digit @param {number} iteration */
function ofOne(name, digit, iteration) {
  return `What the ${name} says of the image for ${digit}, after ${iteration} iterations.`;
}

/** Over those of several images. @param {string} name */
function ofSeveral(name) {
  return `What the ${name} gives each image for its own digit. Choose an image to see all of its ten.`;
}

/**
 * The curves of a chart.
 *
 * @param {string[]} names Of the networks.
 * @param {number[]} digits
 */
function seriesOf(names, digits) {
  return names.flatMap((kind, network) => digits.map((digit) => ({ kind, digit, network })));
}

/**
 * The numbers below the images.
 *
 * @param {number[]} digits
 * @param {boolean} units
 * @param {string} score
 * @param {string} loss
 * @param {string} resemblance
 */
function readings(digits, units, score, loss, resemblance) {
  const p = digits.length === 1 ? `p(${digits[0]})` : 'mean p';
  return [
    ...reading(units ? 'Activation, less penalties' : p, score, 'probability'),
    ...reading('Loss', loss, 'loss'),
    ...(units ? [] : reading('Correlation', resemblance, 'resemblance')),
  ];
}

/** @param {string} name @param {string} value @param {string} className */
function reading(name, value, className) {
  return [h('div', { className }, h('dt', {}, name), h('dd', {}, value))];
}

function legend() {
  return h(
    'p',
    { className: 'legend' },
    ...[
      ['before', 'start'],
      ['after', 'image now'],
      ['target', 'target'],
    ].flatMap(([className, words]) => [h('span', { className: `swatch ${className}` }), words]),
  );
}
