/**
 * The handler: a batch of a Kinesis stream in, the records that must be delivered again out. What it
 * does not report as failed is in the tables, or in the quarantine.
 */
import type {
  Context,
  KinesisStreamBatchResponse,
  KinesisStreamEvent,
  KinesisStreamRecord,
} from 'aws-lambda';
import { createTask } from './batch/product-task.ts';
import { backOffMs, slices, type Work } from './batch/retry.ts';
import { work } from './batch/run-batch.ts';
import { decode } from './domain/decode.ts';
import type { GameEvent } from './domain/event.ts';
import type { MalformedRecord } from './domain/malformed-record.ts';
import { classify } from './dynamodb/failure.ts';
import { ITEMS_PER_WRITE, type Tables } from './dynamodb/view-store.ts';
import {
  type Clock,
  type Counts,
  LIMITS,
  type Limits,
  type Log,
  type Random,
  type Situation,
} from './ports.ts';

export interface HandlerParts {
  readonly tables: Tables;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly limits?: Partial<Limits>;
  /** For tests. */
  readonly situation?: (name: Situation) => void;
}

export type Handler = (
  event: KinesisStreamEvent,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
) => Promise<KinesisStreamBatchResponse>;

/** Any reason is cheaper than the default one, an exception with its stack. */
const ANSWERED = 'answered';

export function createHandler(parts: HandlerParts): Handler {
  const limits: Limits = { ...LIMITS, ...parts.limits };
  return async (event, context) => {
    const counts = noCounts();
    const timeIsUp = new AbortController();
    const answered = new AbortController();
    const workingMs = context.getRemainingTimeInMillis() - limits.reserveMs;
    const timer = parts.clock.sleep(workingMs, answered.signal).then(() => {
      if (!answered.signal.aborted) timeIsUp.abort();
    });
    const to: Work = { ...parts, limits, counts, signal: timeIsUp.signal };
    let failed: readonly string[];
    try {
      failed = await apply(event.Records, to);
    } finally {
      answered.abort(ANSWERED);
      await timer;
    }
    counts.records = event.Records.length;
    counts.oldestRecordAgeMs = ageMs(event.Records, parts.clock.now());
    counts.failed = failed.length;
    parts.log.counted(counts);
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

/** The sequence numbers of the records that are not wholly applied. */
async function apply(records: readonly KinesisStreamRecord[], to: Work): Promise<string[]> {
  const events = new Map<string, { event: GameEvent; sequenceNumber: string }[]>();
  const malformed: MalformedRecord[] = [];
  const sequenceNumbers = new Map<string, string>();
  for (const record of records) {
    const { data, sequenceNumber, partitionKey, approximateArrivalTimestamp } = record.kinesis;
    const bytes = Buffer.from(data, 'base64');
    const decoded = decode(bytes);
    if (decoded.kind === 'foreign') to.counts.skipped++;
    else if (decoded.kind === 'malformed') {
      sequenceNumbers.set(record.eventID, sequenceNumber);
      malformed.push({
        stream: record.eventSourceARN,
        record: record.eventID,
        reason: decoded.reason,
        partitionKey,
        arrivedAt: approximateArrivalTimestamp,
        data: bytes,
      });
    } else {
      const { productId } = decoded.event;
      const others = events.get(productId);
      const arrived = { event: decoded.event, sequenceNumber };
      if (others === undefined) events.set(productId, [arrived]);
      else others.push(arrived);
    }
  }
  const unquarantined = await quarantine(malformed, to);
  const tasks = [...events].map(([productId, arrived]) =>
    createTask(
      productId,
      arrived.map(({ event }) => event),
    ),
  );
  if (to.situation !== undefined && tasks.some(({ copies }) => copies > 0)) {
    to.situation('copy in the same batch');
  }
  const done = await work(tasks, to);
  const failed = unquarantined.map((record) => sequenceNumbers.get(record) ?? '');
  for (const task of tasks) {
    to.counts.copies += task.copies;
    if (done.has(task)) continue;
    for (const { sequenceNumber } of events.get(task.productId) ?? []) failed.push(sequenceNumber);
  }
  return failed;
}

/** Answers the records that could not be put away: they are delivered again. */
async function quarantine(malformed: readonly MalformedRecord[], to: Work): Promise<string[]> {
  let left = [...malformed];
  for (let attempt = 0; left.length > 0 && attempt < to.limits.attemptsMax; attempt++) {
    if (to.signal.aborted) break;
    if (attempt > 0) {
      await to.clock.sleep(backOffMs(attempt, to), to.signal);
    }
    const unwritten: MalformedRecord[] = [];
    for (const some of slices(left, ITEMS_PER_WRITE)) {
      try {
        const names = new Set(await to.tables.quarantine(some, to.signal));
        if (names.size > 0) to.counts.retries++;
        unwritten.push(...some.filter(({ record }) => names.has(record)));
      } catch (error) {
        if (to.signal.aborted) return left.map(({ record }) => record);
        to.counts.retries++;
        unwritten.push(...some);
        if (classify(error) === 'fatal') {
          to.log.error('a malformed record could not be quarantined', {
            error: error instanceof Error ? error.name : typeof error,
          });
          return left.map(({ record }) => record);
        }
      }
    }
    left = unwritten;
  }
  to.counts.quarantined = malformed.length - left.length;
  return left.map(({ record }) => record);
}

function ageMs(records: readonly KinesisStreamRecord[], now: number): number {
  const arrivals = records.map(({ kinesis }) => kinesis.approximateArrivalTimestamp * 1000);
  return Math.max(0, now - Math.min(now, ...arrivals));
}

function noCounts(): Counts {
  return {
    records: 0,
    applied: 0,
    copies: 0,
    skipped: 0,
    quarantined: 0,
    recredited: 0,
    conflicts: 0,
    retries: 0,
    failed: 0,
    oldestRecordAgeMs: 0,
  };
}
