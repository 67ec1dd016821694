/**
 * One invocation of the handler that depends on the answers to its requests alone: no randomness,
 * no time.
 */
import { lambdaEvent } from '../../execution/lambda-event.ts';
import type { Environment } from '../../execution/virtual/environment.ts';
import { VIRTUAL_START_MS } from '../../execution/virtual/loop.ts';
import type { RequestPath } from '../../execution/virtual/request-path.ts';
import type { HandlerLoader } from '../../execution/virtual/shipped.ts';
import type { Workload } from '../../model/workload.ts';
import type { Batch } from './arrangements.ts';

export interface InvokeParts<Event> {
  readonly workload: Pick<Workload<Event>, 'encode' | 'tables'>;
  readonly events: readonly Event[];
  readonly batch: Batch;
  readonly load: HandlerLoader;
  readonly requestPath: RequestPath;
  readonly stage: string;
}

const TIMEOUT_MS = 60_000;

export async function invoke<Event>(parts: InvokeParts<Event>): Promise<unknown> {
  const { load, requestPath, stage, workload } = parts;
  const { tables } = workload;
  const handle = await load(ENVIRONMENT, requestPath, () => 0, { stage, tables, log: SILENT });
  const context = { getRemainingTimeInMillis: () => TIMEOUT_MS };
  return handle(eventOf(parts), context as Parameters<typeof handle>[1]);
}

/** The records that are delivered again: those from the first that the answer reports as failed. */
export function failedOf(batch: Batch, answer: unknown): Batch {
  const { batchItemFailures } = answer as { batchItemFailures: { itemIdentifier: string }[] };
  const places = batchItemFailures.map(({ itemIdentifier }) => Number(itemIdentifier) - 1);
  return places.length === 0 ? [] : batch.slice(Math.min(...places));
}

/** Resolves when no promise job is left. */
export function quiescence(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

function eventOf<Event>({ workload, events, batch }: InvokeParts<Event>) {
  const records = batch.map((event, at) => {
    const copy = batch.indexOf(event) < at ? 1 : 0;
    const { partitionKey, data } = workload.encode(events[event] as Event, copy);
    const sequenceNumber = String(at + 1);
    return { shardId: 'shardId-000000000000', sequenceNumber, partitionKey, data, arrivedAtMs: 0 };
  });
  return lambdaEvent(records, { streamArn: 'arn:aws:kinesis:x:0:stream/s', roleArn: 'arn:aws:r' });
}

/**
 * Timers fire at once, except a deadline, which never fires. A worker that dies gets no more
 * answers.
 */
const ENVIRONMENT: Environment = {
  worker: 'worker',
  now: () => VIRTUAL_START_MS,
  worldNow: () => VIRTUAL_START_MS,
  at(atMs, happen) {
    if (atMs - VIRTUAL_START_MS < TIMEOUT_MS / 2) queueMicrotask(happen);
    return () => {};
  },
  freeze() {},
  thaw() {},
  kill() {},
  fail() {},
  isDead: () => false,
};

const SILENT = { warn: () => {}, error: () => {}, counted: () => {} };
