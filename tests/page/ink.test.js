// @ts-check
// Ink as numbers: strokes have the area that geometry gives them, erasing undoes them, and pictures lie
// in the middle; and work that answers to fast changes is done once a frame and once at a time.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { Ink, SIDE } from '../../www/src/page/drawing/ink.ts';
import { Latest } from '../../www/src/page/drawing/latest.ts';

const area = (/** @type {Ink} */ ink) => ink.values.reduce((sum, it) => sum + it, 0);
const inside = fc.record({ x: fc.double({ min: 40, max: 240, noNaN: true }), y: fc.double({ min: 40, max: 240, noNaN: true }) });
const anywhere = fc.record({ x: fc.double({ min: -900, max: 900, noNaN: true }), y: fc.double({ min: -900, max: 900, noNaN: true }) });

test('a stroke covers a bar with two half discs, wherever it is and in whatever direction', () => {
  fc.assert(
    fc.property(inside, inside, fc.double({ min: 6, max: 40, noNaN: true }), (from, to, width) => {
      const ink = new Ink();
      ink.stroke(from, to, width, 'draws');
      const length = Math.hypot(to.x - from.x, to.y - from.y);
      const discs = Math.PI * (width / 2) ** 2;
      const exact = width * length + discs;
      // Along an exact diagonal, pixels meet the edge at distances of 1/√2 alone. There a ramp of one pixel's
      // width is up to 1/16 off at each edge (Euler and Maclaurin); in other directions errors cancel out.
      const allowed = length / 8 + 0.01 * discs + 1;
      assert.ok(Math.abs(area(ink) - exact) < allowed, `${area(ink)}, not ${exact}`);
    }),
  );
});

test('what changes lies in the box that is told, on the paper, and is ink from 0 to 1', () => {
  fc.assert(
    fc.property(anywhere, anywhere, fc.constantFrom(/** @type {const} */ ('draws'), /** @type {const} */ ('erases')), (from, to, what) => {
      const ink = new Ink();
      ink.values.fill(0.5);
      const { left, top, right, bottom } = ink.stroke(from, to, 22, what);
      assert.ok(left >= 0 && top >= 0 && right <= SIDE && bottom <= SIDE);
      for (const [at, value] of ink.values.entries()) {
        const [x, y] = [at % SIDE, Math.floor(at / SIDE)];
        assert.ok(value >= 0 && value <= 1);
        assert.ok(value === 0.5 || (x >= left && x < right && y >= top && y < bottom), `${x}, ${y}`);
      }
    }),
    { numRuns: 50 },
  );
});

test('drawn twice is drawn once; erased, it is gone', () => {
  const ink = new Ink();
  const [a, b] = [{ x: 50.3, y: 60.8 }, { x: 200.1, y: 140.4 }];
  ink.stroke(a, b, 22, 'draws');
  const once = ink.values.slice();
  ink.stroke(a, b, 22, 'draws');
  assert.deepEqual(ink.values, once);
  ink.stroke(a, b, 26, 'erases');
  assert.equal(area(ink), 0);
});

test('a picture lies in the middle, and takes the place of everything', () => {
  const ink = new Ink();
  ink.stroke({ x: 5, y: 5 }, { x: 275, y: 275 }, 30, 'draws');
  ink.put({ ink: new Float32Array(280 * 100).fill(1), width: 280 });
  assert.equal(area(ink), 280 * 100);
  assert.deepEqual([ink.values[89 * SIDE], ink.values[90 * SIDE], ink.values[189 * SIDE], ink.values[190 * SIDE]], [0, 1, 1, 0]);
});

test('asked for often, work is done once a frame, once at a time, and once more after the last change', async () => {
  /** @type {(() => void)[]} */
  const frames = [];
  Object.assign(globalThis, { requestAnimationFrame: (/** @type {() => void} */ next) => frames.push(next) });
  const frame = async () => {
    frames.splice(0).forEach((it) => it());
    await new Promise((resolve) => setImmediate(resolve));
  };
  let value = 0;
  /** @type {number[]} */
  const seen = [];
  /** @type {(() => void)[]} */
  const ends = [];
  const latest = new Latest(() => {
    seen.push(value);
    return new Promise((resolve) => ends.push(() => resolve(undefined)));
  });
  const ask = (/** @type {number} */ of) => {
    value = of;
    latest.ask();
  };
  assert.equal(latest.isDone, true);
  [1, 2, 3].forEach(ask);
  assert.deepEqual(seen, []);
  assert.equal(frames.length, 1);
  await frame();
  assert.deepEqual(seen, [3]);
  [4, 5, 6].forEach(ask);
  await frame();
  assert.deepEqual(seen, [3], 'one at a time');
  ends.shift()?.();
  await frame();
  await frame();
  assert.deepEqual(seen, [3, 6], 'the last of them');
  assert.equal(latest.isDone, false);
  ends.shift()?.();
  await frame();
  await frame();
  assert.deepEqual(seen, [3, 6]);
  assert.equal(latest.isDone, true);
});
