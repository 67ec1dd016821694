import { expect, test } from '@jest/globals';
import { withKills } from '../../../../src/simulator/dynamodb/faults/kills.ts';
import { createGateway } from '../../../../src/simulator/dynamodb/gateway/gateway.ts';
import type { GatewayResponse } from '../../../../src/simulator/dynamodb/gateway/request.ts';
import { createHistory } from '../../../../src/simulator/history/history.ts';
import type { HistoryRecord, InvocationKilled } from '../../../../src/simulator/model/history.ts';
import { seededRandom } from '../../../../src/simulator/random.ts';
import { OK, REFUSED } from './faulty-gateway.ts';

interface Setup {
  readonly kills: number;
  readonly batches: number;
  readonly seed?: string;
  readonly respond?: () => GatewayResponse;
  readonly isRunning?: () => boolean;
}

function killing({
  kills,
  batches,
  seed = 'S',
  respond = () => OK,
  isRunning = () => true,
}: Setup) {
  const killed: InvocationKilled[] = [];
  const struck: number[] = [];
  let applied = 0;
  const read = (record: HistoryRecord) =>
    record.type === 'invocation-killed' && killed.push(record);
  const history = createHistory(() => 0, [read]);
  const gateway = withKills(
    createGateway({
      history,
      forward: async () => {
        applied++;
        return respond();
      },
    }),
    {
      kills,
      batches,
      random: seededRandom(seed, 'kills'),
      history,
      kill: (_, invocation) => {
        if (isRunning()) struck.push(invocation);
        return isRunning();
      },
    },
  );
  const send = (invocation: number, operation = 'PutItem') =>
    gateway.handle({ operation, input: { TableName: 'T' }, worker: 'w', invocation });
  /** Runs invocations that send this many writes each, unless they are killed. */
  const work = async (invocations: number, writes: number) => {
    for (let invocation = 1; invocation <= invocations; invocation++) {
      for (let write = 0; write < writes; write++) {
        if ((await send(invocation)).kind === 'lost') break;
      }
    }
  };
  return { send, work, killed, struck, applied: () => applied };
}

test('kills as many as asked, each once, between two writes', async () => {
  for (const seed of ['a', 'b', 'c', 'd', 'e', 'f']) {
    const { work, killed, struck } = killing({ kills: 5, batches: 24, seed });
    await work(30, 20);
    expect(killed).toHaveLength(5);
    expect(new Set(struck).size).toBe(5);
    expect(struck).toEqual(killed.map(({ invocation }) => invocation));
    for (const { acknowledgedWrites } of killed) {
      expect(acknowledgedWrites).toBeGreaterThanOrEqual(1);
      expect(acknowledgedWrites).toBeLessThan(20);
    }
  }
});

test('kills all over the run, after few writes and many, forwarding the last write or not', async () => {
  const killed: InvocationKilled[] = [];
  for (let seed = 0; seed < 30; seed++) {
    const run = killing({ kills: 3, batches: 30, seed: String(seed) });
    await run.work(33, 40);
    killed.push(...run.killed);
  }
  expect(killed).toHaveLength(90);
  const early = killed.filter(({ invocation }) => invocation <= 10).length;
  const late = killed.filter(({ invocation }) => invocation > 20).length;
  expect(early).toBeGreaterThan(15);
  expect(late).toBeGreaterThan(5);
  const after = killed.map(({ acknowledgedWrites }) => acknowledgedWrites);
  expect(Math.min(...after)).toBe(1);
  expect(Math.max(...after)).toBeGreaterThan(10);
  expect(new Set(killed.map((each) => each.lastWriteForwarded))).toEqual(new Set([true, false]));
});

test('batches of two writes are enough', async () => {
  const { work, killed } = killing({ kills: 5, batches: 10 });
  await work(30, 2);
  expect(killed.map(({ acknowledgedWrites }) => acknowledgedWrites)).toEqual([1, 1, 1, 1, 1]);
});

test('with more kills than batches, some invocations still succeed', async () => {
  const { work, killed } = killing({ kills: 1_000, batches: 5 });
  await work(200, 3);
  expect(killed.length).toBeGreaterThan(100);
  expect(killed.length).toBeLessThan(200);
});

test.each<[string, Partial<Setup>, (send: Send) => Promise<void>]>([
  ['by reads', {}, (send) => many(send, 1, 'Query')],
  ['outside any invocation', {}, (send) => many(send, 0, 'PutItem')],
  ['after refused writes only', { respond: () => REFUSED }, (send) => many(send, 1, 'PutItem')],
  ['once the invocation is over', { isRunning: () => false }, (send) => many(send, 1, 'PutItem')],
  ['unless asked for', { kills: 0 }, (send) => many(send, 1, 'PutItem')],
])('no worker is killed %s', async (_, setup, work) => {
  const { send, killed, struck, applied } = killing({ kills: 50, batches: 1, ...setup });
  await work(send);
  expect(killed).toEqual([]);
  expect(struck).toEqual([]);
  // Each request was applied once.
  expect(applied()).toBe(50);
});

type Send = ReturnType<typeof killing>['send'];

async function many(send: Send, invocation: number, operation: string): Promise<void> {
  for (let times = 0; times < 50; times++) {
    expect((await send(invocation, operation)).kind).toBe('response');
  }
}
