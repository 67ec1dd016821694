/** Prints time and random values as a handler sees them. */
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { setTimeout as pauseOf, scheduler, setInterval as ticks } from 'node:timers/promises';
import { promisify } from 'node:util';

const loadedAt = Date.now();

async function lasts(work: () => unknown): Promise<number> {
  const before = Date.now();
  await work();
  return Date.now() - before;
}

async function thrice(): Promise<void> {
  let left = 3;
  for await (const _ of ticks(1_000)) if (--left === 0) return;
}

const threeIntervals = () =>
  new Promise<void>((resolve) => {
    let left = 3;
    const timer = setInterval(() => {
      if (--left > 0) return;
      clearInterval(timer);
      resolve();
    }, 2_000);
  });

export async function handler() {
  const cleared = setTimeout(() => console.log('a cleared timer fired'), 10);
  clearTimeout(cleared);
  const [seconds] = process.hrtime();
  const lasting = {
    setTimeout: await lasts(() => new Promise((resolve) => setTimeout(resolve, 5_000))),
    promises: await lasts(() => pauseOf(4_000)),
    promisified: await lasts(() => promisify(setTimeout)(3_000)),
    scheduler: await lasts(() => scheduler.wait(2_500)),
    ticks: await lasts(thrice),
    setInterval: await lasts(threeIntervals),
    immediate: await lasts(() => new Promise((resolve) => setImmediate(resolve))),
    abort: await lasts(
      () => new Promise((resolve) => AbortSignal.timeout(1_500).addEventListener('abort', resolve)),
    ),
    hrtime: process.hrtime([seconds, 0])[0],
  };
  const random = [
    Math.random(),
    randomUUID(),
    crypto.randomUUID(),
    randomInt(1_000_000),
    randomBytes(4).toString('hex'),
    crypto.getRandomValues(new Uint8Array(4)).join(),
  ];
  const year = [new Date(), new Date(Date.now())].map((date) => date.getFullYear());
  const isDate = new Date() instanceof Date && new Date(0).getTime() === 0;
  console.log(JSON.stringify({ lasting, random, year, isDate, loaded: Date.now() > loadedAt }));
}
