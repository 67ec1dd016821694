/** The Lambda function's entry: it passes the real clock, random source, log and client. */
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context, KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { createDynamoDBViewStore } from './dynamodb/view-store.ts';
import { createHandler } from './handler.ts';
import { createTelemetry } from './telemetry.ts';

const names = {
  contributions: required('TABLE_CONTRIBUTIONS_NAME'),
  scores: required('TABLE_SCORES_NAME'),
  events: required('TABLE_EVENTS_NAME'),
  quarantine: required('TABLE_QUARANTINE_NAME'),
};

const client = new DynamoDBClient({
  // One attempt per request: the handler plans each retry from what is stored by then.
  maxAttempts: 1,
  // Without these, one connection without a response takes all of an invocation's time.
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
});
const telemetry = createTelemetry(process.env);

const handle = createHandler({
  store: createDynamoDBViewStore(client, names),
  clock: {
    now: Date.now,
    sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
  },
  random: Math.random,
  log: telemetry,
});

export function handler(
  event: KinesisStreamEvent,
  context: Context,
): Promise<KinesisStreamBatchResponse> {
  telemetry.begin(context);
  return handle(event, context);
}

function required(variable: string): string {
  const value = process.env[variable];
  if (value === undefined || value === '') {
    throw new Error(`${variable} is not set: it must be the name of a table`);
  }
  return value;
}
