// The fields for the one position of a channel's map that an objective is about: its row and its column.

import type { MapSize } from '../engine/networks.ts';
import { centerOf, layerOf, mapOf, objectiveIn, positionOf } from '../engine/objectives.ts';
import { type Reading, whole } from '../engine/reading.ts';
import type { Config } from '../settings/config.ts';
import { h } from './dom.ts';
import { field } from './fields.ts';

/** Each with its name in a refusal, in the order in which an objective has them. */
const AXES = [
  { name: 'map-row', title: 'Row of the map', axis: 'row of the map' },
  { name: 'map-column', title: 'Column of the map', axis: 'column of the map' },
];

export class PositionFields {
  #fields = AXES.map(({ name, title }) => field(name, title, { min: '0', step: '1', inputMode: 'numeric' }));
  #layer = '';
  #map: MapSize = [0, 0];
  element = h('div', { className: 'pair position', hidden: true }, ...this.#fields.map(({ element }) => element));

  /** Whether an input is one of the two. */
  has(input: HTMLInputElement) {
    return this.#fields.some((it) => it.input === input);
  }

  /** Hidden, unless the objective is about one position of maps whose size is known. */
  show(config: Pick<Config, 'network' | 'objective'>) {
    const [position, map] = [positionOf(config.objective), mapOf(config)];
    this.element.hidden = !(position && map);
    if (position && map) {
      this.#layer = layerOf(config.objective)!;
      this.#map = map;
      const shown = position === 'center' ? centerOf(map) : position;
      for (const [axis, { input, put }] of this.#fields.entries()) {
        input.max = String(map[axis] - 1);
        put(shown[axis]);
      }
    }
  }

  /** Puts back what was shown before somebody typed. */
  restore() {
    this.#fields.forEach(({ input }) => (input.value = input.defaultValue));
  }

  /** The objective that the two ask for, as a text; or what is wrong with one of them. */
  read(): Reading {
    const read = AXES.map(({ axis }, at) => whole(axis, 0, this.#map[at] - 1).read(this.#fields[at].input.value));
    const [row, column] = read.map(({ value }) => value as number);
    const isCenter = String(centerOf(this.#map)) === String([row, column]);
    return {
      value: objectiveIn(this.#layer, isCenter ? 'center' : [row, column]),
      problem: read.find(({ problem }) => problem)?.problem,
    };
  }
}
