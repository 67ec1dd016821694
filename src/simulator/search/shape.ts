/**
 * The shape of a history: who did what in which order, without times, names of workers and options. Two
 * runs of one shape have shown the handler the same thing.
 */

import { createMixer } from '../history/hash.ts';
import type { HistoryReader } from '../history/history.ts';
import type { HistoryRecord } from '../model/history.ts';
import { hash32 } from '../random.ts';

export interface Shape {
  readonly read: HistoryReader;
  digest(): string;
}

export function createShape(): Shape {
  const { mix, digest } = createMixer();
  const read = (record: HistoryRecord): void => {
    switch (record.type) {
      case 'record-pushed':
        mix(1 + record.event * 8 + record.copy);
        mix(wordOf(record.shardId));
        break;
      case 'invoked':
        mix(record.invocation);
        for (const sequenceNumber of record.sequenceNumbers) mix(Number(sequenceNumber.slice(-6)));
        break;
      case 'requested':
        mix(record.invocation * 64 + record.items);
        mix(wordOf(record.operation) ^ wordOf(record.outcome));
        if (record.fault !== undefined) mix(wordOf(record.fault));
        break;
      case 'answered':
        mix(record.invocation);
        mix(wordOf(record.outcome.kind));
        break;
    }
  };
  return { read, digest };
}

/** The words are few, and come again and again. */
const words = new Map<string, number>();

function wordOf(text: string): number {
  let word = words.get(text);
  if (word === undefined) {
    word = hash32(text);
    if (words.size < 1_000) words.set(text, word);
  }
  return word;
}
