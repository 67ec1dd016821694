import { expect, test } from '@jest/globals';
import type { InvocationResult } from '../../../../src/simulator/event-source-mapping/messages.ts';
import type { Environment } from '../../../../src/simulator/execution/virtual/environment.ts';
import { createFunction } from '../../../../src/simulator/execution/virtual/function.ts';
import { createLoop } from '../../../../src/simulator/execution/virtual/loop.ts';
import type { FunctionFault } from '../../../../src/simulator/execution/virtual/run-invocation.ts';
import type { HistoryFact } from '../../../../src/simulator/model/history.ts';
import { seededRandom } from '../../../../src/simulator/random.ts';

const TIMEOUT_MS = 60_000;

type Handler = (environment: Environment, event: unknown, context: unknown) => Promise<unknown>;

function prepare(handle: Handler, faults: readonly FunctionFault[] = []) {
  const loop = createLoop(0);
  const facts: HistoryFact[] = [];
  const happened: string[] = [];
  let loads = 0;
  const lambda = createFunction({
    loop,
    random: seededRandom('S', 'function'),
    history: { append: (fact) => facts.push(fact) },
    timeoutMs: TIMEOUT_MS,
    memoryMb: 512,
    load(environment) {
      loads++;
      return (event, context) => handle(environment, event, context);
    },
    hits: (fault) => faults.includes(fault),
    happened: (fault) => happened.push(fault),
  });
  let invocations = 0;
  const workers: string[] = [];
  const invoke = (event: unknown = {}): Promise<InvocationResult> =>
    lambda.invoke(event, ++invocations, (worker) => workers.push(worker));
  return { loop, lambda, facts, happened, invoke, workers, loads: () => loads };
}

const pause = (environment: Environment, ms: number): Promise<void> =>
  new Promise((resolve) => environment.at(environment.worldNow() + ms, resolve));

test('an environment is reused, with its state', async () => {
  let state = 0;
  const { invoke, workers, loads } = prepare(async () => ++state);
  expect(await invoke()).toEqual({ kind: 'returned', value: 1 });
  expect(await invoke()).toEqual({ kind: 'returned', value: 2 });
  expect([workers, loads()]).toEqual([['worker-1', 'worker-1'], 1]);
});

test('concurrent invocations use different environments', async () => {
  const { invoke, workers } = prepare(async (environment) => pause(environment, 1_000));
  await Promise.all([invoke(), invoke()]);
  expect(workers.toSorted()).toEqual(['worker-1', 'worker-2']);
  await invoke();
  expect(new Set(workers).size).toBe(2);
});

test('a cold start takes time', async () => {
  const { loop, invoke } = prepare(async () => null);
  await invoke();
  const coldMs = loop.now();
  await invoke();
  expect(coldMs).toBeGreaterThanOrEqual(100);
  expect(loop.now()).toBe(coldMs);
});

test('a cold start follows a lost environment', async () => {
  const { invoke, workers, happened, facts } = prepare(async () => null, ['worker-lost']);
  await invoke();
  await invoke();
  expect([workers, happened]).toEqual([['worker-1', 'worker-2'], ['worker-lost']]);
  expect(facts).toContainEqual({ type: 'worker-killed', worker: 'worker-1', reason: 'lost' });
});

test('a worker is killed at the time-out, whatever it is doing', async () => {
  const steps: string[] = [];
  const { loop, invoke, workers } = prepare(async (environment) => {
    await pause(environment, 59_000);
    steps.push('before');
    await pause(environment, 2_000);
    steps.push('after');
  });
  expect(await invoke()).toEqual({ kind: 'timed-out' });
  await loop.pause(100_000);
  expect(steps).toEqual(['before']);
  await invoke();
  expect(workers).toEqual(['worker-1', 'worker-2']);
});

test('the context returns the remaining time', async () => {
  const left: number[] = [];
  const { invoke } = prepare(async (environment, _event, context) => {
    const { getRemainingTimeInMillis } = context as { getRemainingTimeInMillis(): number };
    left.push(getRemainingTimeInMillis());
    await pause(environment, 10_000);
    left.push(getRemainingTimeInMillis());
  });
  await invoke();
  expect(left).toEqual([60_000, 50_000]);
});

test('a promise left pending continues in the next invocation', async () => {
  const steps: string[] = [];
  const { loop, invoke } = prepare(async (environment, event) => {
    void pause(environment, 50).then(() => steps.push(`rest of ${String(event)}`));
    if (event === 'second') await pause(environment, 100);
  });
  await invoke('first');
  await loop.pause(10_000);
  expect(steps).toEqual([]);
  await invoke('second');
  expect(steps).toEqual(['rest of first', 'rest of second']);
});

test('a stalled worker does nothing more and times out', async () => {
  let isDone = false;
  const { invoke, happened } = prepare(
    async (environment) => {
      await pause(environment, 1_000);
      isDone = true;
    },
    ['time-out'],
  );
  expect(await invoke()).toEqual({ kind: 'timed-out' });
  expect([isDone, happened]).toEqual([false, ['time-out']]);
});

test('a worker that responds before its stall has not stalled', async () => {
  const { loop, invoke, happened } = prepare(async () => 1, ['time-out']);
  expect(await invoke()).toEqual({ kind: 'returned', value: 1 });
  await loop.pause(1_000);
  expect(happened).toEqual([]);
});

test('a kill ends only the invocation that it names', async () => {
  const { loop, lambda, invoke } = prepare(async (environment) => pause(environment, 1_000));
  const first = invoke();
  await loop.pause(600);
  expect(lambda.kill('worker-1', 2)).toBe(false);
  expect(lambda.kill('worker-9', 1)).toBe(false);
  expect(lambda.kill('worker-1', 1)).toBe(true);
  expect(await first).toEqual({ kind: 'crashed', error: 'the worker was killed' });
  expect(lambda.invocationOf('worker-1')).toBe(0);
});

test('an environment that fails ends its invocation and is not reused', async () => {
  const { invoke, workers } = prepare(async (environment, event) => {
    if (event === 'fail') environment.fail('uncaught');
    await pause(environment, 10);
    return 'answered';
  });
  expect(await invoke('fail')).toEqual({ kind: 'crashed', error: 'uncaught' });
  expect(await invoke()).toEqual({ kind: 'returned', value: 'answered' });
  expect(workers).toEqual(['worker-1', 'worker-2']);
});

test('an environment that fails while idle is not reused', async () => {
  let environment: Environment | undefined;
  const { invoke, workers } = prepare(async (own) => {
    environment = own;
  });
  await invoke();
  environment?.fail('late');
  await invoke();
  expect(workers).toEqual(['worker-1', 'worker-2']);
});

test.each([
  [
    'an exception',
    () => Promise.reject(new RangeError('no')),
    { kind: 'threw', error: 'RangeError: no' },
  ],
  ['nothing', async () => undefined, { kind: 'returned', value: null }],
  ['a date', async () => new Date(0), { kind: 'returned', value: '1970-01-01T00:00:00.000Z' }],
])('%s is serialised as by Lambda', async (_, handle, result) => {
  expect(await prepare(handle).invoke()).toEqual(result);
});
