import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { payloadBytes } from '../../../src/simulator/event-source-mapping/batches.ts';
import { step } from '../../../src/simulator/event-source-mapping/machine.ts';
import type {
  InvocationResult,
  InvokeCommand,
} from '../../../src/simulator/event-source-mapping/messages.ts';
import { inFlight } from '../../../src/simulator/event-source-mapping/selectors.ts';
import type { EventSourceMapping } from '../../../src/simulator/event-source-mapping/settings.ts';
import type { Random } from '../../../src/simulator/model/random.ts';
import { compareSequenceNumbers } from '../../../src/simulator/model/stream-record.ts';
import { below, pick, seededRandom } from '../../../src/simulator/random.ts';
import {
  failing,
  records,
  run,
  type Seen,
  SUCCESS,
  type TestShard,
  type TestWorld,
  THREW,
  THROTTLED,
  type TimedResult,
} from './run-mapping.ts';

const settingsArbitrary = fc.record({
  batchSize: fc.integer({ min: 1, max: 6 }),
  batchWindowMs: fc.constantFrom(0, 0, 300, 2500),
  parallelizationFactor: fc.integer({ min: 1, max: 4 }),
  bisectOnFailure: fc.boolean(),
  startingPosition: fc.constant('TRIM_HORIZON' as const),
  payloadBytesMax: fc.constantFrom(24, 60, 6_000_000),
  bufferRecordsMax: fc.constantFrom(3, 8, 10_000),
  repeatDeliveryRatio: fc.constantFrom(0, 0.3),
  blocksShard: fc.boolean(),
  parentFirst: fc.boolean(),
  rereadOnResume: fc.boolean(),
  rebatchOnRetryRatio: fc.constantFrom(0, 0.5),
  resetRetriesOnProgress: fc.boolean(),
  bisectWithoutProgress: fc.boolean(),
  retryBackoff: fc.constant({ firstMs: 50, maxMs: 1000, factor: 2, jitterRatio: 1 }),
});

/** Three shards, the last a child of the first. Few partition keys, so that records share them. */
function shardsOf(random: Random): Readonly<Record<string, TestShard>> {
  const shard = (shardId: string, first: number, fromMs: number) =>
    Array.from({ length: 1 + below(random, 12) }, (_, index) => {
      return records(1, {
        shardId,
        first: first + index,
        atMs: fromMs + index * below(random, 90),
        key: () => pick(random, ['k', 'l', 'm', 'n', 'o']),
        bytes: below(random, 19),
      });
    })
      .flat()
      .sort((left, right) => left.arrivedAtMs - right.arrivedAtMs)
      .map((record, index) => ({ ...record, sequenceNumber: String(first + index) }));
  return {
    A: { records: shard('A', 1, 0), closedAtMs: 1500 },
    B: { records: shard('B', 1, 0) },
    C: { records: shard('C', 95, 1600), parents: ['A'], listedAtMs: 1500 },
  };
}

/** Results of every kind and duration; only successes after `troubledUntilMs`. */
function functionOf(random: Random, troubledUntilMs: number) {
  return (invoke: InvokeCommand, nowMs: number): TimedResult => {
    const tookMs = 1 + below(random, 400);
    if (nowMs > troubledUntilMs || random() < 0.4) return { result: SUCCESS, tookMs };
    const some = pick(random, invoke.records).sequenceNumber;
    const unknown: InvocationResult = failing('no such number');
    const crashed: InvocationResult = { kind: 'crashed', error: 'SIGKILL' };
    const results = [
      THREW,
      THROTTLED,
      crashed,
      { kind: 'timed-out' } as const,
      failing(some),
      unknown,
    ];
    return { result: pick(random, results), tookMs };
  };
}

function worldOf(
  seed: string,
  settings: Partial<EventSourceMapping>,
  troubledUntilMs: number,
): TestWorld {
  const random = seededRandom(seed, 'world');
  const offAtMs = below(random, 3000);
  const switched =
    random() < 0.5 ? [offAtMs, offAtMs + below(random, pick(random, [90, 3000]))] : [];
  return {
    settings,
    shards: shardsOf(random),
    invoke: functionOf(random, troubledUntilMs),
    pollFails: () => random() < 0.1,
    pollTakesMs: () => below(random, 200),
    switchedAtMs: switched,
    random: seededRandom(seed, 'delivery'),
    untilMs: 600_000,
  };
}

const id = (record: { readonly shardId: string; readonly sequenceNumber: string }) =>
  `${record.shardId}:${record.sequenceNumber}`;

/** Much faster than `expect`. */
function must(holds: boolean, problem: string): void {
  if (!holds) throw new Error(problem);
}

/** Checks the machine's guarantees at every step. */
function observer(world: TestWorld) {
  const done = new Set<string>();
  const delivered = new Set<string>();
  const lastOfKey = new Map<string, string>();
  const bounds = { batchSize: 100, parallelizationFactor: 1, ...world.settings };
  const payloadBytesMax = bounds.payloadBytesMax ?? Number.POSITIVE_INFINITY;
  const rereads = bounds.rereadOnResume !== false && world.switchedAtMs?.length !== 0;

  function onCheckpoint(shardId: string, sequenceNumber: string, earlier: string) {
    must(compareSequenceNumbers(sequenceNumber, earlier) > 0, 'the checkpoint went back');
    for (const record of world.shards[shardId]?.records ?? []) {
      const passed = compareSequenceNumbers(record.sequenceNumber, sequenceNumber) <= 0;
      must(!passed || done.has(id(record)), `the checkpoint passed ${id(record)}`);
    }
  }

  function onInvoke({ records: batch, repeated }: InvokeCommand) {
    must(batch.length > 0 && batch.length <= bounds.batchSize, `batch of ${batch.length}`);
    let bytes = 0;
    for (const record of batch) {
      bytes += payloadBytes(record, { recordMetadataBytes: 0 });
      must(repeated || rereads || !done.has(id(record)), `${id(record)} came again`);
      if (delivered.has(id(record))) continue;
      delivered.add(id(record));
      const key = `${record.shardId} ${record.partitionKey}`;
      const last = lastOfKey.get(key) ?? '0';
      must(compareSequenceNumbers(record.sequenceNumber, last) > 0, `${id(record)} out of order`);
      lastOfKey.set(key, record.sequenceNumber);
    }
    must(bytes <= payloadBytesMax, `payload of ${bytes}`);
  }

  return {
    done,
    delivered,
    onStep({ before, input, nowMs, step: { state, commands } }: Seen) {
      if (input.type === 'answered') {
        const invocation = inFlight(before).find((i) => i.invocationId === input.invocationId);
        acknowledge(done, invocation?.records ?? [], input.result);
      }
      for (const command of commands) {
        if (command.type === 'invoke') onInvoke(command);
        if (command.type === 'discard') for (const record of command.records) done.add(id(record));
        if (command.type === 'append' && command.fact.type === 'checkpoint-moved') {
          const { shardId, sequenceNumber } = command.fact;
          onCheckpoint(shardId, sequenceNumber, before.shards.get(shardId)?.checkpoint ?? '0');
        }
      }
      must(input.type !== 'tick' || state.wakeAtMs > nowMs, 'a tick left something undone');
      for (const shard of state.shards.values()) {
        const first = shard.running.filter((invocation) => !invocation.repeated);
        must(first.length <= bounds.parallelizationFactor, `${first.length} batches at once`);
        const keys = first.flatMap((i) => [...new Set(i.records.map((r) => r.partitionKey))]);
        must(new Set(keys).size === keys.length, 'a partition key is in flight twice');
      }
    },
  };
}

/** Marks what a result acknowledges: the whole batch, or the records before the lowest failure. */
function acknowledge(
  done: Set<string>,
  batch: InvokeCommand['records'],
  result: InvocationResult,
): void {
  if (result.kind !== 'returned') return;
  const { batchItemFailures } = result.value as { batchItemFailures: { itemIdentifier: string }[] };
  const numbers = batchItemFailures.map((failure) => failure.itemIdentifier);
  if (numbers.some((number) => !batch.some((record) => record.sequenceNumber === number))) return;
  const lowest = numbers.sort(compareSequenceNumbers)[0];
  for (const record of batch) {
    if (lowest === undefined || compareSequenceNumbers(record.sequenceNumber, lowest) < 0) {
      done.add(id(record));
    }
  }
}

test('items 3, 5, 6, 9: with unlimited retries, every record is delivered and acknowledged', () => {
  fc.assert(
    fc.property(settingsArbitrary, fc.string(), (settings, seed) => {
      const world = worldOf(seed, settings, 20_000);
      const seen = observer(world);
      const ran = run({ ...world, onStep: seen.onStep });
      expect(ran.drained).toBe(true);
      const oversized = ran.discards.flatMap((discard) => discard.records).map(id);
      for (const record of Object.values(world.shards).flatMap((shard) => shard.records)) {
        const fits = payloadBytes(record, { recordMetadataBytes: 0 }) <= settings.payloadBytesMax;
        expect((fits ? seen.delivered : new Set(oversized)).has(id(record))).toBe(true);
        must(seen.done.has(id(record)), `${id(record)} was lost`);
      }
    }),
    { numRuns: 400 },
  );
});

test('items 9, 13, 14: with few retries and a short age, every record is acknowledged or discarded', () => {
  const bounded = fc.record({
    retryAttemptsMax: fc.integer({ min: 0, max: 3 }),
    recordAgeMsMax: fc.constantFrom(-1, 500, 3000),
  });
  fc.assert(
    fc.property(settingsArbitrary, bounded, fc.string(), (settings, limits, seed) => {
      const world = worldOf(seed, { ...settings, ...limits }, Number.POSITIVE_INFINITY);
      const seen = observer(world);
      const ran = run({ ...world, onStep: seen.onStep });
      expect(ran.drained).toBe(true);
      for (const record of Object.values(world.shards).flatMap((shard) => shard.records)) {
        must(seen.done.has(id(record)), `${id(record)} was lost`);
      }
    }),
    { numRuns: 300 },
  );
});

test('item 9: no batch runs more than N + 1 times without progress, a split or new boundaries', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4 }), fc.string(), (retryAttemptsMax, seed) => {
      const settings = {
        retryAttemptsMax,
        bisectOnFailure: false,
        batchSize: 5,
        repeatDeliveryRatio: 0,
      };
      const ran = run({ ...worldOf(seed, settings, Number.POSITIVE_INFINITY), switchedAtMs: [] });
      const runs = new Map<string, number>();
      const throttled = new Set(
        ran.commands.flatMap((command) =>
          command.type === 'append' &&
          command.fact.type === 'answered' &&
          command.fact.outcome.kind === 'throttled'
            ? [command.fact.invocation]
            : [],
        ),
      );
      for (const invoke of ran.invokes) {
        if (throttled.has(invoke.invocationId)) continue;
        const batch = invoke.records.map(id).join(' ');
        runs.set(batch, (runs.get(batch) ?? 0) + 1);
      }
      expect(Math.max(...runs.values())).toBeLessThanOrEqual(retryAttemptsMax + 1);
    }),
    { numRuns: 100 },
  );
});

test('a step is pure: it accepts frozen states, and the same input gives the same output', () => {
  fc.assert(
    fc.property(settingsArbitrary, fc.string(), (settings, seed) => {
      const steps: (Seen & { draws: number[] })[] = [];
      const inner = seededRandom(seed, 'delivery');
      let draws: number[] = [];
      const random = () => {
        const drawn = inner();
        draws.push(drawn);
        return drawn;
      };
      run({
        ...worldOf(seed, settings, 5000),
        random,
        onStep: (seen) => {
          deepFreeze(seen.step.state);
          deepFreeze(seen.input);
          steps.push({ ...seen, draws });
          draws = [];
        },
      });
      for (const seen of steps) {
        const replayed = [...seen.draws];
        const again = step(seen.before, seen.input, seen.nowMs, () => replayed.shift() ?? 0);
        expect(again).toEqual(seen.step);
      }
    }),
    { numRuns: 30 },
  );
});

test('the same seed gives the same commands', () => {
  fc.assert(
    fc.property(settingsArbitrary, fc.string(), (settings, seed) => {
      const commands = () => run(worldOf(seed, settings, 5000)).commands;
      expect(commands()).toEqual(commands());
    }),
    { numRuns: 30 },
  );
});

/** Also freezes the values of maps, whose methods then throw. */
function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  if (Object.isFrozen(value)) return;
  if (value instanceof Map) {
    const refuse = () => {
      throw new TypeError('a state was changed in place');
    };
    Object.assign(value, { set: refuse, delete: refuse, clear: refuse });
    for (const held of value.values()) deepFreeze(held);
  }
  Object.freeze(value);
  for (const held of Object.values(value)) deepFreeze(held);
}
