/**
 * What became of single events, told from the history: on which records each travelled, and to which
 * invocations those were given. Which events will be asked about is known only once the tables have
 * been compared, so the tracer keeps, of every push and delivery, as little as tells them apart.
 */
import type { HistoryReader } from '../history/history.ts';
import type { HistoryRecord, InvocationOutcome } from '../model/history.ts';
import type { EventTrace } from '../model/run-result.ts';

/** An event in a few words, as `Workload.describe` gives it. */
export type Described = Pick<EventTrace, 'kind' | 'subject' | 'eventId' | 'origin'>;

export interface Tracer {
  readonly read: HistoryReader;
  /** The traces of these events, by event. One walk over the run however many they are. */
  trace(events: Iterable<number>, describe: (event: number) => Described): Map<number, EventTrace>;
  /** What it had to leave out, for a person. */
  notes(): string[];
}

/** A record as it arrived; `push` is its place among all records, by order of arrival. */
interface Arrival {
  readonly position: number;
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly deliveries: { readonly invocation: number; readonly outcome: string }[];
}

interface Delivery {
  readonly invocation: number;
  readonly shardId: string;
  /** The history's own list: shared with it, not copied. */
  readonly sequenceNumbers: readonly string[];
  outcome: InvocationOutcome | undefined;
}

/** More than a person looks through; beyond it a run of a million events would keep gigabytes. */
const RECORDS_MAX = 300_000;

/** Of a longer run, it follows the first records only. */
export function createTracer(recordsMax = RECORDS_MAX): Tracer {
  // Parallel lists with one entry a record: a third of the memory that objects would take.
  const eventOf: number[] = [];
  const shardOf: string[] = [];
  const sequenceNumberOf: string[] = [];
  const deliveries: Delivery[] = [];
  const open = new Map<number, Delivery>();
  let leftOut = 0;

  const read = (record: HistoryRecord): void => {
    if (record.type === 'record-pushed') {
      if (eventOf.length === recordsMax) {
        leftOut++;
        return;
      }
      eventOf.push(record.event);
      shardOf.push(record.shardId);
      sequenceNumberOf.push(record.sequenceNumber);
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
  };

  const trace: Tracer['trace'] = (events, describe) => {
    const arrivalsOf = new Map<number, Arrival[]>();
    for (const event of events) arrivalsOf.set(event, []);
    const arrivalBySequenceNumber = new Map<string, Map<string, Arrival>>();
    for (const [position, event] of eventOf.entries()) {
      const arrivals = arrivalsOf.get(event);
      if (arrivals === undefined) continue;
      const shardId = shardOf[position] ?? '';
      const sequenceNumber = sequenceNumberOf[position] ?? '';
      const arrival: Arrival = { position, shardId, sequenceNumber, deliveries: [] };
      arrivals.push(arrival);
      // Sequence numbers are unique within a shard only.
      const ofShard = arrivalBySequenceNumber.get(shardId) ?? new Map<string, Arrival>();
      arrivalBySequenceNumber.set(shardId, ofShard.set(sequenceNumber, arrival));
    }
    for (const delivery of deliveries) {
      const ofShard = arrivalBySequenceNumber.get(delivery.shardId);
      if (ofShard === undefined) continue;
      for (const sequenceNumber of delivery.sequenceNumbers) {
        const arrival = ofShard.get(sequenceNumber);
        if (arrival === undefined) continue;
        const outcome = outcomeFor(sequenceNumber, delivery.outcome);
        arrival.deliveries.push({ invocation: delivery.invocation, outcome });
      }
    }
    const traces = new Map<number, EventTrace>();
    for (const [event, arrivals] of arrivalsOf) {
      traces.set(event, { event, ...describe(event), arrivals });
    }
    return traces;
  };

  const notes = (): string[] =>
    leftOut === 0
      ? []
      : [
          `only the first ${recordsMax} records were followed on their way, and ${leftOut} were not: ` +
            'beside a difference, some arrivals and deliveries may be missing',
        ];

  return { read, trace, notes };
}

/** How an invocation ended, as far as one of its records is concerned. */
function outcomeFor(sequenceNumber: string, outcome: InvocationOutcome | undefined): string {
  if (outcome === undefined) return 'unanswered';
  if (outcome.kind !== 'partial') return outcome.kind;
  return outcome.failed.includes(sequenceNumber) ? 'partial, reported failed' : 'partial';
}
