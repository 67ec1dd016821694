/** Applies a batch: decodes its records, quarantines malformed ones, runs a task per product. */
import type { KinesisStreamRecord } from 'aws-lambda';
import { decode } from '../domain/decode.ts';
import type { GameEvent } from '../domain/event.ts';
import type { MalformedRecord } from '../domain/malformed-record.ts';
import type { BatchContext } from './context.ts';
import { createTask } from './product-task.ts';
import { quarantine } from './quarantine.ts';
import { runBatch } from './run-batch.ts';

/** Returns the sequence numbers of the records that are not completely applied. */
export async function applyRecords(
  records: readonly KinesisStreamRecord[],
  context: BatchContext,
): Promise<string[]> {
  const { products, malformed, foreign } = decodeAll(records);
  const { counts } = context;
  counts.skipped += foreign;
  const unquarantined = await quarantine(malformed, context);
  const tasks = [...products].map(([productId, arrivals]) =>
    createTask(
      productId,
      arrivals.map(({ event }) => event),
    ),
  );
  await runBatch(tasks, context);
  const failed = unquarantined.map(({ sequenceNumber }) => sequenceNumber);
  for (const task of tasks) {
    counts.copies += task.copiesInBatch + task.copiesStored;
    if (task.end === 'done') continue;
    const arrivals = products.get(task.productId) ?? [];
    failed.push(...arrivals.map(({ sequenceNumber }) => sequenceNumber));
  }
  return failed;
}

interface Arrival {
  readonly event: GameEvent;
  readonly sequenceNumber: string;
}

function decodeAll(records: readonly KinesisStreamRecord[]) {
  const products = new Map<string, Arrival[]>();
  const malformed: MalformedRecord[] = [];
  let foreign = 0;
  for (const { kinesis, eventID, eventSourceARN } of records) {
    const { sequenceNumber, partitionKey, approximateArrivalTimestamp } = kinesis;
    const data = Buffer.from(kinesis.data, 'base64');
    const decoded = decode(data);
    if (decoded.kind === 'foreign') foreign++;
    else if (decoded.kind === 'malformed') {
      malformed.push({
        stream: eventSourceARN,
        record: eventID,
        sequenceNumber,
        reason: decoded.reason,
        partitionKey,
        arrivedAt: approximateArrivalTimestamp,
        data,
      });
    } else {
      const { event } = decoded;
      const arrivals = products.get(event.productId);
      if (arrivals === undefined) products.set(event.productId, [{ event, sequenceNumber }]);
      else arrivals.push({ event, sequenceNumber });
    }
  }
  return { products, malformed, foreign };
}
