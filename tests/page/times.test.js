// @ts-check
// How long an exercise takes, as it says beside its title: its words at the speed at which people read what is new to
// them, and two minutes for each figure.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const WORDS_A_MINUTE = 200;
const MINUTES_A_FIGURE = 2;

const html = readFileSync(fileURLToPath(new URL('../../www/index.html', import.meta.url)), 'utf8');
const exercises = [...html.matchAll(/<article class="exercise[^"]*" id="(exercise-\d+)"[^>]*>([\s\S]*?)<\/article>/g)].map(([, id, body]) => {
  const text = body.replaceAll(/<pre[\s\S]*?<\/pre>|<[^>]+>/g, ' ');
  const words = text.split(/\s+/).filter((it) => /\w/.test(it)).length;
  const figures = body.match(/<activation-maximization|id="(reader|means|reading-test)"/g)?.length ?? 0;
  return { id, stated: Number(/<small>(\d+) min<\/small>/.exec(body)?.[1]), needed: words / WORDS_A_MINUTE + MINUTES_A_FIGURE * figures };
});

test('an exercise says how long it takes, and it is true', () => {
  assert.equal(exercises.length, 11);
  for (const { id, stated, needed } of exercises) {
    assert.ok(Math.abs(stated - needed) <= 0.75, `${id} says ${stated} minutes, and takes ${needed}`);
  }
});

test('the six of the lab take about half an hour', () => {
  const minutes = exercises.slice(0, 6).reduce((sum, { stated }) => sum + stated, 0);
  assert.ok(minutes >= 25 && minutes <= 35, `they take ${minutes}`);
});
