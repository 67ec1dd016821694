/**
 * The shape of a history: pushes, invocations, requests and answers in their order, without times,
 * workers and options. Two runs of one shape have tested the same.
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
        mix(hashOf(record.shardId));
        break;
      case 'invoked':
        mix(record.invocation);
        for (const sequenceNumber of record.sequenceNumbers) mix(Number(sequenceNumber.slice(-6)));
        break;
      case 'requested':
        mix(record.invocation * 64 + record.items);
        mix(hashOf(record.operation) ^ hashOf(record.outcome));
        if (record.fault !== undefined) mix(hashOf(record.fault));
        break;
      case 'answered':
        mix(record.invocation);
        mix(hashOf(record.outcome.kind));
        break;
    }
  };
  return { read, digest };
}

/** Hashes of the few texts that occur: shards, operations, outcomes, faults. */
const hashes = new Map<string, number>();

function hashOf(text: string): number {
  let hash = hashes.get(text);
  if (hash === undefined) {
    hash = hash32(text);
    if (hashes.size < 1_000) hashes.set(text, hash);
  }
  return hash;
}
