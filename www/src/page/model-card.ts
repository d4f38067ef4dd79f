// What is known of the networks: of those that are shipped, the model card in their files; of one's
// own, what was found out when it was brought.

import type { Card } from '../engine/engine.ts';
import { type NetworkName, ownNetwork, titleOf } from '../engine/networks.ts';
import { h } from '../figure/dom.ts';
import { reserve } from '../figure/reserved.ts';

/**
 * How much there is on the cards of the networks that are shipped: the letters of each paragraph, and
 * the epochs. A card that says something else is as large as it must be.
 */
const ROOM: Record<string, { letters: number[]; epochs: number }> = {
  mlp: { letters: [88, 104, 145], epochs: 3 },
  lenet5: { letters: [128, 104, 145], epochs: 3 },
  control: { letters: [128, 140, 145, 116], epochs: 8 },
  robust: { letters: [128, 190, 145, 116], epochs: 8 },
};

/**
 * A card's place, until its file is there.
 *
 * @param network That is shipped.
 */
export function placeOfCard(network: NetworkName) {
  const { letters, epochs } = ROOM[network];
  const paragraphs = letters.map((count) => {
    const words = paragraph('');
    reserve(words, 'words '.repeat(Math.floor(count / 6.5)));
    return words;
  });
  const rows = Array.from({ length: epochs + 1 }, () => h('tr', {}, h('td', {}, '\u00a0')));
  return h(
    'div',
    { className: 'model-card' },
    h('div', {}, h('h4', {}, titleOf(network)), ...paragraphs),
    h('table', { ariaHidden: 'true' }, h('tbody', {}, ...rows)),
  );
}

/** @param network That is shipped. */
export function showCard(element: HTMLElement, network: NetworkName, card: Card | undefined) {
  if (!card) {
    element.textContent = 'The file of this network has no model card.';
    return;
  }
  const gap = 100 * (card.accuracy.train - card.accuracy.test);
  const text = document.createElement('div');
  text.append(
    h('h4', {}, titleOf(network)),
    paragraph(`${capitalized(card.description)}. Its parameters are frozen.`),
    paragraph(`Trained on ${card.date} from seed ${card.seed}: ${card.training}.`),
    paragraph(
      `It reads ${percent(card.accuracy.test)} of the 10,000 test images right. That is ` +
        `${Math.abs(gap).toFixed(1)} percentage points ${gap >= 0 ? 'below' : 'above'} the images ` +
        `it was trained on: the gap is what overfitting looks like.`,
    ),
  );
  if (card.robust) {
    text.append(
      paragraph(
        `Of test images that are changed to mislead it (${card.robust.attack}), it still reads ` +
          `${percent(card.robust.accuracy)} right.`,
      ),
    );
  }
  element.replaceChildren(text, table(card));
}

/** @param network That somebody brought. */
export function showOwn(network: NetworkName, onRemove: () => void) {
  const { name, description, parameters, reads } = ownNetwork(network)!;
  const remove = h('button', { type: 'button' }, `Remove ${name}`);
  remove.addEventListener('click', onRemove);
  return h(
    'div',
    { className: 'model-card own' },
    h(
      'div',
      {},
      h('h4', {}, name),
      paragraph(`${capitalized(description)}. ${parameters.toLocaleString('en')} parameters, frozen.`),
      paragraph(`It reads ${reads} of the 100 prototypes. The file is in this browser only.`),
    ),
    remove,
  );
}

function table(card: Card) {
  const table = document.createElement('table');
  const head = table.createTHead().insertRow();
  for (const title of ['Accuracy', 'train', 'validation', 'test']) {
    const cell = document.createElement('th');
    cell.scope = 'col';
    cell.textContent = title;
    head.append(cell);
  }
  const body = table.createTBody();
  const rows = card.epochs.slice(0, -1).map((epoch, index) => ({
    name: `epoch ${index + 1}`,
    cells: [percent(epoch.train), percent(epoch.validation), ''],
  }));
  const { train, validation, test } = card.accuracy;
  rows.push({
    name: `epoch ${card.epochs.length}`,
    cells: [percent(train), percent(validation), percent(test)],
  });
  for (const { name, cells } of rows) {
    const row = body.insertRow();
    const heading = document.createElement('th');
    heading.scope = 'row';
    heading.textContent = name;
    row.append(heading);
    for (const cell of cells) {
      row.insertCell().textContent = cell;
    }
  }
  return table;
}

function paragraph(text: string) {
  const element = document.createElement('p');
  element.textContent = text;
  return element;
}

function capitalized(text: string) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function percent(fraction: number) {
  return `${(100 * fraction).toFixed(2)}%`;
}
