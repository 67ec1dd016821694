/** Foreign handlers: their environment, and what happens if they misbehave. */
import { fileURLToPath } from 'node:url';
import { expect, jest, test } from '@jest/globals';
import type { RunOptions } from '../../../../src/simulator/model/run-options.ts';
import { runElsewhere } from '../../worlds/memory/memory-run.ts';

jest.setTimeout(60_000);

const file = (name: string) => `${fileURLToPath(new URL('./handlers/', import.meta.url))}${name}`;
const SMALL = { count: 30, shuffle: false } as const;
const runOf = async (handler: string, options: Partial<RunOptions> = {}) => {
  const [result] = await runElsewhere([{ ...SMALL, handler: file(handler), ...options }]);
  if (result === undefined) throw new Error('no result');
  return result;
};

test('time and randomness are virtual, and the same each time', async () => {
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
  expect(new Set(seen.random).size).toBe(6);
  expect(second?.output).toEqual(first?.output);
  expect(second?.historyHash).toBe(first?.historyHash);
  expect(JSON.parse(other?.output[0] ?? '{}').random).not.toEqual(seen.random);
  expect(first?.notes).toEqual([]);
});

test('what would end a process ends its worker and invocation, but not the run', async () => {
  const { verdict, failures, figures } = await runOf('fails.ts', { shards: 1 });
  expect([verdict, failures]).toEqual(['converged', []]);
  expect(figures.delivery.outcomes['crashed']).toBe(5);
});

test('synchronous computations are no escapes, and timer callbacks and ids work', async () => {
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

test('module state lives as long as its worker, also in imported files', async () => {
  const faults = { 'worker-lost': 0.3 };
  const { output } = await runOf('counts.ts', { shards: 1, batchSize: 1, faults });
  for (const line of output) expect(line).toMatch(/^(\d+) \1 \1$/);
  const counts = output.map((line) => Number(line.split(' ')[0]));
  expect(counts.filter((count) => count === 1).length).toBeGreaterThan(2);
  expect(Math.max(...counts)).toBeGreaterThan(2);
});

test('a CommonJS handler with a callback', async () => {
  const faults = { 'worker-lost': 0.5 };
  const { output, notes, figures } = await runOf('callback.cjs', {
    batchSize: 2,
    shards: 1,
    faults,
  });
  expect(output[0]).toBe('called back 1');
  expect(output.filter((line) => line === 'called back 1').length).toBeGreaterThan(1);
  expect(notes).toEqual([expect.stringContaining('uses a callback')]);
  expect(Object.keys(figures.delivery.outcomes)).toEqual(['success']);
});

test('a handler with a document client', async () => {
  const { output } = await runOf('document.ts');
  expect(new Set(output)).toEqual(new Set(['7 a']));
});

test.each(['reads', 'awaits', 'connects'])(
  'a handler that %s: determinism is not promised',
  async (way) => {
    const { verdict, notes, historyHash, output } = await runOf(`escapes.ts#${way}`);
    expect(notes).toEqual([expect.stringContaining('a repeated run may differ')]);
    expect([verdict, historyHash]).toEqual(['converged', undefined]);
    if (way === 'awaits') expect(output[0]).toBe('read within 0 ms');
  },
);

test('a handler that does not escape is deterministic', async () => {
  const { notes, historyHash } = await runOf('escapes.ts#nothing');
  expect([notes, historyHash]).toEqual([[], expect.stringMatching(/^[0-9a-f]{16}$/)]);
});

test('a handler that never responds: unknown, with the reason', async () => {
  const { verdict, failures } = await runOf('never.ts');
  expect(verdict).toBe('unknown');
  expect(failures[0]).toMatchObject({
    kind: 'stalled',
    stall: { cause: 'not-delivered-in-time', boundMs: expect.any(Number) },
  });
});

test('a missing export is an error', async () => {
  await expect(runOf('clock.ts#missing')).rejects.toThrow('exports no "missing"');
});
