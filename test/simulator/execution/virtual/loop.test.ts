import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, test } from '@jest/globals';
import { createLoop } from '../../../../src/simulator/execution/virtual/loop.ts';

test('callbacks run in the order of their times, then in the order of scheduling', async () => {
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

test('a virtual day takes no real time', async () => {
  const loop = createLoop(0);
  await loop.pause(24 * 3600 * 1000);
  expect(loop.now()).toBe(24 * 3600 * 1000);
});

test('a cancelled callback does not run, and delays nothing', async () => {
  const loop = createLoop(0);
  const happened: string[] = [];
  const cancel = loop.at(10, () => happened.push('cancelled'));
  cancel();
  loop.at(20, () => happened.push('other'));
  await loop.pause(30);
  expect(happened).toEqual(['other']);
});

test('the clock moves only when everything else waits for it', async () => {
  const loop = createLoop(0);
  const seen: number[] = [];
  loop.at(50, () => {});
  for (let round = 0; round < 20; round++) {
    await Promise.resolve();
    seen.push(loop.now());
  }
  expect(new Set(seen)).toEqual(new Set([0]));
});

test('the clock stops while real work is awaited', async () => {
  const loop = createLoop(0);
  const happened: string[] = [];
  const work = loop.inRealTime(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    happened.push(`real work at ${loop.now()}`);
  });
  loop.at(10, () => happened.push('callback'));
  await work;
  await loop.pause(20);
  expect(happened).toEqual(['real work at 0', 'callback']);
});

test('releasing a hold twice releases it once', async () => {
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

test('no callback runs after the stop', async () => {
  const loop = createLoop(0);
  let happened = 0;
  loop.at(10, () => happened++);
  loop.stop();
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect([happened, loop.now()]).toEqual([0, 0]);
});

test('a callback does not run in the async context that scheduled it', async () => {
  const loop = createLoop(0);
  const context = new AsyncLocalStorage<string>();
  const seen: unknown[] = [];
  context.run('scheduler', () => loop.at(10, () => seen.push(context.getStore())));
  await loop.pause(20);
  expect(seen).toEqual([undefined]);
});

test('with one step a yield, chains of ticks end before the clock moves', async () => {
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
