import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, test } from '@jest/globals';
import { createLoop } from '../../../../src/simulator/execution/virtual/loop.ts';

test('what is due earlier happens earlier, and of two at once the one scheduled first', async () => {
  const loop = createLoop(1_000);
  const happened: string[] = [];
  const say = (word: string) => () => void happened.push(`${word} at ${loop.now()}`);
  loop.at(1_030, say('late'));
  loop.at(1_010, say('first'));
  loop.at(1_010, say('second'));
  loop.at(0, say('overdue'));
  await loop.pause(100);
  expect(happened).toEqual(['overdue at 1000', 'first at 1010', 'second at 1010', 'late at 1030']);
  expect(loop.now()).toBe(1_100);
});

test('a day costs no time', async () => {
  const loop = createLoop(0);
  await loop.pause(24 * 3600 * 1000);
  expect(loop.now()).toBe(24 * 3600 * 1000);
});

test('what was called off does not happen, and what it waited for is not waited for', async () => {
  const loop = createLoop(0);
  const happened: string[] = [];
  const callOff = loop.at(10, () => happened.push('called off'));
  callOff();
  loop.at(20, () => happened.push('other'));
  await loop.pause(30);
  expect(happened).toEqual(['other']);
});

test('the clock moves only when nothing is left to do without it', async () => {
  const loop = createLoop(0);
  const seen: number[] = [];
  loop.at(50, () => {});
  for (let round = 0; round < 20; round++) {
    await Promise.resolve();
    seen.push(loop.now());
  }
  expect(new Set(seen)).toEqual(new Set([0]));
});

test('the clock stands while something real is waited for', async () => {
  const loop = createLoop(0);
  const happened: string[] = [];
  const outside = loop.outside(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    happened.push(`outside at ${loop.now()}`);
  });
  loop.at(10, () => happened.push('inside'));
  await outside;
  await loop.pause(20);
  expect(happened).toEqual(['outside at 0', 'inside']);
});

test('a hold ends once, however often it is ended', async () => {
  const loop = createLoop(0);
  const [first, second] = [loop.hold(), loop.hold()];
  first();
  first();
  let isOver = false;
  const pause = loop.pause(10).then(() => {
    isOver = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(isOver).toBe(false);
  second();
  await pause;
});

test('nothing happens after the stop', async () => {
  const loop = createLoop(0);
  let happened = 0;
  loop.at(10, () => happened++);
  loop.stop();
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect([happened, loop.now()]).toEqual([0, 0]);
});

test('what happens does not happen in the context of whoever scheduled it', async () => {
  const loop = createLoop(0);
  const context = new AsyncLocalStorage<string>();
  const seen: unknown[] = [];
  context.run('somebody', () => loop.at(10, () => seen.push(context.getStore())));
  await loop.pause(20);
  expect(seen).toEqual([undefined]);
});

test('with a turn a step, ticks after ticks come before the clock moves', async () => {
  const loop = createLoop(0, 1);
  let ticks = 0;
  const tick = (left: number): void => {
    ticks++;
    if (left > 0) process.nextTick(() => Promise.resolve().then(() => tick(left - 1)));
  };
  loop.at(10, () => tick(30));
  const seen = await new Promise((resolve) => loop.at(11, () => resolve(ticks)));
  expect(seen).toBe(31);
});
