/** Batches: when one closes, what counts against its limits, and how it is cut. */
import type { StreamRecord } from '../model/stream-record.ts';
import type { Queue } from './queue.ts';
import type { EventSourceMapping } from './settings.ts';
import type { Batch } from './state.ts';

type BatchSettings = Pick<
  EventSourceMapping,
  'batchSize' | 'payloadBytesMax' | 'recordMetadataBytes'
>;

/**
 * Item 2. The number of records in the next batch, which closes at the first of size, payload and
 * window; 0 while it is open. A record larger than the payload limit is a batch by itself.
 */
export function closedBatchLength(
  queue: Queue<StreamRecord>,
  windowIsOver: boolean,
  settings: BatchSettings,
): number {
  let length = 0;
  let bytes = 0;
  for (let index = queue.head; index < queue.items.length; index++) {
    bytes += payloadBytes(queue.items[index] as StreamRecord, settings);
    if (bytes > settings.payloadBytesMax && length > 0) return length;
    length++;
    if (length === settings.batchSize || bytes >= settings.payloadBytesMax) return length;
  }
  return windowIsOver ? length : 0;
}

/** The size of a record in the event: its data as base64, and its metadata. */
export function payloadBytes(
  record: StreamRecord,
  settings: Pick<EventSourceMapping, 'recordMetadataBytes'>,
): number {
  return Math.ceil(record.data.byteLength / 3) * 4 + settings.recordMetadataBytes;
}

/** The age past which a record is discarded: by the mapping (item 13) or by the stream. */
export function ageMsMax(settings: EventSourceMapping): number {
  return Math.min(
    settings.recordAgeMsMax < 0 ? Number.POSITIVE_INFINITY : settings.recordAgeMsMax,
    settings.retentionMs < 0 ? Number.POSITIVE_INFINITY : settings.retentionMs,
  );
}

export function newBatch(records: readonly StreamRecord[]): Batch {
  return { records, invocations: 0, failures: 0, consecutiveFailures: 0 };
}

/** Cuts a batch in two. Both keep its counts, but the second has no failures in a row. */
export function cut(batch: Batch, at: number): readonly [Batch, Batch] {
  return [
    { ...batch, records: batch.records.slice(0, at) },
    { ...batch, records: batch.records.slice(at), consecutiveFailures: 0 },
  ];
}
