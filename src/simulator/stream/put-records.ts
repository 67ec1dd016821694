/** One call of `PutRecords`: its records, its results, and its errors. */
import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';

export interface PushRecord {
  readonly partitionKey: string;
  /** Selects the shard instead of the partition key's hash; decimal. */
  readonly explicitHashKey?: string;
  readonly data: Uint8Array;
  /** The size of `data`, if it is known without making the data. */
  readonly bytes?: number;
}

export interface AcceptedAt {
  readonly shardId: string;
  readonly sequenceNumber: string;
}

/** The result of one entry of a call. */
export type PutResult = AcceptedAt | { readonly error: string };

/** One call of `PutRecords`. Rejects if the call failed as a whole. */
export type PutRecords = (records: readonly PushRecord[]) => Promise<readonly PutResult[]>;

/** Calls `PutRecords` of a stream. */
export function putTo(client: KinesisClient, stream: string): PutRecords {
  return async (records) => {
    const Records = records.map(({ partitionKey, explicitHashKey, data }) => ({
      PartitionKey: partitionKey,
      ...(explicitHashKey === undefined ? {} : { ExplicitHashKey: explicitHashKey }),
      Data: data,
    }));
    const output = await client.send(new PutRecordsCommand({ StreamName: stream, Records }));
    return (output.Records ?? []).map(({ ShardId, SequenceNumber, ErrorCode }) =>
      ShardId === undefined || SequenceNumber === undefined
        ? { error: ErrorCode ?? 'unknown error' }
        : { shardId: ShardId, sequenceNumber: SequenceNumber },
    );
  };
}

/**
 * The response to a call was lost after its records had been stored; a retry stores them twice.
 * Only a simulated stream knows; both copies are reported as accepted.
 */
export class PutAnswerLost extends Error {
  override readonly name = 'TimeoutError';
  readonly stored: readonly PutResult[];

  constructor(stored: readonly PutResult[]) {
    super('the response was lost');
    this.stored = stored;
  }
}

/** A throttle, a server error, or no response (the records may have been stored). */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { $metadata } = error as { $metadata?: { readonly httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  const code = (error as { code?: unknown }).code;
  if (/Throughput|Throttl|LimitExceeded|Timeout/.test(error.name)) return true;
  if (status === undefined) return typeof code === 'string' && /^E[A-Z]+$/.test(code);
  return status >= 500;
}
