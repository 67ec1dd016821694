/** A record as it lies in a shard of the stream. */
export interface StreamRecord {
  readonly shardId: string;
  /** Decimal digits, growing within a shard; compare as numbers: by length, then by text. */
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly data: Uint8Array;
  /** Approximate arrival at the stream, milliseconds since the epoch. */
  readonly arrivedAtMs: number;
}

/** What tells a record of a stream from all others: sequence numbers are unique within a shard only. */
export function recordKey({
  shardId,
  sequenceNumber,
}: Pick<StreamRecord, 'shardId' | 'sequenceNumber'>): string {
  return `${shardId}:${sequenceNumber}`;
}

/** Negative, zero or positive, as `left` comes before, is, or comes after `right`. */
export function compareSequenceNumbers(left: string, right: string): number {
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}
