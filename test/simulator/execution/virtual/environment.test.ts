import { expect, test } from '@jest/globals';
import { createEnvironment } from '../../../../src/simulator/execution/virtual/environment.ts';
import { createLoop } from '../../../../src/simulator/execution/virtual/loop.ts';

function prepare(skewMs = 0) {
  const loop = createLoop(1_000);
  const failures: string[] = [];
  const environment = createEnvironment({
    worker: 'worker-1',
    loop,
    skewMs,
    onFailed: (error) => failures.push(error),
  });
  const happened: string[] = [];
  const at = (atMs: number, word: string) =>
    environment.at(atMs, () => happened.push(`${word} at ${loop.now()}`));
  return { loop, environment, happened, at, failures };
}

test('its clock may differ from the world, but not its timers', async () => {
  const { loop, environment, happened, at } = prepare(5_000);
  at(1_010, 'timer');
  await loop.pause(20);
  expect(happened).toEqual(['timer at 1010']);
  expect([environment.now(), environment.worldNow()]).toEqual([6_020, 1_020]);
});

test('callbacks due while it is frozen run once it is thawed, in order', async () => {
  const { loop, environment, happened, at } = prepare();
  environment.freeze();
  at(1_010, 'first');
  at(1_020, 'second');
  at(1_500, 'third');
  await loop.pause(100);
  expect(happened).toEqual([]);
  environment.thaw();
  await loop.pause(1_000);
  expect(happened).toEqual(['first at 1100', 'second at 1100', 'third at 1500']);
});

test('a callback cancelled while the environment is frozen does not run', async () => {
  const { loop, environment, happened, at } = prepare();
  environment.freeze();
  const cancel = at(1_010, 'cancelled');
  await loop.pause(100);
  cancel();
  environment.thaw();
  await loop.pause(100);
  expect(happened).toEqual([]);
});

test('no callback runs in a dead environment, even after a thaw', async () => {
  const { loop, environment, happened, at, failures } = prepare();
  environment.freeze();
  at(1_010, 'waiting');
  await loop.pause(20);
  environment.kill();
  at(1_030, 'later');
  environment.thaw();
  environment.freeze();
  environment.fail('too late');
  await loop.pause(100);
  expect([happened, environment.isDead(), failures]).toEqual([[], true, []]);
});
