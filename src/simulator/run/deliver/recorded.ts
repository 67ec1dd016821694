/**
 * Delivers given batches instead of those that an event source mapping would make: the same records
 * together, as often, and one after another where they were. What an invocation then leaves over is
 * delivered again, as a mapping would have to, until nothing is.
 */

import type { DeliveryWorld } from '../../event-source-mapping/delivery-world.ts';
import { type Delivery, invoked } from '../../event-source-mapping/driver.ts';
import type { InvokeCommand, PollPosition } from '../../event-source-mapping/messages.ts';
import { interpretResult } from '../../event-source-mapping/response.ts';
import type { EventSourceMapping } from '../../event-source-mapping/settings.ts';
import type { History, HistoryReader } from '../../history/history.ts';
import type { InvocationOutcome } from '../../model/history.ts';
import { recordKey, type StreamRecord } from '../../model/stream-record.ts';

export interface GivenDelivery {
  /** Places among the pushes. */
  readonly records: readonly number[];
  readonly attempt: number;
  readonly repeated: boolean;
  /** Places among the deliveries: those that must be over before it begins. */
  readonly after: readonly number[];
}

export type GivenDeliveries = readonly GivenDelivery[];

export interface GivenParts {
  readonly deliveries: GivenDeliveries;
  /** Records that will be put. */
  readonly pushes: number;
  readonly settings: EventSourceMapping;
}

export interface GivenDriver {
  /** Is told where each push was stored. */
  readonly read: HistoryReader;
  /** When all is put. */
  start(world: DeliveryWorld, history: History): Delivery;
}

const POLLS_MAX = 1_000;
const LIMIT = 10_000;

export function deliverGiven({ deliveries, pushes, settings }: GivenParts): GivenDriver {
  const pushOf = new Map<string, number>();
  return {
    read(record) {
      if (record.type !== 'record-pushed') return;
      pushOf.set(recordKey(record), record.push);
    },
    start(world, history) {
      let isStopped = false;
      let invocations = 0;

      const invoke = async (
        records: readonly StreamRecord[],
        attempt: number,
        repeated: boolean,
      ): Promise<InvocationOutcome> => {
        const [first] = records;
        const invocationId = ++invocations;
        const shardId = first?.shardId ?? '';
        const sequenceNumbers = records.map(({ sequenceNumber }) => sequenceNumber);
        const batch = { invocationId, shardId, lane: 0, attempt, repeated, records };
        const command: InvokeCommand = { type: 'invoke', ...batch };
        const answer = await world.invoke(command, (worker) =>
          history.record(invoked(command, worker)),
        );
        const outcome = interpretResult(answer, sequenceNumbers, settings);
        history.record({ type: 'answered', invocation: invocationId, outcome });
        return outcome;
      };

      const carryOut = async (): Promise<void> => {
        const stored = await readAll(world, pushes);
        const byPush = new Map(
          stored.map((record) => [pushOf.get(recordKey(record)), record] as const),
        );
        /** What has not been acknowledged yet, by name. */
        const open = new Map(stored.map((record) => [recordKey(record), record]));
        const deliver = async (
          records: readonly StreamRecord[],
          attempt: number,
          repeated: boolean,
        ): Promise<void> => {
          if (isStopped || records.length === 0) return;
          const outcome = await invoke(records, attempt, repeated);
          for (const record of records) {
            if (isDone(outcome, record.sequenceNumber)) open.delete(recordKey(record));
          }
        };
        const begun: Promise<void>[] = [];
        for (const { records, attempt, repeated, after } of deliveries) {
          const batch = records.flatMap((push) => byPush.get(push) ?? []);
          const earlier = after.map((place) => begun[place]);
          begun.push(Promise.all(earlier).then(() => deliver(batch, attempt, repeated)));
        }
        await Promise.all(begun);
        for (let attempt = 1; open.size > 0 && !isStopped; attempt++) {
          const batch = [...open.values()].slice(0, settings.batchSize);
          const before = open.size;
          await deliver(batch, attempt, false);
          if (open.size < before) attempt = 0;
        }
      };

      const done = carryOut();
      done.catch(() => {});
      return {
        drained: () => done,
        async stop() {
          isStopped = true;
          await done.catch(() => {});
        },
      };
    },
  };
}

function isDone(outcome: InvocationOutcome, sequenceNumber: string): boolean {
  if (outcome.kind === 'success') return true;
  return outcome.kind === 'partial' && !outcome.failed.includes(sequenceNumber);
}

/** All that was put, shard by shard. Rejects if it isn't there. */
async function readAll(world: DeliveryWorld, wanted: number): Promise<StreamRecord[]> {
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
  if (all.length >= wanted) return all;
  throw new Error(`of ${wanted} records that were put, ${all.length} could be read`);
}
