// The figures of the page when networks come and go: the exercises can be shown with an imported network, and no
// figure keeps a network that was removed.

import { type NetworkName, isConvolutional, layersOf, networksOf } from '../../engine/networks.ts';
import { layerOf, objectiveIn, positionOf } from '../../engine/objectives.ts';
import type { ActivationMaximization as Figure } from '../../figure/activation-maximization.ts';

/** Every figure of the page. */
function figures(): Figure[] {
  return [...document.querySelectorAll('activation-maximization')].map((it) => it as Figure);
}

/** What each exercise shows in the page as it was written. */
const written = new Map<Figure, { network: string; objective: string | null }>();

/**
 * Shows the exercises with another network in place of theirs.
 *
 * @param network As they were written, if none.
 */
export function showExercisesWith(network: NetworkName | undefined) {
  for (const figure of figures().filter((it) => it.closest('.exercise'))) {
    const was = written.get(figure) ?? {
      network: figure.getAttribute('network') ?? 'mlp',
      objective: figure.getAttribute('objective'),
    };
    written.set(figure, was);
    figure.setAttribute('network', network ? instead(was.network, network) : was.network);
    put(figure, 'objective', network ? objectiveFor(was.objective, network) : was.objective);
    figure.dispatchEvent(new CustomEvent('change'));
  }
}

/** A choice with a network in place of one that is most like it. */
export function instead(choice: string, network: NetworkName) {
  const readable = choice === 'both' ? 'mlp,lenet5' : choice;
  const names = networksOf(readable);
  const like = names.findIndex((it) => isConvolutional(it) === isConvolutional(network));
  names[Math.max(0, like)] = network;
  return names.join(',');
}

/** An objective that a network has: instead of a layer that it lacks, its last one of that kind, or its last. */
export function objectiveFor(objective: string | null, network: NetworkName) {
  if (objective === null || layerOf(objective) === undefined) {
    return objective;
  }
  const position = positionOf(objective);
  const objectives = (layersOf(network) ?? []).map(([layer, , map]) => objectiveIn(layer, map && position));
  const alike = objectives.filter((it) => it.split('-')[0] === objective.split('-')[0]);
  return objectives.some((it) => it === objective) ? objective : (alike.at(-1) ?? objectives.at(-1) ?? null);
}

/**
 * Takes a network out of all figures, before it is removed.
 *
 * @returns Whether any of them showed it.
 */
export function withdraw(network: NetworkName): boolean {
  let shown = false;
  for (const figure of figures()) {
    const names = networksOf(figure.settings.network);
    if (names.includes(network)) {
      shown = true;
      put(figure, 'at', null);
      put(figure, 'row', null);
      figure.setAttribute('network', names.filter((it) => it !== network).join(',') || 'mlp');
      figure.dispatchEvent(new CustomEvent('change'));
    }
  }
  return shown;
}

function put(figure: Figure, name: string, value: string | null) {
  if (value === null) {
    figure.removeAttribute(name);
  } else {
    figure.setAttribute(name, value);
  }
}
