/**
 * Records whose put was acknowledged, as lines of JSON in a file for each of artillery's workers. One that is
 * never read from the stream was lost.
 */
import * as v from 'valibot';
import { recordKey } from '../../src/simulator/model/stream-record.ts';
import type { AcceptedAt } from '../../src/simulator/stream/put-records.ts';

/** One line for the records of a call. */
export function acknowledgedLine(records: readonly AcceptedAt[]): string {
  return `${JSON.stringify(records.map(recordKey))}\n`;
}

/** The keys of all records in such a file. Throws at a malformed line. */
export function* readAcknowledged(text: string): Iterable<string> {
  for (const line of text.split('\n')) {
    if (line !== '') yield* v.parse(Line, JSON.parse(line));
  }
}

const Line = v.array(v.string());
