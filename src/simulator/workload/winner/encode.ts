/** An event on the wire: the core stream's egress envelope as UTF-8 JSON. */
import type { StreamPayload } from '../../model/workload.ts';
import type { WinnerEvent } from './event.ts';

export const ENVELOPE_SCHEMA = 'com.nordstrom/retail-stream-egress/1-0-0';

export const DATA_SCHEMAS = {
  creation: 'com.nordstrom/product/create/1-0-0',
  photograph: 'com.nordstrom/product/image/1-0-0',
  purchase: 'com.nordstrom/product/purchase/1-0-0',
} as const;

/** Kinesis's limit, in characters. */
const PARTITION_KEY_LENGTH_MAX = 256;

/**
 * The record of an event; its partition key is the product. A copy has later times in its envelope,
 * and every second one a `followsFrom`; everything else is equal.
 */
export function encode(event: WinnerEvent, copy: number): StreamPayload {
  const envelope = {
    schema: ENVELOPE_SCHEMA,
    origin: event.origin,
    timeOrigin: event.timeOrigin,
    data: dataOf(event),
    eventId: event.eventId,
    timeIngest: later(event.timeIngest, copy),
    timeProcess: later(event.timeProcess, copy),
    ...(copy % 2 === 1 ? { followsFrom: event.eventId } : {}),
  };
  return {
    partitionKey: event.productId.slice(0, PARTITION_KEY_LENGTH_MAX).toWellFormed(),
    data: Buffer.from(JSON.stringify(envelope)),
  };
}

function dataOf(event: WinnerEvent): Readonly<Record<string, string>> {
  const data = { schema: DATA_SCHEMAS[event.kind], id: event.productId };
  switch (event.kind) {
    case 'creation': {
      const { brand, name, description, category } = event;
      return { ...data, brand, name, description, category };
    }
    case 'photograph':
      return { ...data, image: event.image };
    case 'purchase':
      return data;
  }
}

function later(time: string, copy: number): string {
  return copy === 0 ? time : new Date(Date.parse(time) + copy * 1500).toISOString();
}
