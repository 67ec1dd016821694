/** A whole run in a world without servers: its stages, its verdicts, its end. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { defaultOptions } from '../../../src/cli/options/run-options.ts';
import type { InvocationResult } from '../../../src/simulator/event-source-mapping/messages.ts';
import type { HistoryRecord } from '../../../src/simulator/model/history.ts';
import type { RunOptions } from '../../../src/simulator/model/run-options.ts';
import type { Workload } from '../../../src/simulator/model/workload.ts';
import { deliverByMapping } from '../../../src/simulator/run/deliver/mapping.ts';
import { run } from '../../../src/simulator/run/run.ts';
import { winner } from '../../../src/simulator/workload/winner/winner.ts';
import { createTinyWorld, rightHandler, SUCCESS, type TinyHandler, tally } from './tally.ts';

interface Changes<Event> {
  readonly options?: Partial<RunOptions>;
  readonly handler?: TinyHandler;
  readonly workload?: Workload<Event>;
  readonly signal?: AbortSignal;
  readonly read?: (record: HistoryRecord) => void;
}

async function runTiny<Event = number>(changes: Changes<Event> = {}) {
  const workload = changes.workload ?? (tally as unknown as Workload<Event>);
  const world = createTinyWorld(changes.handler);
  const history: HistoryRecord[] = [];
  const defaults = defaultOptions({ seed: 'S', count: 50, shuffle: false });
  let ticks = 0;
  const outcome = run({
    workload,
    options: { ...defaults, ...changes.options },
    world: { now: () => ticks++, open: async () => world },
    deliver: deliverByMapping,
    readers: [(record) => history.push(record), ...(changes.read ? [changes.read] : [])],
    ...(changes.signal === undefined ? {} : { signal: changes.signal }),
  });
  return { outcome, world, history };
}

test('converged: each stage once, in order, and the world closed', async () => {
  const { outcome, world, history } = await runTiny({ options: { garbage: 0.1, duplicate: 0.2 } });
  expect(await outcome).toMatchObject({
    verdict: 'converged',
    failures: [],
    differences: [],
    // Pushed in order, though over two lanes that don't wait for each other.
    figures: { disorder: { malformed: 5, displacementMax: 0 } },
  });
  expect(history.flatMap((record) => (record.type === 'stage-ended' ? record.stage : []))).toEqual([
    'start',
    'generate',
    'disorder',
    'push',
    'deliver',
    'check',
    'stop',
  ]);
  expect(history[0]).toMatchObject({
    type: 'run-started',
    version: 2,
    workload: 'tally',
    seed: 'S',
  });
  expect(history.at(-1)).toMatchObject({ type: 'run-ended', verdict: 'converged' });
  expect(world.tables.get('Bad')?.size).toBe(5);
  expect(world.closed()).toBeGreaterThan(0);
});

describe('diverged', () => {
  test('a row that was never written, with the trace of its event', async () => {
    const { outcome } = await runTiny({
      handler: (texts, tables, command) =>
        rightHandler(
          texts.filter((text) => text !== '7'),
          tables,
          command,
        ),
    });
    const result = await outcome;
    expect(result).toMatchObject({
      verdict: 'diverged',
      failures: [{ kind: 'rows', table: 'Seen', rows: 1 }],
      differencesTotal: 1,
    });
    expect(result.differences[0]).toMatchObject({
      table: 'Seen',
      key: ['7'],
      expected: { id: '7' },
      actual: undefined,
      explanation: { headline: 'event 7' },
    });
    expect(result.differences[0]?.traces[0]?.arrivals).toEqual([
      expect.objectContaining({ deliveries: [{ invocation: 1, outcome: 'success' }] }),
    ]);
  });

  test('a malformed record that was dropped', async () => {
    const { outcome } = await runTiny({
      options: { garbage: 0.1 },
      handler: (texts, tables, command) =>
        rightHandler(
          texts.filter((text) => text !== 'bad 0'),
          tables,
          command,
        ),
    });
    expect(await outcome).toMatchObject({
      verdict: 'diverged',
      failures: [{ kind: 'quarantine', malformed: 5, rows: 4 }],
    });
  });

  test('a table that the handler deleted, the quarantine too', async () => {
    const { outcome } = await runTiny({
      handler: (_texts, tables) => {
        (tables as Map<string, unknown>).clear();
        return SUCCESS;
      },
    });
    const { verdict, failures } = await outcome;
    expect(verdict).toBe('diverged');
    expect(failures).toEqual([
      { kind: 'table-gone', table: 'Seen' },
      { kind: 'table-gone', table: 'Bad' },
      { kind: 'rows', table: 'Seen', rows: 50 },
    ]);
  });

  test('only the first differences are explained, and all are counted', async () => {
    const { outcome } = await runTiny({ handler: () => SUCCESS });
    const { differencesTotal, differences } = await outcome;
    expect([differencesTotal, differences.length]).toEqual([50, 20]);
  });
});

describe('unknown', () => {
  const failing: TinyHandler = () => ({ kind: 'threw', error: 'RangeError: no more' });

  test('a batch that fails for ever is given up, and the last error named', async () => {
    const { outcome } = await runTiny({ handler: failing });
    const { verdict, failures } = await outcome;
    expect(verdict).toBe('unknown');
    const stall = { cause: 'attempts-exhausted', shardId: 'shardId-000000000000', attempts: 40 };
    expect(failures.slice(0, 2)).toEqual([
      { kind: 'stalled', stall },
      { kind: 'handler-error', error: 'RangeError: no more' },
    ]);
  });

  test('discarded batches: whatever the tables lack, the handler was never asked', async () => {
    const { outcome } = await runTiny({ handler: failing, options: { retryAttempts: 1 } });
    expect(await outcome).toMatchObject({
      verdict: 'unknown',
      failures: [
        { kind: 'discarded', records: 50 },
        { kind: 'handler-error', error: 'RangeError: no more' },
        { kind: 'rows', table: 'Seen', rows: 50, unexcused: 0 },
      ],
    });
  });

  test('a handler that never answers is given up before an hour is over', async () => {
    const { outcome } = await runTiny({ handler: () => ({ kind: 'timed-out' }) });
    expect(await outcome).toMatchObject({
      verdict: 'unknown',
      failures: [
        { kind: 'stalled', stall: { cause: 'timeouts-in-a-row', timeouts: 8 } },
        { kind: 'rows', table: 'Seen', rows: 50 },
      ],
    });
  });

  test.each<[number, InvocationResult]>([
    [7, { kind: 'timed-out' }],
    [30, { kind: 'crashed', error: 'gone' }],
    [30, { kind: 'throttled' }],
  ])('a handler that recovers after %d times %j is no stall', async (failures, answer) => {
    let invocations = 0;
    const { outcome } = await runTiny({
      handler: (texts, tables, command) =>
        ++invocations <= failures ? answer : rightHandler(texts, tables, command),
    });
    expect(await outcome).toMatchObject({ verdict: 'converged' });
  });
});

describe('a run that is stopped', () => {
  test.each(['start', 'push', 'deliver', 'check'] as const)(
    'in %s rejects with the reason, and closes its world',
    async (stage) => {
      const controller = new AbortController();
      const { outcome, world } = await runTiny({
        signal: controller.signal,
        read: (record) => {
          if (record.type === 'stage-started' && record.stage === stage) {
            controller.abort(new Error('enough'));
          }
        },
      });
      await expect(outcome).rejects.toThrow('enough');
      expect(world.closed()).toBeGreaterThan(0);
    },
  );

  test('by a world that breaks rejects with its error', async () => {
    const { outcome, world } = await runTiny({
      handler: () => {
        throw new TypeError('a bug of the world');
      },
    });
    await expect(outcome).rejects.toThrow('a bug of the world');
    expect(world.closed()).toBeGreaterThan(0);
  });
});

describe('one seed', () => {
  const hard = { shuffle: true, duplicate: 0.3, delay: 0.2, garbage: 0.1, count: 120 };
  /** What was pushed: each record's bytes and key, in the order of each lane of the push. */
  const pushed = async (seed: string, partition: RunOptions['partition'] = 'key') => {
    const { outcome, world, history } = await runTiny({
      workload: winner,
      options: { ...hard, seed, partition, entities: { products: 5, users: 4 } },
      handler: () => SUCCESS,
    });
    await outcome;
    const hash = createHash('sha256');
    for (const { partitionKey, data } of world.records)
      hash.update(`${partitionKey}\n`).update(data);
    const order = history.flatMap((record) =>
      record.type === 'record-pushed' ? [[record.push, record.event, record.copy]] : [],
    );
    return { hash: hash.digest('hex'), order };
  };

  test.each(['key', 'random'] as const)('pushes the same, by %s', async (partition) => {
    const first = await pushed('one', partition);
    expect(first.order.length).toBeGreaterThan(120);
    expect(await pushed('one', partition)).toEqual(first);
    expect((await pushed('another', partition)).hash).not.toBe(first.hash);
  });

  test.each(["it's", '"', 'a\nb', '🛍️', '', '007', '__proto__'])('may be %j', async (seed) => {
    const first = await pushed(seed);
    expect(await pushed(seed)).toEqual(first);
  });
});
