/** The Lambda's entry: the one place where the handler meets the real clock, dice, log and client. */
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createHandler } from './create-handler.ts';
import { createTables } from './tables.ts';

const names = {
  contributions: required('TABLE_CONTRIBUTIONS_NAME'),
  scores: required('TABLE_SCORES_NAME'),
  events: required('TABLE_EVENTS_NAME'),
  quarantine: required('TABLE_QUARANTINE_NAME'),
};

// One attempt a request: the handler plans each retry anew, from what is stored by then.
const client = new DynamoDBClient({ maxAttempts: 1 });

export const handler = createHandler({
  tables: createTables(client, names),
  clock: {
    now: Date.now,
    sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
  },
  dice: Math.random,
  log: {
    warn: (message, fields) => console.warn(JSON.stringify({ level: 'WARN', message, ...fields })),
    error: (message, fields) =>
      console.error(JSON.stringify({ level: 'ERROR', message, ...fields })),
    counted: (counts) =>
      console.info(JSON.stringify({ level: 'INFO', message: 'applied', ...counts })),
  },
});

function required(variable: string): string {
  const value = process.env[variable];
  if (value === undefined || value === '') {
    throw new Error(`${variable} is not set: it must hold the name of a table`);
  }
  return value;
}
