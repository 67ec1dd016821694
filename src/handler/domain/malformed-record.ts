/** What is kept of a record that is not a valid event. Pure. */
import type { Item } from '../dynamodb/items.ts';

export interface MalformedRecord {
  /** The stream's ARN, and `shardId:sequenceNumber`: a second delivery is the same row. */
  readonly stream: string;
  readonly record: string;
  readonly reason: string;
  readonly partitionKey: string;
  /** Seconds since the epoch, as Kinesis gives it. */
  readonly arrivedAt: number;
  readonly data: Uint8Array;
}

/** An item has at most 400 KB; what is not the payload takes under 5 KB. */
export const QUARANTINED_BYTES_MAX = 380_000;

export function quarantineItem(malformed: MalformedRecord): Item {
  const { data } = malformed;
  return {
    stream: { S: malformed.stream },
    record: { S: malformed.record },
    reason: { S: malformed.reason },
    partitionKey: { S: malformed.partitionKey },
    arrivedAt: { S: new Date(malformed.arrivedAt * 1000).toISOString() },
    data: { B: data.subarray(0, QUARANTINED_BYTES_MAX) },
    bytes: { N: String(data.byteLength) },
    cut: { BOOL: data.byteLength > QUARANTINED_BYTES_MAX },
  };
}
