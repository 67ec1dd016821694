/**
 * The handler: it applies a batch of a Kinesis stream, and returns the records that must be
 * delivered again. Every other record is in the tables or in the quarantine.
 */
import type {
  Context,
  KinesisStreamBatchResponse,
  KinesisStreamEvent,
  KinesisStreamRecord,
} from 'aws-lambda';
import { applyRecords } from './batch/apply-records.ts';
import type { BatchContext } from './batch/context.ts';
import { type Clock, type Counts, LIMITS, type Limits, type Log, type Random } from './ports.ts';
import type { ViewStore } from './view-store.ts';

export interface HandlerParts {
  readonly store: ViewStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly limits?: Partial<Limits>;
  /** For tests. */
  readonly observe?: BatchContext['observe'];
}

export type Handler = (
  event: KinesisStreamEvent,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
) => Promise<KinesisStreamBatchResponse>;

/** Any reason is cheaper than the default one, an exception with its stack. */
const ANSWERED = 'answered';

export function createHandler(parts: HandlerParts): Handler {
  const limits: Limits = { ...LIMITS, ...parts.limits };
  return async ({ Records: records }, context) => {
    const counts = noCounts();
    const timeIsUp = new AbortController();
    const answered = new AbortController();
    const workingMs = context.getRemainingTimeInMillis() - limits.reserveMs;
    const timer = parts.clock.sleep(workingMs, answered.signal).then(() => {
      if (!answered.signal.aborted) timeIsUp.abort();
    });
    let failed: readonly string[];
    try {
      failed = await applyRecords(records, { ...parts, limits, counts, signal: timeIsUp.signal });
    } finally {
      answered.abort(ANSWERED);
      await timer;
    }
    counts.records = records.length;
    counts.oldestRecordAgeMs = ageMs(records, parts.clock.now());
    counts.failed = failed.length;
    parts.log.counted(counts);
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
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
