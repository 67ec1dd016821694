/** Where a batch closes, which of its records have expired, and how it is cut in two. */
import type { StreamRecord } from '../model/stream-record.ts';
import type { Queue } from './queue.ts';
import type { EventSourceMapping } from './settings.ts';
import type { Batch } from './state.ts';

type BatchSettings = Pick<
  EventSourceMapping,
  'batchSize' | 'payloadBytesMax' | 'recordMetadataBytes'
>;

/**
 * Item 2. How many records of the queue make the next batch: it closes at the first of size, payload
 * and window. 0 while it is still open. A record that is too large for any payload is a batch alone.
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

/** What a record adds to the event: its data as base64, and the fields around it. */
export function payloadBytes(
  record: StreamRecord,
  settings: Pick<EventSourceMapping, 'recordMetadataBytes'>,
): number {
  return Math.ceil(record.data.byteLength / 3) * 4 + settings.recordMetadataBytes;
}

/** Item 13, and the end of the stream's own retention: older than either, a record is discarded. */
export function ageMsMax(settings: EventSourceMapping): number {
  return Math.min(
    settings.recordAgeMsMax < 0 ? Number.POSITIVE_INFINITY : settings.recordAgeMsMax,
    settings.retentionMs < 0 ? Number.POSITIVE_INFINITY : settings.retentionMs,
  );
}

export function newBatch(records: readonly StreamRecord[]): Batch {
  return { records, invocations: 0, failures: 0, setbacks: 0 };
}

/** Two batches with the same past; the second hasn't been held up yet. */
export function cut(batch: Batch, at: number): readonly [Batch, Batch] {
  return [
    { ...batch, records: batch.records.slice(0, at) },
    { ...batch, records: batch.records.slice(at), setbacks: 0 },
  ];
}
