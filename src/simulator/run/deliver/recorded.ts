/**
 * Delivery of batches that another run recorded: the same records together, as often, and one after
 * another where they were. Records that are left over then are delivered until none is, as a
 * mapping would.
 */

import type { DeliveryWorld } from '../../event-source-mapping/delivery-world.ts';
import { type Delivery, invoked } from '../../event-source-mapping/driver.ts';
import type { InvokeCommand, PollPosition } from '../../event-source-mapping/messages.ts';
import { interpretResult } from '../../event-source-mapping/response.ts';
import type { EventSourceMapping } from '../../event-source-mapping/settings.ts';
import type { History } from '../../history/history.ts';
import { acknowledged, type InvocationOutcome } from '../../model/history.ts';
import { recordKey, type StreamRecord } from '../../model/stream-record.ts';
import type { Deliver } from './deliver.ts';
import { deliveringWorld, mappingOf } from './mapping.ts';
import { createStallDetector, drainOrStall } from './stall.ts';

export interface RecordedBatch {
  /** Places among the pushes. */
  readonly records: readonly number[];
  readonly attempt: number;
  readonly repeated: boolean;
  /** Places among the batches: those that must be over before it begins. */
  readonly after: readonly number[];
}

export function deliverRecorded(batches: readonly RecordedBatch[]): Deliver {
  return ({ options, world, history, pushes, requestsMax }) => {
    const ours = deliveringWorld(world);
    const stall = createStallDetector(requestsMax);
    /** By the key of each record: its place among the pushes. */
    const pushOf = new Map<string, number>();
    return {
      read(record) {
        stall.read(record);
        if (record.type === 'record-pushed') pushOf.set(recordKey(record), record.push);
      },
      finish() {
        const parts = { batches, pushOf, pushes: pushes.length, history };
        const settings = mappingOf(options, ours);
        const delivery = startRecorded({ ...parts, settings, world: ours.delivery });
        return drainOrStall(delivery, ours, stall);
      },
    };
  };
}

export interface RecordedParts {
  readonly batches: readonly RecordedBatch[];
  readonly pushOf: ReadonlyMap<string, number>;
  /** How many records were put. */
  readonly pushes: number;
  readonly settings: EventSourceMapping;
  readonly world: DeliveryWorld;
  readonly history: History;
}

export function startRecorded(parts: RecordedParts): Delivery {
  let isStopped = false;
  const done = deliverAll(parts, () => isStopped);
  done.catch(() => {});
  return {
    drained: () => done,
    async stop() {
      isStopped = true;
      await done.catch(() => {});
    },
  };
}

async function deliverAll(parts: RecordedParts, isStopped: () => boolean): Promise<void> {
  const { batches, pushOf, settings } = parts;
  const stored = await readAll(parts.world, parts.pushes);
  const byPush = new Map(stored.map((record) => [pushOf.get(recordKey(record)), record] as const));
  const unacknowledged = new Map(stored.map((record) => [recordKey(record), record]));
  const invoke = createInvoke(parts);
  const deliver = async (
    records: readonly StreamRecord[],
    attempt: number,
    repeated: boolean,
  ): Promise<void> => {
    if (isStopped() || records.length === 0) return;
    const outcome = await invoke(records, attempt, repeated);
    const done = new Set(acknowledged(numbersOf(records), outcome));
    for (const record of records) {
      if (done.has(record.sequenceNumber)) unacknowledged.delete(recordKey(record));
    }
  };
  const begun: Promise<void>[] = [];
  for (const { records, attempt, repeated, after } of batches) {
    const batch = records.flatMap((push) => byPush.get(push) ?? []);
    const earlier = after.map((place) => begun[place]);
    begun.push(Promise.all(earlier).then(() => deliver(batch, attempt, repeated)));
  }
  await Promise.all(begun);
  for (let attempt = 1; unacknowledged.size > 0 && !isStopped(); attempt++) {
    const batch = [...unacknowledged.values()].slice(0, settings.batchSize);
    const before = unacknowledged.size;
    await deliver(batch, attempt, false);
    if (unacknowledged.size < before) attempt = 0;
  }
}

function createInvoke({ world, history, settings }: RecordedParts) {
  let invocations = 0;
  return async (
    records: readonly StreamRecord[],
    attempt: number,
    repeated: boolean,
  ): Promise<InvocationOutcome> => {
    const invocationId = ++invocations;
    const shardId = records[0]?.shardId ?? '';
    const batch = { invocationId, shardId, lane: 0, attempt, repeated, records };
    const command: InvokeCommand = { type: 'invoke', ...batch };
    const result = await world.invoke(command, (worker) =>
      history.append(invoked(command, worker)),
    );
    const outcome = interpretResult(result, numbersOf(records), settings);
    history.append({ type: 'answered', invocation: invocationId, outcome });
    return outcome;
  };
}

function numbersOf(records: readonly StreamRecord[]): readonly string[] {
  return records.map(({ sequenceNumber }) => sequenceNumber);
}

const POLLS_MAX = 1_000;
const LIMIT = 10_000;

/** All records that were put, shard by shard. Rejects if there are fewer. */
async function readAll(world: DeliveryWorld, put: number): Promise<StreamRecord[]> {
  const shards = await world.discover();
  const all: StreamRecord[] = [];
  for (const { shardId } of shards) {
    let from: PollPosition = { type: 'TRIM_HORIZON' };
    for (let polls = 0; polls < POLLS_MAX; polls++) {
      const fresh = polls === 0;
      const polled = await world.poll({ type: 'poll', shardId, from, fresh, limit: LIMIT });
      if (polled.type === 'poll-failed') continue;
      all.push(...polled.records);
      const last = polled.records.at(-1);
      if (last !== undefined) {
        from = { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: last.sequenceNumber };
      }
      const isAtTip = polled.records.length === 0 && polled.millisBehindLatest === 0;
      if (polled.endOfShard || isAtTip) break;
    }
  }
  if (all.length >= put) return all;
  throw new Error(`${put} records were put, and only ${all.length} could be read`);
}
