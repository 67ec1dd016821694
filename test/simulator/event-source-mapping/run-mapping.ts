/** Runs the mapping's state machine against a test stream and function under a virtual clock. */

import { type Step, step } from '../../../src/simulator/event-source-mapping/machine.ts';
import type {
  DeliveryCommand,
  DeliveryInput,
  DiscardCommand,
  InvocationResult,
  InvokeCommand,
  PollCommand,
} from '../../../src/simulator/event-source-mapping/messages.ts';
import { laneOf } from '../../../src/simulator/event-source-mapping/read.ts';
import { isDrained } from '../../../src/simulator/event-source-mapping/selectors.ts';
import {
  type EventSourceMapping,
  eventSourceMapping,
} from '../../../src/simulator/event-source-mapping/settings.ts';
import {
  createMapping,
  type MappingState,
} from '../../../src/simulator/event-source-mapping/state.ts';
import type { Random } from '../../../src/simulator/model/random.ts';
import type { StreamRecord } from '../../../src/simulator/model/stream-record.ts';
import { seededRandom } from '../../../src/simulator/random.ts';

export interface TestShard {
  readonly parents?: readonly string[];
  readonly checkpoint?: string;
  readonly records: readonly StreamRecord[];
  /** When a split or merge closes it. */
  readonly closedAtMs?: number;
  /** When it first appears in a listing. */
  readonly listedAtMs?: number;
}

export interface TestWorld {
  readonly settings?: Partial<EventSourceMapping>;
  readonly shards: Readonly<Record<string, TestShard>>;
  /** The function's result for a batch, after 10 ms unless it is timed. Default: success. */
  readonly invoke?: (invoke: InvokeCommand, nowMs: number) => InvocationResult | TimedResult;
  /** Times at which the mapping is switched, alternately off and on. */
  readonly switchedAtMs?: readonly number[];
  readonly pollFails?: (poll: PollCommand, nowMs: number) => boolean;
  readonly pollTakesMs?: (nowMs: number) => number;
  readonly random?: Random;
  /** When to stop if the mapping is not drained before. */
  readonly untilMs?: number;
  /** Continue until `untilMs` even if the mapping is drained. */
  readonly goesOn?: boolean;
  readonly onStep?: (seen: Seen) => void;
}

export interface TimedResult {
  readonly result: InvocationResult;
  readonly tookMs: number;
}

export interface Seen {
  readonly before: MappingState;
  readonly input: DeliveryInput;
  readonly nowMs: number;
  readonly step: Step;
}

export type Timed<T> = T & { readonly atMs: number };

export interface Ran {
  readonly state: MappingState;
  readonly drained: boolean;
  readonly steps: number;
  readonly endedAtMs: number;
  readonly commands: readonly Timed<DeliveryCommand>[];
  readonly invokes: readonly Timed<InvokeCommand>[];
  readonly polls: readonly Timed<PollCommand>[];
  readonly discards: readonly Timed<DiscardCommand>[];
  /** Sequence numbers of each invocation, joined by spaces. */
  readonly batches: readonly string[];
  /** The checkpoint after each move. */
  readonly checkpoints: readonly string[];
}

export const SUCCESS: InvocationResult = { kind: 'returned', value: { batchItemFailures: [] } };
export const THREW: InvocationResult = { kind: 'threw', error: 'Error: boom' };
export const THROTTLED: InvocationResult = { kind: 'throttled' };

export function failing(...sequenceNumbers: readonly string[]): InvocationResult {
  const batchItemFailures = sequenceNumbers.map((itemIdentifier) => ({ itemIdentifier }));
  return { kind: 'returned', value: { batchItemFailures } };
}

/** Records from `first` on; by default each with its own partition key, and arrived at 0. */
export function records(
  count: number,
  options: {
    shardId?: string;
    first?: number;
    key?: (n: number) => string;
    atMs?: number;
    bytes?: number;
  } = {},
): StreamRecord[] {
  const { shardId = 'A', first = 1, key = String, atMs = 0, bytes = 3 } = options;
  return Array.from({ length: count }, (_, index) => ({
    shardId,
    sequenceNumber: String(first + index),
    partitionKey: key(first + index),
    data: new Uint8Array(bytes),
    arrivedAtMs: atMs,
  }));
}

/** A failed batch stays whole. */
export const NO_SPLIT = { bisectOnFailure: false } as const;

/** A stream of one shard. */
export function one(count: number): Readonly<Record<string, TestShard>> {
  return { A: { records: records(count) } };
}

/** A partition key that puts odd numbers into the first of two lanes, even ones into the second. */
export function twoLanes(n: number): string {
  const index = (n + 1) % 2;
  const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  return keys.find((key) => laneOf(key, { parallelizationFactor: 2 }) === index) ?? 'none';
}

export function numbers(batch: { readonly records: readonly StreamRecord[] }): string {
  return batch.records.map((record) => record.sequenceNumber).join(' ');
}

/** Runs until the mapping is drained, or until `untilMs`. */
export function run(world: TestWorld): Ran {
  const random = world.random ?? seededRandom('seed', 'delivery');
  const untilMs = world.untilMs ?? 3_600_000;
  const agenda: { atMs: number; order: number; input: () => DeliveryInput }[] = [];
  const commands: Timed<DeliveryCommand>[] = [];
  let state = createMapping(
    eventSourceMapping({ retryBackoff: BACKOFF, recordMetadataBytes: 0, ...world.settings }),
  );
  let nowMs = 0;
  let order = 0;
  let steps = 0;
  let wakeAtMs = Number.POSITIVE_INFINITY;
  const at = (atMs: number, input: () => DeliveryInput) =>
    agenda.push({ atMs, order: order++, input });
  const discover = (): DeliveryInput => ({
    type: 'shards-discovered',
    shards: listed(world, nowMs),
  });

  at(0, discover);
  for (const [index, atMs] of (world.switchedAtMs ?? []).entries()) {
    at(atMs, () => ({ type: 'switched', on: index % 2 === 1 }));
  }
  const puts = Object.values(world.shards).flatMap((shard) => shard.records);
  const lastPutMs = puts.reduce((last, record) => Math.max(last, record.arrivedAtMs), 0);

  for (;;) {
    agenda.sort((left, right) => left.atMs - right.atMs || left.order - right.order);
    const next = agenda[0];
    const isTick = next === undefined || wakeAtMs < next.atMs;
    const nextAtMs = isTick ? wakeAtMs : next.atMs;
    if (nextAtMs > untilMs || nextAtMs === Number.POSITIVE_INFINITY) break;
    nowMs = Math.max(nowMs, nextAtMs);
    if (isTick) wakeAtMs = Number.POSITIVE_INFINITY;
    else agenda.shift();
    const input: DeliveryInput = isTick ? { type: 'tick' } : next.input();
    const before = state;
    const stepped = step(state, input, nowMs, random);
    state = stepped.state;
    steps++;
    world.onStep?.({ before, input, nowMs, step: stepped });
    for (const command of stepped.commands) {
      commands.push({ ...command, atMs: command.type === 'wake' ? command.atMs : nowMs });
      if (command.type === 'wake') wakeAtMs = command.atMs;
      else if (command.type === 'discover') at(nowMs + 5, discover);
      else if (command.type === 'poll') {
        const sentAtMs = nowMs;
        at(nowMs + (world.pollTakesMs?.(nowMs) ?? 1), () =>
          polled(world, command, sentAtMs, nowMs),
        );
      } else if (command.type === 'invoke') {
        const returned = world.invoke?.(command, nowMs) ?? SUCCESS;
        const { result, tookMs } =
          'result' in returned ? returned : { result: returned, tookMs: 10 };
        const { invocationId } = command;
        at(nowMs + tookMs, () => ({ type: 'answered', invocationId, result }));
      }
    }
    if (!world.goesOn && isDrained(state, lastPutMs)) break;
  }
  const invokes = commands.filter((command) => command.type === 'invoke');
  return {
    state,
    drained: isDrained(state, lastPutMs),
    steps,
    endedAtMs: nowMs,
    commands,
    invokes,
    polls: commands.filter((command) => command.type === 'poll'),
    discards: commands.filter((command) => command.type === 'discard'),
    batches: invokes.map(numbers),
    checkpoints: commands.flatMap((command) =>
      command.type === 'append' && command.fact.type === 'checkpoint-moved'
        ? [command.fact.sequenceNumber]
        : [],
    ),
  };
}

const BACKOFF = { firstMs: 100, maxMs: 10_000, factor: 2, jitterRatio: 0 };

function listed(world: TestWorld, nowMs: number) {
  return Object.entries(world.shards)
    .filter(([, shard]) => (shard.listedAtMs ?? 0) <= nowMs)
    .map(([shardId, { parents = [], checkpoint }]) => ({
      shardId,
      parents,
      ...(checkpoint === undefined ? {} : { checkpoint }),
    }));
}

function polled(
  world: TestWorld,
  poll: PollCommand,
  sentAtMs: number,
  nowMs: number,
): DeliveryInput {
  const { shardId, from, limit } = poll;
  if (world.pollFails?.(poll, nowMs)) return { type: 'poll-failed', shardId };
  const shard = world.shards[shardId];
  if (shard === undefined) throw new Error(`no shard ${shardId}`);
  const visible = shard.records.filter((record) => record.arrivedAtMs <= nowMs);
  const after = visible.filter((record) => {
    if (from.type === 'LATEST') return record.arrivedAtMs > sentAtMs;
    if (from.type === 'AT_TIMESTAMP') return record.arrivedAtMs >= from.atMs;
    if (from.type === 'TRIM_HORIZON') return true;
    return Number(record.sequenceNumber) > Number(from.sequenceNumber);
  });
  const records = after.slice(0, limit);
  const ended = shard.closedAtMs !== undefined && shard.closedAtMs <= nowMs;
  return {
    type: 'polled',
    shardId,
    records,
    millisBehindLatest: records.length < after.length ? 1000 : 0,
    endOfShard: ended && records.length === after.length,
  };
}
