/**
 * One schedule: invocations work at once, and a chooser says whose request is next to be carried out, or
 * at which one a worker dies. No latencies and no dice: what is chosen is all that decides.
 */
import { compare, type StoredTables } from '../check/check.ts';
import { hash32 } from '../dice.ts';
import { createSimulatedDynamoDB } from '../dynamodb/database.ts';
import type { TableDefinition as DatabaseTable } from '../dynamodb/schema.ts';
import { unmarshalItem } from '../tables/unmarshal.ts';
import { lambdaEvent } from '../worker/lambda-event.ts';
import type { Row, Workload } from '../workload/workload.ts';
import { forwardTo } from '../world/memory/door.ts';
import type { Environment } from '../world/memory/environment.ts';
import type { HandlerLoader } from '../world/memory/shipped.ts';
import type { Arrangement, Batch } from './arrangements.ts';

export interface ScheduleParts<Event> {
  readonly workload: Workload<Event>;
  readonly events: readonly Event[];
  readonly arrangement: Arrangement;
  readonly load: HandlerLoader;
  readonly tables: readonly DatabaseTable[];
  readonly stage: string;
  /** 1: a worker may die, once; 0: none does. */
  readonly deathsMax: 0 | 1;
  /**
   * Which of so many choices is taken; undefined: the schedule is given up. `state` is the same where
   * whatever may still come is the same.
   */
  choose(choices: readonly Choice[], state: () => string): number | undefined;
}

export interface Choice {
  /** Which of the invocations, from 0. */
  readonly invocation: number;
  readonly kind: 'goes' | 'dies after';
  readonly operation: string;
}

export type ScheduleEnd =
  | { readonly kind: 'given up' }
  | { readonly kind: 'right' }
  | { readonly kind: 'wrong'; readonly reason: string };

interface Invocation {
  readonly batch: Batch;
  pending: Pending | undefined;
  /** Of its requests and their answers: what its handler knows. */
  known: number;
  state: 'working' | 'dead' | 'done';
  answer: unknown;
}

interface Pending {
  readonly operation: string;
  readonly input: object;
  resolve(body: object): void;
  reject(error: unknown): void;
}

const START_MS = Date.parse('2017-03-28T23:52:53.763Z');
const TIMEOUT_MS = 60_000;
const INVOCATIONS_MAX = 20;

export async function runSchedule<Event>(parts: ScheduleParts<Event>): Promise<ScheduleEnd> {
  const { workload, events, stage } = parts;
  const watcher = workload.watch?.();
  let violation: string | undefined;
  let [stored, alsoStored] = [0, 0];
  const database = createSimulatedDynamoDB({
    tables: parts.tables,
    now: () => START_MS,
    onWritten(table, before, after) {
      // Of a set of items, whatever the order in which they were written.
      for (const item of [before, after]) {
        if (item === undefined) continue;
        stored ^= hashOf([table, item]);
        alsoStored ^= hashOf([item, table]);
      }
      const [was, is] = [before, after].map((item) => item && unmarshalItem(item as never));
      violation ??= watcher?.wrote(table.slice(stage.length + 1), was, is);
    },
  });
  const forward = forwardTo(database, () => {
    violation ??= watcher?.committed();
  });
  const invocations: Invocation[] = [];
  let deaths = parts.deathsMax > 0 ? 0 : 1;

  const start = (batch: Batch): void => {
    const invocation: Invocation = {
      batch,
      pending: undefined,
      known: 0,
      state: 'working',
      answer: undefined,
    };
    invocations.push(invocation);
    const door = (_: unknown, operation: string, input: object): Promise<object> =>
      new Promise((resolve, reject) => {
        invocation.pending = { operation, input, resolve, reject };
      });
    const handler = parts.load(environment(), door, () => 0, { stage, log: SILENT });
    const context = { getRemainingTimeInMillis: () => TIMEOUT_MS };
    void Promise.resolve(handler)
      .then((handle) => handle(eventOf(workload, events, batch), context))
      .then(
        (answer) => {
          invocation.answer = answer;
          if (invocation.state === 'working') invocation.state = 'done';
        },
        (error: unknown) => {
          violation ??= `an invocation threw ${String(error)}`;
        },
      );
  };

  const carryOut = async ({ invocation: index, kind }: Choice): Promise<void> => {
    const invocation = invocations[index] as Invocation;
    const { operation, input, resolve, reject } = invocation.pending as Pending;
    invocation.pending = undefined;
    const reply = await forward(operation, input as never);
    if (kind === 'dies after') {
      invocation.state = 'dead';
      deaths++;
      // The mapping delivers the batch again.
      start(invocation.batch);
      return;
    }
    const { body } = reply;
    invocation.known = hashOf([invocation.known, operation, input, body]);
    if (reply.error !== undefined) reject(reply.error);
    else resolve({ ...body });
  };

  const state = (): string =>
    [
      stored,
      alsoStored,
      deaths,
      // What the others did is in the tables.
      ...invocations
        .filter((each) => each.state === 'working')
        .map((each) => `${each.batch.join()} ${knowledge(each)}`)
        .sort(),
    ].join('/');

  for (const batch of parts.arrangement) start(batch);
  for (;;) {
    await quiet();
    if (violation !== undefined) return { kind: 'wrong', reason: violation };
    for (const invocation of invocations) {
      if (invocation.state !== 'done') continue;
      const again = failedOf(invocation);
      if (again.length === 0) continue;
      invocation.answer = undefined;
      start(again);
    }
    if (invocations.length > INVOCATIONS_MAX) return { kind: 'wrong', reason: 'it never ends' };
    await quiet();
    const choices = invocations.flatMap(({ pending, state }, invocation): Choice[] => {
      if (pending === undefined || state !== 'working') return [];
      const { operation } = pending;
      const goes = { invocation, operation, kind: 'goes' } as const;
      // A worker that dies at a read, or before a write, leaves what it left after its last write, and
      // when the next delivery begins is chosen anyway: so the other crash points are the same.
      const isRead = /Get|Query|Scan/.test(operation);
      return deaths > 0 || isRead ? [goes] : [goes, { ...goes, kind: 'dies after' }];
    });
    if (choices.length === 0) break;
    const chosen = parts.choose(choices, state);
    if (chosen === undefined) return { kind: 'given up' };
    await carryOut(choices[chosen] as Choice);
  }
  if (invocations.some((each) => each.state === 'working')) {
    return { kind: 'wrong', reason: 'an invocation waits for nothing, and has not answered' };
  }
  const rows = new Map<string, Row[]>();
  for (const { name, compared } of workload.tables) {
    if (!compared) continue;
    const { Items } = database.execute('Scan', { TableName: `${stage}-${name}` }) as {
      Items: never[];
    };
    rows.set(name, Items.map(unmarshalItem));
  }
  const differences = await compare(workload, workload.reference(events), rows as StoredTables);
  const [difference] = differences;
  if (difference === undefined) return { kind: 'right' };
  return {
    kind: 'wrong',
    reason: `${difference.table} ${difference.key.join(' ')}: expected ${JSON.stringify(difference.expected)}, got ${JSON.stringify(difference.actual)}`,
  };
}

function knowledge({ known, pending }: Invocation): string {
  return `${known} ${pending === undefined ? '' : hashOf([pending.operation, pending.input])}`;
}

/** The records from the first that is reported as failed: all of them are delivered again. */
function failedOf({ batch, answer }: Invocation): Batch {
  const failures = (answer as { batchItemFailures?: { itemIdentifier: string }[] } | undefined)
    ?.batchItemFailures;
  const places = (failures ?? []).map(({ itemIdentifier }) => Number(itemIdentifier) - 1);
  return places.length === 0 ? [] : batch.slice(Math.min(...places));
}

function eventOf<Event>(workload: Workload<Event>, events: readonly Event[], batch: Batch) {
  const seen = new Set<number>();
  const records = batch.map((event, at) => {
    const copy = seen.has(event) ? 1 : 0;
    seen.add(event);
    const { partitionKey, data } = workload.encode(events[event] as Event, copy);
    const sequenceNumber = String(at + 1);
    return { shardId: 'shardId-000000000000', sequenceNumber, partitionKey, data, arrivedAtMs: 0 };
  });
  return lambdaEvent(records, { streamArn: 'arn:aws:kinesis:x:0:stream/s', roleArn: 'arn:aws:r' });
}

/** It is never frozen; a dead one is just never answered. Only a deadline waits for long. */
function environment(): Environment {
  return {
    worker: 'worker',
    now: () => START_MS,
    worldNow: () => START_MS,
    at(atMs, happen) {
      if (atMs - START_MS < TIMEOUT_MS / 2) queueMicrotask(happen);
      return () => {};
    },
    freeze() {},
    thaw() {},
    kill() {},
    fail() {},
    isDead: false,
  };
}

const SILENT = { warn: () => {}, error: () => {}, counted: () => {} };

function hashOf(value: unknown): number {
  return hash32(
    JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part)),
  );
}

function quiet(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
