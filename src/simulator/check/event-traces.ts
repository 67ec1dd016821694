/**
 * Traces single events through the history: the records that carried each, and the invocations that
 * received them. Which events matter is known only after the tables were compared, so the tracer
 * keeps a little of every push and delivery.
 */
import type { HistoryReader } from '../history/history.ts';
import type { InvocationOutcome, RecordPushed } from '../model/history.ts';
import type { EventTrace } from '../model/run-result.ts';

/** An event in a few words, as `Workload.describe` gives it. */
export type Described = Pick<EventTrace, 'kind' | 'subject' | 'eventId' | 'origin'>;

export interface Tracer {
  readonly read: HistoryReader;
  /** The traces of these events, by event, in one pass over the run. */
  trace(events: Iterable<number>, describe: (event: number) => Described): Map<number, EventTrace>;
  /** What it left out. */
  notes(): string[];
}

/** `position`: among all records, by order of arrival. */
interface Arrival {
  readonly position: number;
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly deliveries: { readonly invocation: number; readonly outcome: string }[];
}

interface Delivery {
  readonly invocation: number;
  readonly shardId: string;
  /** The list of the history itself, not a copy. */
  readonly sequenceNumbers: readonly string[];
  outcome: InvocationOutcome | undefined;
}

/** A run of a million events would take gigabytes. */
const RECORDS_MAX = 300_000;

/** Of a longer run, it follows the first records only. */
export function createTracer(recordsMax = RECORDS_MAX): Tracer {
  const pushes = createPushes();
  const deliveries: Delivery[] = [];
  const open = new Map<number, Delivery>();
  let leftOut = 0;
  return {
    read(record) {
      if (record.type === 'record-pushed') {
        if (pushes.length() === recordsMax) leftOut++;
        else pushes.add(record);
      } else if (record.type === 'invoked') {
        if (leftOut > 0) return;
        const { invocation, shardId, sequenceNumbers } = record;
        const delivery: Delivery = { invocation, shardId, sequenceNumbers, outcome: undefined };
        deliveries.push(delivery);
        open.set(invocation, delivery);
      } else if (record.type === 'answered') {
        const delivery = open.get(record.invocation);
        if (delivery !== undefined) delivery.outcome = record.outcome;
        open.delete(record.invocation);
      }
    },
    trace(events, describe) {
      const { byEvent, find } = pushes.arrivalsOf(events);
      for (const { invocation, shardId, sequenceNumbers, outcome } of deliveries) {
        for (const sequenceNumber of sequenceNumbers) {
          const arrival = find(shardId, sequenceNumber);
          if (arrival === undefined) continue;
          arrival.deliveries.push({ invocation, outcome: outcomeFor(sequenceNumber, outcome) });
        }
      }
      return new Map(
        Array.from(byEvent, ([event, arrivals]) => [
          event,
          { event, ...describe(event), arrivals },
        ]),
      );
    },
    notes() {
      if (leftOut === 0) return [];
      return [
        `only the first ${recordsMax} records were traced, and ${leftOut} were not: ` +
          'beside a difference, some arrivals and deliveries may be missing',
      ];
    },
  };
}

/** Parallel lists with one entry a record: a third of the memory that objects would take. */
function createPushes() {
  const eventOf: number[] = [];
  const shardOf: string[] = [];
  const sequenceNumberOf: string[] = [];
  return {
    length: () => eventOf.length,
    add({ event, shardId, sequenceNumber }: RecordPushed): void {
      eventOf.push(event);
      shardOf.push(shardId);
      sequenceNumberOf.push(sequenceNumber);
    },
    /** The arrivals of these events, by event, and found by shard and sequence number. */
    arrivalsOf(events: Iterable<number>) {
      const byEvent = new Map<number, Arrival[]>();
      for (const event of events) byEvent.set(event, []);
      const byShard = new Map<string, Map<string, Arrival>>();
      for (const [position, event] of eventOf.entries()) {
        const arrivals = byEvent.get(event);
        if (arrivals === undefined) continue;
        const shardId = shardOf[position] ?? '';
        const sequenceNumber = sequenceNumberOf[position] ?? '';
        const arrival: Arrival = { position, shardId, sequenceNumber, deliveries: [] };
        arrivals.push(arrival);
        const ofShard = byShard.get(shardId) ?? new Map<string, Arrival>();
        byShard.set(shardId, ofShard.set(sequenceNumber, arrival));
      }
      const find = (shardId: string, sequenceNumber: string): Arrival | undefined =>
        byShard.get(shardId)?.get(sequenceNumber);
      return { byEvent, find };
    },
  };
}

/** How an invocation ended for one of its records. */
function outcomeFor(sequenceNumber: string, outcome: InvocationOutcome | undefined): string {
  if (outcome === undefined) return 'unanswered';
  if (outcome.kind !== 'partial') return outcome.kind;
  return outcome.failed.includes(sequenceNumber) ? 'partial, reported failed' : 'partial';
}
