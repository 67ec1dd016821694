/**
 * Puts quarantined records and discarded batches back onto the stream. A row or a message is removed only after
 * Kinesis has acknowledged its records: a crash in between leaves copies, which are one event. A record that is
 * still malformed comes back to the quarantine as a new row.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { deleteRows } from '../../simulator/dynamodb/client/write.ts';
import { seededRandom } from '../../simulator/random.ts';
import { pushRecords } from '../../simulator/stream/push.ts';
import { type PushRecord, putTo } from '../../simulator/stream/put-records.ts';
import type { DiscardedBatch } from './failure-queue.ts';
import { keyOf, type Quarantined, type QuarantinedBytes, readQuarantined } from './quarantine.ts';
import { readRange } from './read-range.ts';

export interface RedriveParts {
  readonly kinesis: KinesisClient;
  readonly dynamoDb: DynamoDBClient;
  readonly streamName: string;
  readonly quarantineTable: string;
  pause(ms: number): Promise<void>;
  onProgress(done: number): void;
}

export interface Redriven {
  /** Records that were put back. */
  readonly records: number;
  /** Those that were not, one line each; they stay where they are. */
  readonly refused: readonly string[];
}

/** At most 400 KB each: ten megabytes. */
const AT_ONCE = 25;
const RECORD_BYTES_MAX = 1024 * 1024;

export async function redriveQuarantined(
  entries: readonly Quarantined[],
  parts: RedriveParts,
): Promise<Redriven> {
  const { dynamoDb, quarantineTable, pause } = parts;
  const refused: string[] = [];
  let done = 0;
  for (let at = 0; at < entries.length; at += AT_ONCE) {
    const some = entries.slice(at, at + AT_ONCE);
    const whole: (PushRecord & { readonly entry: Quarantined })[] = [];
    for (const row of await readQuarantined(dynamoDb, quarantineTable, some, pause)) {
      const record = row.isCut ? await uncut(row, parts) : row;
      if (record === undefined) {
        refused.push(
          `${row.record}: its row has only the first bytes, and the stream no longer has the record`,
        );
      } else if (
        record.data.byteLength + Buffer.byteLength(record.partitionKey) >
        RECORD_BYTES_MAX
      ) {
        refused.push(
          `${row.record}: ${record.data.byteLength} bytes are more than PutRecords takes`,
        );
      } else {
        whole.push({ partitionKey: record.partitionKey, data: record.data, entry: row });
      }
    }
    await putBack(whole, parts);
    await deleteRows(
      { client: dynamoDb, table: quarantineTable, pause },
      whole.map(({ entry }) => keyOf(entry)),
    );
    done += whole.length;
    parts.onProgress(done);
  }
  return { records: done, refused };
}

/** The whole record; undefined when the stream no longer has it. */
async function uncut(
  { stream, record }: QuarantinedBytes,
  { kinesis }: RedriveParts,
): Promise<PushRecord | undefined> {
  const [shardId = '', sequenceNumber = ''] = record.split(':');
  const range = { streamArn: stream, shardId, first: sequenceNumber, last: sequenceNumber };
  for await (const [found] of readRange(kinesis, range)) return found;
  return undefined;
}

/** `isWhole`: the stream had all records of the batch. It deletes the oldest first. */
export async function redriveBatch(
  batch: DiscardedBatch,
  parts: RedriveParts,
): Promise<{ readonly records: number; readonly isWhole: boolean }> {
  let records = 0;
  let isWhole = false;
  for await (const page of readRange(parts.kinesis, batch)) {
    if (records === 0) isWhole = page[0]?.sequenceNumber === batch.first;
    await putBack(page, parts);
    records += page.length;
    parts.onProgress(records);
  }
  return { records, isWhole };
}

/** Resolves when all are acknowledged. */
async function putBack(
  records: readonly PushRecord[],
  { kinesis, streamName, pause }: RedriveParts,
): Promise<void> {
  const put = putTo(kinesis, streamName);
  await pushRecords(records, { put, pause, random: seededRandom(streamName, 'redrive') });
}
