/** The event that Lambda passes to a function for records of a Kinesis stream. */
import type { StreamRecord } from '../model/stream-record.ts';

export interface KinesisEventRecord {
  readonly kinesis: {
    readonly kinesisSchemaVersion: '1.0';
    readonly partitionKey: string;
    readonly sequenceNumber: string;
    /** Base64. */
    readonly data: string;
    /** Seconds since the epoch, with milliseconds as their fraction. */
    readonly approximateArrivalTimestamp: number;
  };
  readonly eventSource: 'aws:kinesis';
  readonly eventVersion: '1.0';
  /** `shardId:sequenceNumber`. */
  readonly eventID: string;
  readonly eventName: 'aws:kinesis:record';
  readonly invokeIdentityArn: string;
  readonly awsRegion: string;
  readonly eventSourceARN: string;
}

export interface KinesisEvent {
  readonly Records: readonly KinesisEventRecord[];
}

export interface EventOrigin {
  /** Such as `arn:aws:kinesis:us-east-1:000000000000:stream/dev-RetailStream`. */
  readonly streamArn: string;
  readonly roleArn: string;
}

/** The IAM role of every function on a simulated or local stream. */
export const ROLE_ARN = 'arn:aws:iam::000000000000:role/winner-view';

export function lambdaEvent(records: readonly StreamRecord[], origin: EventOrigin): KinesisEvent {
  const awsRegion = origin.streamArn.split(':')[3] ?? '';
  return {
    Records: records.map((record) => ({
      kinesis: {
        kinesisSchemaVersion: '1.0',
        partitionKey: record.partitionKey,
        sequenceNumber: record.sequenceNumber,
        data: base64(record.data),
        approximateArrivalTimestamp: record.arrivedAtMs / 1000,
      },
      eventSource: 'aws:kinesis',
      eventVersion: '1.0',
      eventID: `${record.shardId}:${record.sequenceNumber}`,
      eventName: 'aws:kinesis:record',
      invokeIdentityArn: origin.roleArn,
      awsRegion,
      eventSourceARN: origin.streamArn,
    })),
  };
}

/** Doesn't copy the bytes. */
function base64(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
}
