/** Handlers from files: what they find around them, and what becomes of those that misbehave. */
import { fileURLToPath } from 'node:url';
import { expect, jest, test } from '@jest/globals';
import type { RunOptions } from '../../../../src/simulator/model/run-options.ts';
import { runElsewhere } from '../../worlds/memory/memory-run.ts';

jest.setTimeout(60_000);

const file = (name: string) =>
  `${fileURLToPath(new URL('../../worlds/memory/handlers/', import.meta.url))}${name}`;
const SMALL = { count: 30, shuffle: false } as const;
const runOf = async (handler: string, options: Partial<RunOptions> = {}) => {
  const [result] = await runElsewhere([{ ...SMALL, handler: file(handler), ...options }]);
  if (result === undefined) throw new Error('no result');
  return result;
};

test('time and chance are virtual, and the same each time', async () => {
  const run = { ...SMALL, count: 2, handler: file('clock.ts') };
  const [first, second, other] = await runElsewhere([run, run, { ...run, seed: 'other' }]);
  const seen = JSON.parse(first?.output[0] ?? '{}');
  expect(seen).toMatchObject({
    lasting: {
      setTimeout: 5_000,
      promises: 4_000,
      promisified: 3_000,
      scheduler: 2_500,
      ticks: 3_000,
      setInterval: 6_000,
      immediate: 0,
      abort: 1_500,
      hrtime: 25,
    },
    year: [2017, 2017],
    isDate: true,
    loaded: true,
  });
  expect(new Set(seen.chance).size).toBe(6);
  expect(second?.output).toEqual(first?.output);
  expect(second?.historyHash).toBe(first?.historyHash);
  expect(JSON.parse(other?.output[0] ?? '{}').chance).not.toEqual(seen.chance);
  expect(first?.notes).toEqual([]);
});

test('what would end a process ends its worker and its invocation, and not the run', async () => {
  const { verdict, failures, figures } = await runOf('fails.ts', { shards: 1 });
  expect([verdict, failures]).toEqual(['converged', []]);
  expect(figures.delivery.outcomes['crashed']).toBe(5);
});

test('what is computed at once is no escape, and callbacks and numbers of timers do what they do', async () => {
  const { output, notes, historyHash } = await runOf('computes.ts', { count: 2 });
  const seen = {
    text: 'once',
    key: expect.stringMatching(/^[0-9a-f]{8}$/),
    isIn: true,
    fired: false,
  };
  expect(JSON.parse(output[0] ?? '{}')).toEqual(seen);
  expect(notes).toEqual([]);
  expect(historyHash).toBeDefined();
});

test('module state lives as long as its worker, that of imported files too', async () => {
  const faults = { 'worker-lost': 0.3 };
  const { output } = await runOf('counts.ts', { shards: 1, batchSize: 1, faults });
  for (const line of output) expect(line).toMatch(/^(\d+) \1 \1$/);
  const counts = output.map((line) => Number(line.split(' ')[0]));
  expect(counts.filter((count) => count === 1).length).toBeGreaterThan(2);
  expect(Math.max(...counts)).toBeGreaterThan(2);
});

test('CommonJS that answers by callback', async () => {
  const faults = { 'worker-lost': 0.5 };
  const { output, notes, figures } = await runOf('callback.cjs', {
    batchSize: 2,
    shards: 1,
    faults,
  });
  expect(output[0]).toBe('called back 1');
  expect(output.filter((line) => line === 'called back 1').length).toBeGreaterThan(1);
  expect(notes).toEqual([expect.stringContaining('answers by callback')]);
  expect(Object.keys(figures.delivery.outcomes)).toEqual(['success']);
});

test('a document client of its own', async () => {
  const { output } = await runOf('document.ts');
  expect(new Set(output)).toEqual(new Set(['7 a']));
});

test.each(['reads', 'awaits', 'connects'])(
  'one that %s: no promise of determinism',
  async (way) => {
    const { verdict, notes, historyHash, output } = await runOf(`escapes.ts#${way}`);
    expect(notes).toEqual([expect.stringContaining('is not promised')]);
    expect([verdict, historyHash]).toEqual(['converged', undefined]);
    if (way === 'awaits') expect(output[0]).toBe('read within 0 ms');
  },
);

test('one that does nothing of the kind has the promise', async () => {
  const { notes, historyHash } = await runOf('escapes.ts#nothing');
  expect([notes, historyHash]).toEqual([[], expect.stringMatching(/^[0-9a-f]{16}$/)]);
});

test('one that never answers: not converged, and why', async () => {
  const { verdict, failures } = await runOf('never.ts');
  expect(verdict).toBe('unknown');
  expect(failures[0]).toMatchObject({
    kind: 'stalled',
    stall: { cause: 'not-delivered-in-time', boundMs: expect.any(Number) },
  });
});

test('one that is none is told of', async () => {
  await expect(runOf('clock.ts#nobody')).rejects.toThrow('exports no "nobody"');
});
