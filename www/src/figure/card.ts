// A card: what stands beside the images, with a title and words on what it shows.

import type { Objective } from '../engine/task.ts';
import type { Comparison } from '../player/typical-digits.ts';
import type { Experiment, NetworkResult } from '../player/experiment.ts';
import type { Config } from '../settings/config.ts';
import type { Paint } from './colors.ts';
import { h } from './dom.ts';

/** What a card of a network makes room for. */
export interface Room {
  /** Of the network. */
  name: string;
  /** Whether there are other networks beside it. */
  several: boolean;
  /** Or the numbers of neurons or channels. */
  digits: number[];
  objective: Objective;
  config: Config;
}

/** What is known of a network before its first snapshot. */
export interface Begun {
  experiment: Experiment;
  networkResult: NetworkResult;
  config: Config;
  paint: Paint;
}

/** What a card of a network draws: an iteration of it. There is a comparison for each image. */
export type Moment = Begun & { iteration: number; comparisons: Comparison[] };

/** A card of a network. */
export interface Card {
  element: HTMLElement;
  /** Makes room, so that nothing on the page moves when it is filled. */
  arrange: (room: Room) => void;
  /** Shows what is known before the first snapshot. */
  begin?: (begun: Begun) => void;
  draw: (moment: Moment) => void;
}

export interface CardClass {
  /** Its name in `parts.ts`. */
  part: string;
  /** Whether it has something to show of images that are made for this; of all images, if it does not say. */
  suits?: (objective?: Objective) => boolean;
}

export function card(title: string, caption: string, ...children: Node[]) {
  const made = {
    title: h('p', { className: 'title' }, title), // No heading: the page has its own levels of these.
    caption: h('p', { className: 'caption', hidden: caption === '' }, caption),
  };
  return { ...made, element: h('section', { className: 'card' }, made.title, made.caption, ...children) };
}
