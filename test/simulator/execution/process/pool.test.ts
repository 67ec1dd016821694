import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';
import { HandlerUnusable } from '../../../../src/simulator/execution/handler-unusable.ts';
import type { LoadableHandler } from '../../../../src/simulator/execution/process/import-handler.ts';
import {
  createPool,
  type Pool,
  type PoolOptions,
} from '../../../../src/simulator/execution/process/pool.ts';
import { parseReference } from '../../../../src/simulator/module-reference.ts';

const LIMIT_MS = 5_000;
const file = (name: string) => `${fileURLToPath(new URL('./handlers/', import.meta.url))}${name}`;

function loadable(reference: string): LoadableHandler {
  const { file: module, exportName } = parseReference(reference);
  return { entry: module, file: module, exportName };
}

const pools: Pool[] = [];
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.stop()));
});

function poolOf(handler: string, options: Partial<PoolOptions> = {}): Pool {
  const pool = createPool({
    handler: loadable(file(handler)),
    variables: { TABLE_SCORES_NAME: 'dev-Scores', AWS_LAMBDA_FUNCTION_NAME: 'dev-winner' },
    serve: async () => 1,
    ...options,
  });
  pools.push(pool);
  return pool;
}

describe('a worker', () => {
  test('is invoked as by Lambda, and reused', async () => {
    const started: string[] = [];
    const pool = poolOf('echo.ts', { onStarted: (worker) => started.push(worker) });
    const first = await pool.invoke({ value: 1 }, { invocation: 7, timeoutMs: LIMIT_MS });
    const second = await pool.invoke({ value: 2 }, { invocation: 8, timeoutMs: LIMIT_MS });
    expect(first).toEqual({
      kind: 'returned',
      value: {
        value: 1,
        invocations: 1,
        remainingMs: expect.any(Number),
        requestId: '00000000-0000-4000-8000-000000000007',
        pid: expect.any(Number),
        environment: {
          table: 'dev-Scores',
          functionName: 'dev-winner',
        },
      },
    });
    const { remainingMs } = returnedBy(first) as { remainingMs: number };
    expect(remainingMs).toBeGreaterThan(LIMIT_MS - 1_000);
    expect(remainingMs).toBeLessThanOrEqual(LIMIT_MS);
    expect(second).toMatchObject({ value: { value: 2, invocations: 2 } });
    expect(started).toEqual(['worker-1']);
  });

  test('serves one invocation at a time', async () => {
    const pool = poolOf('echo.ts');
    const assigned: string[] = [];
    const invoke = (invocation: number) =>
      pool.invoke(
        {},
        {
          invocation,
          timeoutMs: LIMIT_MS,
          onAssigned: (worker) => {
            assigned.push(worker);
            expect(pool.invocationOf(worker)).toBe(invocation);
          },
        },
      );
    const [one, two] = await Promise.all([invoke(1), invoke(2)]);
    expect(new Set(assigned).size).toBe(2);
    expect(pidOf(one)).not.toBe(pidOf(two));
    expect(pool.invocationOf('worker-1')).toBe(0);
  });

  test('is frozen after its response, and thawed by the next invocation', async () => {
    let ticks = 0;
    let onTick = (): void => {};
    const pool = poolOf('echo.ts', {
      onOutput: () => {
        ticks++;
        onTick();
      },
    });
    await pool.invoke({ do: 'tick' }, { invocation: 1, timeoutMs: LIMIT_MS });
    // Enough time for a hundred ticks.
    const other = poolOf('echo.ts');
    await other.check();
    const seen = ticks;
    await other.invoke({}, { invocation: 1, timeoutMs: LIMIT_MS });
    await other.stop();
    expect(ticks).toBe(seen);
    const ticked = new Promise<void>((resolve) => {
      onTick = resolve;
    });
    await pool.invoke({ do: 'hang' }, { invocation: 2, timeoutMs: 100 });
    await ticked;
  });

  test.each([
    [
      'throw',
      {
        kind: 'threw',
        error: {
          name: 'RangeError',
          message: expect.stringMatching(/^out of it \(test\/.*\/echo\.ts:\d+\)$/),
        },
      },
    ],
    ['cyclic', { kind: 'threw', error: { name: 'Runtime.JSONStringifyError' } }],
    ['nothing', { kind: 'returned', value: null }],
    [
      'exit',
      { kind: 'crashed', error: { message: expect.stringMatching(/status 3[\s\S]*last words/) } },
    ],
    [
      'reject-unhandled',
      {
        kind: 'crashed',
        error: {
          name: 'TypeError',
          message: expect.stringMatching(/^unhandled \(test\/.*\/echo\.ts:\d+\)$/),
        },
      },
    ],
  ])('that does "%s" has this outcome', async (action, outcome) => {
    const pool = poolOf('echo.ts');
    const actual = await pool.invoke({ do: action }, { invocation: 1, timeoutMs: LIMIT_MS });
    expect(actual).toMatchObject(outcome);
    // The next invocation succeeds.
    const next = await pool.invoke({ value: 'on' }, { invocation: 2, timeoutMs: LIMIT_MS });
    expect(next).toMatchObject({ kind: 'returned', value: { value: 'on' } });
  });

  test('is killed at its time-out and replaced by a cold start', async () => {
    const gone: unknown[] = [];
    const pool = poolOf('echo.ts', { onGone: (...args) => gone.push(args) });
    await pool.check();
    const hung = await pool.invoke({ do: 'hang' }, { invocation: 1, timeoutMs: 100 });
    expect(hung).toEqual({ kind: 'timed-out' });
    const next = await pool.invoke({}, { invocation: 2, timeoutMs: LIMIT_MS });
    expect(next).toMatchObject({ value: { invocations: 1 } });
    expect(gone).toEqual([['worker-1', 'killed', 'timed out']]);
  });

  test('can be killed during an invocation', async () => {
    const pool = poolOf('echo.ts');
    const outcome = await pool.invoke(
      { do: 'hang' },
      {
        invocation: 1,
        timeoutMs: LIMIT_MS,
        onAssigned: (worker) => setImmediate(() => pool.kill(worker)),
      },
    );
    expect(outcome.kind).toBe('crashed');
  });

  test('passes its output on by lines', async () => {
    const lines: string[] = [];
    const printed = new Promise<void>((resolve) => {
      const pool = poolOf('echo.ts', {
        onOutput: (worker, stream, line) => {
          lines.push(`${worker} ${stream} ${line}`);
          if (lines.length === 2) resolve();
        },
      });
      void pool.invoke({ do: 'print' }, { invocation: 1, timeoutMs: LIMIT_MS });
    });
    await printed;
    expect(lines).toEqual(['worker-1 stdout one', 'worker-1 stdout two']);
  });

  test('accepts an event of 6 MB', async () => {
    const pool = poolOf('echo.ts');
    const value = 'x'.repeat(6 * 1024 * 1024);
    const outcome = await pool.invoke({ value }, { invocation: 1, timeoutMs: LIMIT_MS });
    expect((returnedBy(outcome) as { value: string }).value).toHaveLength(value.length);
  });
});

describe('a handler', () => {
  test.each([
    ['echo.ts#other', 'other'],
    ['default.mjs', 'by default'],
  ])('is found at %s', async (handler, value) => {
    const outcome = await poolOf(handler).invoke({}, { invocation: 1, timeoutMs: LIMIT_MS });
    expect(outcome).toEqual({ kind: 'returned', value });
  });

  test.each([
    ['missing.ts', /there is no file .*missing\.ts/],
    ['echo.ts#nothing', /exports no "nothing"; it exports handler, number, other/],
    ['echo.ts#number', /"number" of .* is not a function, but of type number/],
    [
      'broken.ts',
      /can't be loaded: Error: at load \(test\/simulator\/execution\/process\/handlers\/broken\.ts:1\)$/,
    ],
    ['callback.cjs', /"handler" of .*callback\.cjs takes a callback \(it has 3 parameters\)/],
  ])('%s is unusable', async (handler, message) => {
    const check = poolOf(handler).check();
    await expect(check).rejects.toBeInstanceOf(HandlerUnusable);
    await expect(check).rejects.toThrow(message);
  });

  test.each([
    ['syntax.ts', /can't be loaded: SyntaxError: .* \(\/.*\/syntax\.ts:2\)$/],
    ['syntax.cjs', /can't be loaded: SyntaxError: .* \(\/.*\/syntax\.cjs:2\)$/],
    // Node omits the place.
    ['syntax.mjs', /can't be loaded: SyntaxError: [^(]*$/],
  ])('%s with a syntax error is unusable', async (name, message) => {
    // Written by the test, as the linter would reject such a file.
    const folder = mkdtempSync(join(tmpdir(), 'winner-view-test-'));
    try {
      const broken = join(folder, name);
      writeFileSync(broken, '// first line\nexports.handler = async ( => {};');
      const check = poolOf('', { handler: loadable(broken) }).check();
      await expect(check).rejects.toThrow(message);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function returnedBy(outcome: { readonly kind: string; readonly value?: unknown }): unknown {
  return outcome.value;
}

function pidOf(outcome: { readonly kind: string; readonly value?: unknown }): number {
  return (outcome.value as { pid: number }).pid;
}
