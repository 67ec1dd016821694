/**
 * Where the rows that are wrong in the end left the reference: after each write of such a row, and each
 * time that events were acknowledged, it is held against what it may say by then. That is the reference of
 * all that was acknowledged, and of any part of what else has been given to an invocation.
 */

import { leftAt, rowName } from '../check/convergence.ts';
import { createDelivered } from '../check/delivered.ts';
import { sameValue } from '../check/equality.ts';
import type { HistoryRecord } from '../model/history.ts';
import { recordKey } from '../model/stream-record.ts';
import type { Difference, Row, Workload } from '../model/workload.ts';

export interface Departures {
  /** `line` is where the story is told of it. */
  read(record: HistoryRecord, line: number): void;
  wrote(table: string, after: Row | undefined, before: Row | undefined, line: number): void;
  /** The line at which each left, and what its row was to say. */
  of(differences: readonly Difference[]): readonly Departure[];
}

export interface Departure {
  readonly line: number;
  readonly difference: Difference;
}

interface Moment {
  readonly line: number;
  /** The row that was written; undefined: events were acknowledged. */
  readonly name: string | undefined;
  readonly row: Row | undefined;
  /** Events, as bits. */
  readonly acknowledged: number;
  readonly given: number;
}

/** With more events on their way, there is too much that a row may say. */
const ON_THEIR_WAY_MAX = 10;
/** Bits of a number. */
const EVENTS_MAX = 30;

export function createDepartures<Event>(
  workload: Workload<Event>,
  events: readonly Event[],
): Departures {
  const delivered = createDelivered();
  const eventOf = new Map<string, number>();
  const keys = new Map(workload.tables.map(({ name, key }) => [name, key]));
  const moments: Moment[] = [];
  const wanted = new Map<number, ReadonlyMap<string, Row | undefined>>();
  let [acknowledged, given] = [0, 0];

  const wantedOf = (mask: number): ReadonlyMap<string, Row | undefined> => {
    const known = wanted.get(mask);
    if (known !== undefined) return known;
    const some = events.filter((_, event) => (mask >> event) & 1);
    const rows = new Map<string, Row | undefined>();
    for (const [table, stored] of workload.reference(some)) {
      for (const row of stored) rows.set(nameOf(table, row), workload.comparable(table, row));
    }
    wanted.set(mask, rows);
    return rows;
  };
  const nameOf = (table: string, row: Row): string =>
    rowName(
      table,
      (keys.get(table) ?? []).map((name) => String(row[name])),
    );
  const mayBe = (name: string, row: Row | undefined, { acknowledged, given }: Moment): boolean => {
    const open = given & ~acknowledged;
    if (bitsIn(open) > ON_THEIR_WAY_MAX) return true;
    // Each part of those on their way, the whole first.
    for (let part = open; ; part = (part - 1) & open) {
      if (sameValue(wantedOf(acknowledged | part).get(name), row)) return true;
      if (part === 0) return false;
    }
  };

  return {
    read(record, line) {
      delivered.read(record);
      if (record.type === 'record-pushed') {
        eventOf.set(recordKey(record), record.event);
      }
      if (record.type === 'invoked') {
        const { shardId } = record;
        for (const sequenceNumber of record.sequenceNumbers) {
          const event = eventOf.get(recordKey({ shardId, sequenceNumber })) ?? -1;
          if (event >= 0) given |= 1 << event;
        }
      }
      if (record.type !== 'answered') return;
      acknowledged = delivered.order.reduce((mask, event) => mask | (1 << event), 0);
      moments.push({ line, name: undefined, row: undefined, acknowledged, given });
    },
    wrote(table, after, before, line) {
      const name = nameOf(table, after ?? before ?? {});
      const row = after && workload.comparable(table, after);
      moments.push({ line, name, row, acknowledged, given });
    },
    of(differences) {
      if (events.length > EVENTS_MAX) return [];
      return differences.flatMap((difference) => {
        const name = rowName(difference.table, difference.key);
        let row: Row | undefined;
        const course = moments.flatMap((moment) => {
          if (moment.name !== undefined && moment.name !== name) return [];
          if (moment.name === name) row = moment.row;
          return [{ line: moment.line, isAsWanted: mayBe(name, row, moment) }];
        });
        const left = course[leftAt(course)];
        return left === undefined ? [] : [{ line: left.line, difference }];
      });
    },
  };
}

function bitsIn(mask: number): number {
  let bits = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) bits++;
  return bits;
}
