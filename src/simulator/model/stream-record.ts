/** A record in a shard of the stream. */
export interface StreamRecord {
  readonly shardId: string;
  /**
   * Decimal digits. They grow within a shard; `compareSequenceNumbers` compares them as numbers.
   */
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly data: Uint8Array;
  /** Approximate arrival at the stream, milliseconds since the epoch. */
  readonly arrivedAtMs: number;
}

/** Identifies a record of a stream. Sequence numbers are unique within a shard only. */
export function recordKey({
  shardId,
  sequenceNumber,
}: Pick<StreamRecord, 'shardId' | 'sequenceNumber'>): string {
  return `${shardId}:${sequenceNumber}`;
}

/** Negative, zero or positive: `left` is before, equal to, or after `right`. */
export function compareSequenceNumbers(left: string, right: string): number {
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}
