/**
 * What the producers were promised: every record whose put was acknowledged, as lines of JSON in a file for
 * each of artillery's workers. Whoever reads the stream can tell by them whether a record was lost.
 */
import * as v from 'valibot';
import { recordKey } from '../../src/simulator/model/stream-record.ts';
import type { AcceptedAt } from '../../src/simulator/stream/put-records.ts';

/** One line of a call's records. */
export function acknowledgedLine(records: readonly AcceptedAt[]): string {
  return `${JSON.stringify(records.map(recordKey))}\n`;
}

/** The keys of all records in a file of such lines. Throws where a line is no such line. */
export function* readAcknowledged(text: string): Iterable<string> {
  for (const line of text.split('\n')) {
    if (line !== '') yield* v.parse(Line, JSON.parse(line));
  }
}

const Line = v.array(v.string());
