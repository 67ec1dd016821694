/**
 * Where each row that is wrong at the end left the reference. After each write of such a row, and
 * after each answer that acknowledges events, the row is compared with what it may be by then: the
 * reference of all acknowledged events, and of any subset of the other events that an invocation
 * has received.
 */

import { divergedAt, rowName } from '../check/convergence.ts';
import { createDelivered } from '../check/delivered.ts';
import { sameValue } from '../check/equality.ts';
import type { HistoryRecord } from '../model/history.ts';
import { recordKey } from '../model/stream-record.ts';
import type { Difference, Row, Workload } from '../model/workload.ts';

export interface FirstDivergence {
  /** `line`: of the trace, where the record is described. */
  read(record: HistoryRecord, line: number): void;
  wrote(table: string, after: Row | undefined, before: Row | undefined, line: number): void;
  /** The line at which each row left the reference, as far as it is known. */
  of(differences: readonly Difference[]): readonly Divergence[];
}

export interface Divergence {
  readonly line: number;
  readonly difference: Difference;
}

interface Moment {
  readonly line: number;
  /** The row that was written; undefined: events were acknowledged. */
  readonly name: string | undefined;
  readonly row: Row | undefined;
  /** Sets of events, one bit each. */
  readonly acknowledged: number;
  readonly received: number;
}

/** With more events received and not acknowledged, too many rows would be right. */
const IN_FLIGHT_MAX = 10;
/** Events are bits of a number. */
const EVENTS_MAX = 30;

export function createFirstDivergence<Event>(
  workload: Workload<Event>,
  events: readonly Event[],
): FirstDivergence {
  const delivered = createDelivered();
  const eventOf = new Map<string, number>();
  const nameOf = createRowNames(workload);
  const referenceOf = createReferences(workload, events);
  const moments: Moment[] = [];
  let [acknowledged, received] = [0, 0];

  const mayBe = (name: string, row: Row | undefined, moment: Moment): boolean => {
    const inFlight = moment.received & ~moment.acknowledged;
    if (bitsIn(inFlight) > IN_FLIGHT_MAX) return true;
    // Each subset of the events in flight, the whole first.
    for (let part = inFlight; ; part = (part - 1) & inFlight) {
      if (sameValue(referenceOf(moment.acknowledged | part).get(name), row)) return true;
      if (part === 0) return false;
    }
  };

  return {
    read(record, line) {
      delivered.read(record);
      if (record.type === 'record-pushed') eventOf.set(recordKey(record), record.event);
      if (record.type === 'invoked') {
        const { shardId } = record;
        for (const sequenceNumber of record.sequenceNumbers) {
          const event = eventOf.get(recordKey({ shardId, sequenceNumber })) ?? -1;
          if (event >= 0) received |= 1 << event;
        }
      }
      if (record.type !== 'answered') return;
      acknowledged = delivered.order.reduce((set, event) => set | (1 << event), 0);
      moments.push({ line, name: undefined, row: undefined, acknowledged, received });
    },
    wrote(table, after, before, line) {
      const name = nameOf(table, after ?? before ?? {});
      const row = after && workload.comparable(table, after);
      moments.push({ line, name, row, acknowledged, received });
    },
    of(differences) {
      if (events.length > EVENTS_MAX) return [];
      return differences.flatMap((difference) => {
        const name = rowName(difference.table, difference.key);
        let row: Row | undefined;
        const timeline = moments.flatMap((moment) => {
          if (moment.name !== undefined && moment.name !== name) return [];
          if (moment.name === name) row = moment.row;
          return [{ line: moment.line, isRight: mayBe(name, row, moment) }];
        });
        const left = timeline[divergedAt(timeline)];
        return left === undefined ? [] : [{ line: left.line, difference }];
      });
    },
  };
}

function createRowNames({ tables }: Pick<Workload<never>, 'tables'>) {
  const keys = new Map(tables.map(({ name, key }) => [name, key]));
  return (table: string, row: Row): string =>
    rowName(
      table,
      (keys.get(table) ?? []).map((name) => String(row[name])),
    );
}

/** The rows of the reference, by name, for a set of events; each set is computed once. */
function createReferences<Event>(workload: Workload<Event>, events: readonly Event[]) {
  const nameOf = createRowNames(workload);
  const known = new Map<number, ReadonlyMap<string, Row | undefined>>();
  return (set: number): ReadonlyMap<string, Row | undefined> => {
    const existing = known.get(set);
    if (existing !== undefined) return existing;
    const rows = new Map<string, Row | undefined>();
    for (const [table, stored] of workload.reference(events.filter((_, at) => (set >> at) & 1))) {
      for (const row of stored) rows.set(nameOf(table, row), workload.comparable(table, row));
    }
    known.set(set, rows);
    return rows;
  };
}

function bitsIn(set: number): number {
  let bits = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) bits++;
  return bits;
}
