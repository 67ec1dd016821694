/**
 * Puts back onto the stream what was put aside. A record is taken out of the quarantine, and a message out of the
 * queue, only when Kinesis has acknowledged what was put: whoever dies in between leaves copies, which are one
 * event. What is still malformed comes back to the quarantine, as a row of its own.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { removeItems } from '../../simulator/dynamodb/client/remove.ts';
import { seededRandom } from '../../simulator/random.ts';
import { pushRecords } from '../../simulator/stream/push.ts';
import { type PushRecord, putTo } from '../../simulator/stream/put-records.ts';
import type { DiscardedBatch } from './failure-queue.ts';
import { keyOf, type Quarantined, type QuarantinedBytes, readQuarantined } from './quarantine.ts';
import { reread } from './reread.ts';

export interface RedriveParts {
  readonly kinesis: KinesisClient;
  readonly dynamoDb: DynamoDBClient;
  /** Where everything is put. */
  readonly streamName: string;
  readonly quarantineTable: string;
  pause(ms: number): Promise<void>;
  onProgress(done: number): void;
}

export interface Redriven {
  /** Records that were put back. */
  readonly records: number;
  /** What could not be, one line each; it stays where it is. */
  readonly refused: readonly string[];
}

/** Rows of 400 KB make ten megabytes. */
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
    for (const row of await readQuarantined(dynamoDb, quarantineTable, some)) {
      const record = row.isCut ? await uncut(row, parts) : row;
      if (record === undefined) {
        refused.push(
          `${row.record}: its row has only its beginning, and the stream does not keep it any more`,
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
    await removeItems(
      dynamoDb,
      quarantineTable,
      whole.map(({ entry }) => keyOf(entry)),
      pause,
    );
    done += whole.length;
    parts.onProgress(done);
  }
  return { records: done, refused };
}

/** The whole record, as long as the stream keeps it. */
async function uncut(
  { stream, record }: QuarantinedBytes,
  { kinesis }: RedriveParts,
): Promise<PushRecord | undefined> {
  const [shardId = '', sequenceNumber = ''] = record.split(':');
  const range = { streamArn: stream, shardId, first: sequenceNumber, last: sequenceNumber };
  for await (const [found] of reread(kinesis, range)) return found;
  return undefined;
}

/** `isWhole`: all of the batch's records were there, and were put. A stream forgets the oldest first. */
export async function redriveBatch(
  batch: DiscardedBatch,
  parts: RedriveParts,
): Promise<{ readonly records: number; readonly isWhole: boolean }> {
  let records = 0;
  let isWhole = false;
  for await (const page of reread(parts.kinesis, batch)) {
    if (records === 0) isWhole = page[0]?.sequenceNumber === batch.first;
    await putBack(page, parts);
    records += page.length;
    parts.onProgress(records);
  }
  return { records, isWhole };
}

/** Resolves when all of them are acknowledged. */
async function putBack(
  records: readonly PushRecord[],
  { kinesis, streamName, pause }: RedriveParts,
): Promise<void> {
  const put = putTo(kinesis, streamName);
  await pushRecords(records, { put, pause, random: seededRandom(streamName, 'redrive') });
}
