/** A stream, a function and a driver under a virtual clock: what the delivery machine is tried in. */

import { type Step, step } from '../../../src/simulator/event-source-mapping/machine.ts';
import type {
  Answer,
  DeliveryCommand,
  DeliveryInput,
  DiscardCommand,
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

/** A shard's records by number; key and arrival as given. */
export interface TestShard {
  readonly parents?: readonly string[];
  readonly checkpoint?: string;
  readonly records: readonly StreamRecord[];
  /** When it is closed by a split or merge. */
  readonly closedAtMs?: number;
  /** When it comes to be listed. */
  readonly listedAtMs?: number;
}

export interface TestWorld {
  readonly settings?: Partial<EventSourceMapping>;
  readonly shards: Readonly<Record<string, TestShard>>;
  /** What the function does with a batch; a plain answer takes 10 ms. Success unless given. */
  readonly answer?: (invoke: InvokeCommand, nowMs: number) => Answer | TimedAnswer;
  /** Times at which the mapping is switched, alternately off and on. */
  readonly switchedAtMs?: readonly number[];
  readonly pollFails?: (poll: PollCommand, nowMs: number) => boolean;
  readonly pollTakesMs?: (nowMs: number) => number;
  readonly random?: Random;
  /** The end if it doesn't drain before. */
  readonly untilMs?: number;
  /** Goes on until `untilMs` though it be drained. */
  readonly goesOn?: boolean;
  readonly onStep?: (seen: Seen) => void;
}

export interface TimedAnswer {
  readonly answer: Answer;
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

export const SUCCESS: Answer = { kind: 'returned', value: { batchItemFailures: [] } };
export const THREW: Answer = { kind: 'threw', error: 'Error: boom' };
export const THROTTLED: Answer = { kind: 'throttled' };

export function failing(...sequenceNumbers: readonly string[]): Answer {
  const batchItemFailures = sequenceNumbers.map((itemIdentifier) => ({ itemIdentifier }));
  return { kind: 'returned', value: { batchItemFailures } };
}

/** `count` records from `first` on, arrived at 0; each its own partition key unless given. */
export function records(
  count: number,
  how: {
    shardId?: string;
    first?: number;
    key?: (n: number) => string;
    atMs?: number;
    bytes?: number;
  } = {},
): StreamRecord[] {
  const { shardId = 'A', first = 1, key = String, atMs = 0, bytes = 3 } = how;
  return Array.from({ length: count }, (_, index) => ({
    shardId,
    sequenceNumber: String(first + index),
    partitionKey: key(first + index),
    data: new Uint8Array(bytes),
    arrivedAtMs: atMs,
  }));
}

/** Settings under which a failed batch stays whole. */
export const NO_SPLIT = { bisectOnFailure: false } as const;

/** A stream of one shard. */
export function one(count: number): Readonly<Record<string, TestShard>> {
  return { A: { records: records(count) } };
}

/** Partition keys by number that put odd numbers in the first of two lanes, even ones in the second. */
export function twoLanes(n: number): string {
  const index = (n + 1) % 2;
  const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  return keys.find((key) => laneOf(key, { parallelizationFactor: 2 }) === index) ?? 'none';
}

export function numbers(batch: { readonly records: readonly StreamRecord[] }): string {
  return batch.records.map((record) => record.sequenceNumber).join(' ');
}

/** Runs until drained, or until its time is over. */
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
        const askedAtMs = nowMs;
        at(nowMs + (world.pollTakesMs?.(nowMs) ?? 1), () =>
          polled(world, command, askedAtMs, nowMs),
        );
      } else if (command.type === 'invoke') {
        const given = world.answer?.(command, nowMs) ?? SUCCESS;
        const { answer, tookMs } = 'answer' in given ? given : { answer: given, tookMs: 10 };
        const { invocationId } = command;
        at(nowMs + tookMs, () => ({ type: 'answered', invocationId, answer }));
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
      command.type === 'record' && command.fact.type === 'checkpoint-moved'
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
  askedAtMs: number,
  nowMs: number,
): DeliveryInput {
  const { shardId, from, limit } = poll;
  if (world.pollFails?.(poll, nowMs)) return { type: 'poll-failed', shardId };
  const shard = world.shards[shardId];
  if (shard === undefined) throw new Error(`no shard ${shardId}`);
  const visible = shard.records.filter((record) => record.arrivedAtMs <= nowMs);
  const after = visible.filter((record) => {
    if (from.type === 'LATEST') return record.arrivedAtMs > askedAtMs;
    if (from.type === 'AT_TIMESTAMP') return record.arrivedAtMs >= from.atMs;
    if (from.type === 'TRIM_HORIZON') return true;
    return Number(record.sequenceNumber) > Number(from.sequenceNumber);
  });
  const brought = after.slice(0, limit);
  const ended = shard.closedAtMs !== undefined && shard.closedAtMs <= nowMs;
  return {
    type: 'polled',
    shardId,
    records: brought,
    millisBehindLatest: brought.length < after.length ? 1000 : 0,
    endOfShard: ended && brought.length === after.length,
  };
}
