/** A record that is not a valid event, and what the quarantine keeps of it. */
export interface MalformedRecord {
  /** The stream's ARN. */
  readonly stream: string;
  /** `shardId:sequenceNumber`: a second delivery writes the same row. */
  readonly record: string;
  readonly sequenceNumber: string;
  readonly reason: string;
  readonly partitionKey: string;
  /** Seconds since the epoch, as in the Kinesis record. */
  readonly arrivedAt: number;
  readonly data: Uint8Array;
}
