/** Whole runs of the shipped handler: it converges, the same each time, whatever is asked for. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, jest, test } from '@jest/globals';
import { loadShippedHandler } from '../../../../src/simulator/execution/virtual/shipped.ts';
import { createHistoryHash } from '../../../../src/simulator/history/hash.ts';
import { PROFILES } from '../../../../src/simulator/model/fault-profiles.ts';
import { HISTORY_VERSION, type HistoryRecord } from '../../../../src/simulator/model/history.ts';
import type { RunOptions } from '../../../../src/simulator/model/run-options.ts';
import type { RunResult } from '../../../../src/simulator/model/run-result.ts';
import { runTwice } from '../../../../src/simulator/run/twice.ts';
import { winner } from '../../../../src/simulator/workload/winner/winner.ts';
import { runMemory } from './memory-run.ts';

jest.setTimeout(60_000);

const HEAVY = { faultProfile: { name: 'heavy', ratios: PROFILES.heavy } };

describe('every flag of the local world', () => {
  test.each<[string, Partial<RunOptions>]>([
    ['in order', { shuffle: false, duplicate: 0, delay: 0 }],
    ['in a window', { shuffle: 20 }],
    ['garbage, put twice now and then', { garbage: 0.1, faults: { 'put-answer-lost': 0.3 } }],
    ['repeats', { repeatDelivery: 0.5, batchSize: 20 }],
    ['kills', { kill: 3 }],
    ['a batch window', { batchWindow: 5 }],
    ['lanes', { parallelizationFactor: 4 }],
    ['lanes under faults', { parallelizationFactor: 10, garbage: 0.1, ...HEAVY }],
    ['one shard', { shards: 1 }],
    ['many shards', { shards: 8 }],
    ['random partition keys', { partition: 'random', shards: 4 }],
    ['no bisecting', { bisect: false, ...HEAVY }],
    ['one record a batch', { batchSize: 1, count: 60 }],
    ['as many as there are', { batchSize: 10_000 }],
    ['one product', { entities: { products: 1, users: 1 } }],
  ])('%s', async (_, changes) => {
    const { verdict, failures, figures } = await runMemory({ count: 200, ...changes });
    expect([verdict, failures]).toEqual(['converged', []]);
    expect(figures.quarantined).toBe(figures.disorder.malformed);
    if (changes.garbage) expect(figures.disorder.malformed).toBeGreaterThan(0);
  });
});

describe('determinism', () => {
  const hashOf = async (changes: Partial<RunOptions> = {}) =>
    (await runMemory({ ...HEAVY, ...changes })).historyHash;

  test('the same run has the same history, also beside a busy process; another seed has another', async () => {
    const first = await hashOf();
    const busy = spawn(process.execPath, ['-e', 'for (;;);']);
    try {
      expect(await hashOf()).toBe(first);
    } finally {
      busy.kill('SIGKILL');
      await once(busy, 'exit');
    }
    expect(await hashOf({ seed: 'other' })).not.toBe(first);
  });

  test('what happened is in the hash, and when; what was asked for is not', () => {
    const hashed = (atMs: number, worker: string, seed: string) => {
      const { read, digest } = createHistoryHash();
      read({
        ...{ atMs: 0, type: 'run-started', version: HISTORY_VERSION, workload: '' },
        seed,
        options: {},
      });
      read({ atMs, type: 'worker-started', worker });
      return digest();
    };
    const first = hashed(1, 'worker-1', 'a');
    expect(hashed(1, 'worker-1', 'b')).toBe(first);
    expect(hashed(1.5, 'worker-1', 'a')).not.toBe(first);
    expect(hashed(1, 'worker-2', 'a')).not.toBe(first);
  });

  const result = (changes: Partial<RunResult> & { count?: number }) => {
    const { count = 10, ...more } = changes;
    const base = { verdict: 'converged', failures: [], notes: [], historyHash: 'a' };
    return async () => ({ ...base, options: { count }, ...more }) as unknown as RunResult;
  };
  const never = async (): Promise<RunResult> => {
    throw new Error('done again');
  };

  test.each([
    ['with the same history', {}, result({}), 'converged', 'determinism checked'],
    ['with another', {}, result({ historyHash: 'b' }), 'unknown', undefined],
    ['not, if it is long', { count: 1_000_000 }, never, 'converged', 'determinism not checked'],
    ['not, if it promises nothing', { historyHash: undefined }, never, 'converged', undefined],
  ])('a run is done twice: %s', async (_, first, again, verdict, note) => {
    const { notes, failures, ...ended } = await runTwice(result(first), again);
    expect(ended.verdict).toBe(verdict);
    expect(notes).toEqual(note === undefined ? [] : [expect.stringContaining(note)]);
    const notRepeatable = { kind: 'not-repeatable', first: 'a', second: 'b' };
    expect(failures).toEqual(verdict === 'unknown' ? [notRepeatable] : []);
  });
});

describe('faults', () => {
  test('every one of the heavy profile happens in some run, and all runs converge', async () => {
    const happened = new Map<string, number>();
    for (let seed = 0; seed < 5; seed++) {
      const { verdict, failures, figures } = await runMemory({
        seed: String(seed),
        count: 400,
        ...HEAVY,
      });
      expect([seed, verdict, failures]).toEqual([seed, 'converged', []]);
      for (const [name, fault] of Object.entries(figures.faults)) {
        happened.set(name, (happened.get(name) ?? 0) + fault.happened);
      }
    }
    const never = [...happened].filter(([, times]) => times === 0).map(([name]) => name);
    // All that the shipped handler reads it reads consistently; see counts-from-lagging-index.
    expect(never).toEqual(['stale-read']);
  });

  test('no fault happens after they have stopped', async () => {
    const history: HistoryRecord[] = [];
    // Nothing can be written while this lasts.
    const { verdict } = await runMemory(
      { count: 50, faults: { throttled: 1 } },
      { read: (record) => history.push(record) },
    );
    expect(verdict).toBe('converged');
    const faulty = history.filter((record) => record.type === 'requested' && record.fault);
    expect(faulty.length).toBeGreaterThan(0);
    const stoppedAtMs = faulty.at(-1)?.atMs ?? 0;
    const ended = history.findLast((record) => record.type === 'checkpoint-moved');
    expect(ended?.atMs).toBeGreaterThan(stoppedAtMs);
  });
});

test('a handler that never finishes: not converged, and why', async () => {
  const { verdict, failures } = await runMemory(
    { count: 20 },
    { load: () => () => new Promise(() => {}) },
  );
  expect(verdict).toBe('unknown');
  expect(failures[0]).toMatchObject({
    kind: 'stalled',
    stall: { cause: 'not-delivered-in-time', boundMs: expect.any(Number) },
  });
});

describe('what was discarded is lawfully lost', () => {
  const options = {
    count: 300,
    retryAttempts: 0,
    bisect: false,
    batchSize: 10,
    faults: { crash: 0.1 },
  };

  test('by the handler as it is: unknown', async () => {
    const { verdict, failures, figures } = await runMemory(options);
    expect(figures.delivery.discardedRecords).toBeGreaterThan(0);
    expect(verdict).toBe('unknown');
    const records = figures.delivery.discardedRecords;
    expect(failures[0]).toEqual({ kind: 'discarded', records });
  });

  test('but not what it acknowledged and dropped', async () => {
    const { verdict, failures } = await runMemory(
      { ...options, entities: { products: 40 } },
      {
        load(environment, requestPath, random) {
          const log = { warn: () => {}, error: () => {}, counted: () => {} };
          const right = loadShippedHandler(environment, requestPath, random, {
            stage: 'memory',
            tables: winner.tables,
            log,
          });
          // The last record of each batch is dropped.
          return async (event, context) => {
            const { Records } = event as { Records: unknown[] };
            return (await right)({ Records: Records.slice(0, -1) }, context);
          };
        },
      },
    );
    expect(verdict).toBe('diverged');
    const [first] = failures;
    const isSeen =
      first?.kind === 'invariant' || (first?.kind === 'rows' && (first.unexcused ?? 0) > 0);
    expect([isSeen, first]).toEqual([true, first]);
  });
});

test('the first violation stops the run at that moment', async () => {
  const { verdict, failures, figures } = await runMemory(
    { count: 300 },
    { load: () => async () => ({ batchItemFailures: [] }) },
  );
  expect(verdict).toBe('diverged');
  expect(failures).toEqual([
    expect.objectContaining({
      kind: 'invariant',
      watchPoint: { type: 'checkpoint', eventKind: expect.any(String) },
      message: expect.stringMatching(/ was acknowledged/),
    }),
  ]);
  expect(figures.delivery.deliveredRecords).toBeLessThan(figures.disorder.records);
});
