/** One invocation of the handler, where nothing decides but the answers to its requests: no random source, no time. */
import { lambdaEvent } from '../../execution/lambda-event.ts';
import type { Environment } from '../../execution/virtual/environment.ts';
import type { RequestPath } from '../../execution/virtual/request-path.ts';
import type { HandlerLoader } from '../../execution/virtual/shipped.ts';
import type { Workload } from '../../model/workload.ts';
import type { Batch } from './arrangements.ts';

export interface InvokeParts<Event> {
  readonly workload: Pick<Workload<Event>, 'encode'>;
  readonly events: readonly Event[];
  readonly batch: Batch;
  readonly load: HandlerLoader;
  readonly requestPath: RequestPath;
  readonly stage: string;
}

const NOW_MS = Date.parse('2017-03-28T23:52:53.763Z');
const TIMEOUT_MS = 60_000;

export async function invoke<Event>(parts: InvokeParts<Event>): Promise<unknown> {
  const { load, requestPath, stage } = parts;
  const handle = await load(ENVIRONMENT, requestPath, () => 0, { stage, log: SILENT });
  const context = { getRemainingTimeInMillis: () => TIMEOUT_MS };
  return handle(eventOf(parts), context as Parameters<typeof handle>[1]);
}

/** The records from the first that an answer reports as failed: all of them are delivered again. */
export function failedOf(batch: Batch, answer: unknown): Batch {
  const { batchItemFailures } = answer as { batchItemFailures: { itemIdentifier: string }[] };
  const places = batchItemFailures.map(({ itemIdentifier }) => Number(itemIdentifier) - 1);
  return places.length === 0 ? [] : batch.slice(Math.min(...places));
}

/** Resolves when no promise has anything left to do. */
export function quiet(): Promise<void> {
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

/** It is never frozen; a dead one is just never answered. Only a deadline waits for long, and for ever. */
const ENVIRONMENT: Environment = {
  worker: 'worker',
  now: () => NOW_MS,
  worldNow: () => NOW_MS,
  at(atMs, happen) {
    if (atMs - NOW_MS < TIMEOUT_MS / 2) queueMicrotask(happen);
    return () => {};
  },
  freeze() {},
  thaw() {},
  kill() {},
  fail() {},
  isDead: () => false,
};

const SILENT = { warn: () => {}, error: () => {}, counted: () => {} };
