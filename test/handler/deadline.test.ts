/**
 * At the deadline the handler stops, reports what is not done, and leaves no request in flight. Only
 * requests and back-offs take time here. Of the requests that the deadline aborts, half have been
 * applied.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { KinesisStreamEvent } from 'aws-lambda';
import { createDynamoDBViewStore } from '../../src/handler/dynamodb/view-store.ts';
import { createHandler } from '../../src/handler/handler.ts';
import { type Clock, LIMITS } from '../../src/handler/ports.ts';
import { seededRandom } from '../../src/simulator/random.ts';
import { winner } from '../../src/simulator/workload/winner/winner.ts';
import {
  batchOf,
  encodeAll,
  startViewServer,
  type View,
  type ViewServer,
} from '../support/view.ts';

jest.setTimeout(30_000);
let server: ViewServer;
beforeAll(async () => {
  server = await startViewServer();
});
afterAll(() => server.stop());

const REQUEST_MS = 50;
const history = winner.generate('deadline', { count: 120, entities: { products: 12, users: 4 } });
const EVENTS = Array.from({ length: history.length }, (_, at) => history.at(at));
const BATCH = batchOf([...encodeAll(EVENTS), new TextEncoder().encode('malformed')]);

/** The remaining time at the start of the invocation, less the reserve. */
const WORKING_MS = [-500, 0, 30, 80, 130, 180, 230, 280, 330, 400, 500, 700, 1_000];

test.each(WORKING_MS)(
  '%d ms to work in: returns in time, with no request in flight',
  async (workingMs) => {
    const view = await server.createView();
    const first = await invoke(view, BATCH, workingMs);
    expect(first.tookMs).toBeLessThanOrEqual(Math.max(0, workingMs));
    expect(first.requestsInFlight).toBe(0);
    expect(first.sleeping).toBe(0);
    // Only the reported records are delivered again: the others must be in the tables.
    const rest = BATCH.Records.filter(({ kinesis }) => first.failed.has(kinesis.sequenceNumber));
    expect(rest).toHaveLength(first.failed.size);
    const second = await invoke(view, { Records: rest }, 60_000);
    expect(second.failed.size).toBe(0);
    expect(await view.differences(EVENTS)).toEqual([]);
    expect(await view.rows('Quarantine')).toHaveLength(1);
  },
);

test('the more time there is, the less is reported: all, some, none', async () => {
  const reported: number[] = [];
  for (const workingMs of [0, 330, 60_000]) {
    reported.push((await invoke(await server.createView(), BATCH, workingMs)).failed.size);
  }
  const [all, some, none] = reported;
  expect(all).toBe(BATCH.Records.length);
  expect(some).toBeGreaterThan(0);
  expect(some).toBeLessThan(BATCH.Records.length);
  expect(none).toBe(0);
});

test('a back-off ends at the deadline', async () => {
  const view = await server.createView();
  for (const workingMs of [60, 500, 3_000]) {
    const { failed, tookMs, requestsInFlight, sleeping } = await invoke(
      view,
      BATCH,
      workingMs,
      () => 'ThrottlingException',
    );
    expect(failed.size).toBe(BATCH.Records.length);
    expect(tookMs).toBe(workingMs);
    expect([requestsInFlight, sleeping]).toEqual([0, 0]);
  }
});

test('a fatal failure of one concurrent request: the others are awaited', async () => {
  const events = { Records: BATCH.Records.slice(0, -1) };
  let writes = 0;
  const fail = (command: object) =>
    command.constructor.name === 'BatchWriteItemCommand' && ++writes === 1
      ? 'AccessDeniedException'
      : undefined;
  const { failed, requestsInFlight } = await invoke(
    await server.createView(),
    events,
    60_000,
    fail,
    16,
  );
  expect(failed.size).toBeGreaterThan(0);
  expect(writes).toBeGreaterThan(1);
  expect(requestsInFlight).toBe(0);
});

/** Returns the state at the moment of the response. */
async function invoke(
  view: View,
  event: ReturnType<typeof batchOf>,
  workingMs: number,
  fail: (command: object) => string | undefined = () => undefined,
  productsAtOnce = 4,
) {
  const clock = createClock();
  let requestsInFlight = 0;
  let requests = 0;
  /** Requests at the server, during which the clock stands still. */
  let atServer = 0;
  const send = view.client.send.bind(view.client) as (command: unknown) => Promise<unknown>;
  const client = {
    async send(command: object, { abortSignal }: { abortSignal: AbortSignal }) {
      requestsInFlight++;
      const applies = requests++ % 2 === 0 ? 'before' : 'after';
      const failure = fail(command);
      const apply = async () => {
        atServer++;
        try {
          return await send(command);
        } finally {
          atServer--;
        }
      };
      try {
        abortSignal.throwIfAborted();
        if (failure !== undefined) throw named(failure);
        const applied = applies === 'before' ? await apply() : undefined;
        await clock.sleep(REQUEST_MS, abortSignal);
        if (abortSignal.aborted) throw named('AbortError');
        return applied ?? (await apply());
      } finally {
        requestsInFlight--;
      }
    },
  } as unknown as DynamoDBClient;
  const handler = createHandler({
    store: createDynamoDBViewStore(client, view.names),
    clock,
    random: seededRandom('deadline', 'handler'),
    log: { warn: () => {}, error: () => {}, counted: () => {} },
    limits: { productsAtOnce },
  });
  let isAnswered = false;
  const answered = handler(event as unknown as KinesisStreamEvent, {
    getRemainingTimeInMillis: () => LIMITS.reserveMs + workingMs - clock.now(),
  }).then(({ batchItemFailures }) => {
    isAnswered = true;
    return {
      failed: new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)),
      tookMs: clock.now(),
      requestsInFlight,
      sleeping: clock.sleeping(),
    };
  });
  while (!isAnswered) {
    await new Promise((resolve) => setImmediate(resolve));
    if (atServer === 0 && !isAnswered) clock.pass();
  }
  return answered;
}

/** A clock that moves only by `pass`, to the next time that a sleeper waits for. */
function createClock(): Clock & { pass(): void; sleeping(): number } {
  const sleepers = new Set<{ readonly atMs: number; wake(): void }>();
  let nowMs = 0;
  return {
    now: () => nowMs,
    sleep(ms, signal) {
      return new Promise((resolve) => {
        if (ms <= 0 || signal.aborted) return resolve();
        const sleeper = {
          atMs: nowMs + ms,
          wake() {
            sleepers.delete(sleeper);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal.addEventListener('abort', sleeper.wake, { once: true });
      });
    },
    pass() {
      nowMs = Math.max(nowMs, Math.min(...[...sleepers].map(({ atMs }) => atMs)));
      for (const sleeper of [...sleepers]) if (sleeper.atMs <= nowMs) sleeper.wake();
    },
    sleeping: () => sleepers.size,
  };
}

function named(name: string): Error {
  return Object.assign(new Error(name), { name });
}
