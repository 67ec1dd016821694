/** Reads a range of a shard again. */
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { compareSequenceNumbers, type StreamRecord } from '../../simulator/model/stream-record.ts';
import { readShard } from '../../simulator/stream/read-shard.ts';

export interface RecordRange {
  readonly streamArn: string;
  readonly shardId: string;
  /** Sequence numbers, inclusive. */
  readonly first: string;
  readonly last: string;
}

/** Page by page; empty if stream, shard or records are gone. */
export async function* readRange(
  client: KinesisClient,
  { streamArn, shardId, first, last }: RecordRange,
): AsyncGenerator<readonly StreamRecord[]> {
  const stream = streamArn.slice(streamArn.lastIndexOf('/') + 1);
  const start = { type: 'AT_SEQUENCE_NUMBER', sequenceNumber: first } as const;
  const reader = readShard(client, stream, shardId, start);
  for (;;) {
    let page: Awaited<ReturnType<typeof reader.next>>;
    try {
      page = await reader.next();
    } catch (error) {
      if (error instanceof Error && GONE.has(error.name)) return;
      throw error;
    }
    const { records, isEnd, millisBehindLatest } = page;
    const isWanted = ({ sequenceNumber }: StreamRecord): boolean =>
      compareSequenceNumbers(sequenceNumber, first) >= 0 &&
      compareSequenceNumbers(sequenceNumber, last) <= 0;
    const wanted = records.filter(isWanted);
    if (wanted.length > 0) yield wanted;
    const isPast =
      records.length > 0 && compareSequenceNumbers(records.at(-1)?.sequenceNumber ?? '', last) >= 0;
    // A page may be empty although others follow.
    if (isPast || isEnd || (records.length === 0 && millisBehindLatest === 0)) return;
  }
}

/** Errors of Kinesis for an expired shard, or a sequence number that no current shard can have. */
const GONE: ReadonlySet<string> = new Set([
  'ResourceNotFoundException',
  'InvalidArgumentException',
]);
