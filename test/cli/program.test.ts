import { describe, expect, test } from '@jest/globals';
import type { CommandIo, Run } from '../../src/cli/command.ts';
import type { StopSignal } from '../../src/cli/exit-status.ts';
import type { ParseContext } from '../../src/cli/parse.ts';
import { main as mainOf } from '../../src/cli/program.ts';
import { SIMULATE } from '../../src/cli/simulate.ts';
import { HandlerUnusable } from '../../src/simulator/execution/handler-unusable.ts';
import { SimulatorError } from '../../src/simulator/model/errors.ts';
import { PushFailed } from '../../src/simulator/stream/push.ts';
import { sampleResult } from '../simulator/report/sample.ts';
import { context } from './context.ts';
import { WrittenText } from './terminal.ts';

/** The process around the command: its streams, its clock and its signals. */
function createProcess({ isTTY = false, env = {} as Record<string, string> } = {}) {
  const stdout = new WrittenText(isTTY);
  const stderr = new WrittenText(isTTY);
  const timers = new Set<{ readonly atMs: number; readonly call: () => void }>();
  const exits: number[] = [];
  let nowMs = 1000;
  let stopped = (_signal: StopSignal): void => {};
  let crashed = (_error: unknown): void => {};
  let listening = false;
  const io: CommandIo & ParseContext = {
    ...context,
    stdout,
    stderr,
    env,
    listen: (listeners) => {
      ({ stopped, crashed } = listeners);
      listening = true;
      return () => {
        listening = false;
      };
    },
    nowMs: () => nowMs,
    later: (delayMs, call) => {
      const timer = { atMs: nowMs + delayMs, call };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    exitNow: (status) => exits.push(status),
  };
  const pass = (ms: number): void => {
    nowMs += ms;
    for (const timer of [...timers]) {
      if (timer.atMs > nowMs) continue;
      timers.delete(timer);
      timer.call();
    }
  };
  return {
    io,
    stdout,
    stderr,
    exits,
    pass,
    signal: (signal: StopSignal) => stopped(signal),
    crash: (error: unknown) => crashed(error),
    isListening: () => listening,
    timersLeft: () => timers.size,
  };
}

const main = (argv: readonly string[], io: CommandIo & ParseContext, run: Run) =>
  mainOf(argv, SIMULATE, io, run);

const converged: Run = async (options) => sampleResult({ options });
const failing =
  (error: unknown): Run =>
  async () => {
    throw error;
  };
/** A run that ends, by rejection, as soon as it is told to. */
const obedient: Run = (_options, { signal }) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
const stubborn: Run = () => new Promise(() => {});
/** A turn of the event loop, so that the command gets to its run. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test.each([
  [60, 60],
  // No terminal, or one that doesn't know.
  [undefined, 120],
  [0, 120],
])('a terminal of %p columns gets lines of at most %d', async (columns, width) => {
  const { io, stdout } = createProcess();
  const wide = columns === undefined ? stdout : Object.assign(stdout, { columns });
  const status = await main(['--shuffle'], { ...io, stdout: wide }, converged);
  const lines = stdout.text.split('\n').map((line) => line.length);
  expect(status).toBe(0);
  expect(Math.max(...lines)).toBeLessThanOrEqual(width);
  expect(Math.max(...lines)).toBeGreaterThan(width / 2);
});

describe('exit status', () => {
  test.each([
    ['converged', 0],
    ['diverged', 2],
    ['unknown', 3],
  ] as const)('%s: %d', async (verdict, status) => {
    const { io, stdout, isListening } = createProcess();
    const run: Run = async (options) => sampleResult({ options, verdict });
    expect(await main(['--seed', 'S'], io, run)).toBe(status);
    expect(stdout.text).toContain(verdict.toUpperCase());
    expect(isListening()).toBe(false);
  });

  test('wrong usage: 64, one line, nothing run', async () => {
    const { io, stdout, stderr } = createProcess();
    expect(await main(['--shufle'], io, failing(new Error('ran')))).toBe(64);
    expect(stderr.text).toBe('simulate: unknown flag --shufle; did you mean --shuffle?\n');
    expect(stdout.text).toBe('');
  });

  test.each<[number, Error]>([
    [64, new SimulatorError('usage', 'no good')],
    [64, new HandlerUnusable('no good')],
    [69, new SimulatorError('unavailable', 'no good')],
    [69, new PushFailed('no good')],
  ])('%d by the kind of the error: %s', async (status, error) => {
    const { io, stderr } = createProcess();
    expect(await main([], io, failing(error))).toBe(status);
    expect(stderr.text).toBe('simulate: no good\n');
  });

  test('causes are told, on the same line', async () => {
    const { io, stderr } = createProcess();
    const cause = new Error('ECONNREFUSED\n  127.0.0.1');
    await main([], io, failing(new SimulatorError('unavailable', 'no answer', { cause })));
    expect(stderr.text).toBe('simulate: no answer: ECONNREFUSED 127.0.0.1\n');
  });

  test.each([new TypeError('x is undefined'), new SimulatorError('bug', 'impossible'), 'a text'])(
    'our own bug: 70, with the stack and the command: %s',
    async (error) => {
      const { io, stderr } = createProcess();
      expect(await main(['--seed', 'it is', '--shuffle'], io, failing(error))).toBe(70);
      expect(stderr.text).toContain(error instanceof Error ? 'program.test.ts' : 'a text');
      expect(stderr.text.trimEnd()).toMatch(
        /report it.*\n {2}npx simulate --seed 'it is' --shuffle$/,
      );
    },
  );

  test('help and version: 0, on stdout', async () => {
    const { io, stdout, stderr } = createProcess();
    expect(await main(['--version'], io, stubborn)).toBe(0);
    expect(stdout.text).toBe('1.2.3\n');
    expect(await main(['--help'], io, stubborn)).toBe(0);
    expect(stdout.text).toContain('--shuffle');
    expect(stderr.text).toBe('');
  });
});

describe('output', () => {
  const showing: Run = async (options, { readers }) => {
    for (const read of readers) read({ atMs: 0, type: 'stage-started', stage: 'push' });
    return sampleResult({ options });
  };

  test('seed and options first, the result last, the stages on stderr', async () => {
    const { io, stdout, stderr } = createProcess();
    await main(['--seed', 'my seed'], io, showing);
    expect(stdout.text).toMatch(/^seed +my seed\n[\s\S]*CONVERGED[\s\S]*npx simulate/);
    expect(stderr.text).toBe('   0.0 s  push\n');
    expect(stdout.text).not.toContain('\u001b');
  });

  test('with --json stdout is one JSON document', async () => {
    const { io, stdout, stderr } = createProcess();
    await main(['--seed', 'my seed', '--json'], io, showing);
    expect(JSON.parse(stdout.text)).toMatchObject({
      verdict: 'converged',
      options: { seed: 'my seed' },
    });
    expect(stderr.text).toContain('my seed');
  });

  test('with --json and no result stdout stays empty', async () => {
    const { io, stdout } = createProcess();
    await main(['--json'], io, failing(new Error('x')));
    expect(stdout.text).toBe('');
  });

  test.each<[string, boolean, Record<string, string>, boolean]>([
    ['a terminal', true, {}, true],
    ['a terminal with NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['a terminal with an empty NO_COLOR', true, { NO_COLOR: '' }, true],
    ['a dumb terminal', true, { TERM: 'dumb' }, false],
    ['a file', false, {}, false],
  ])('colour on %s: %#', async (_name, isTTY, env, coloured) => {
    const { io, stdout } = createProcess({ isTTY, env });
    await main([], io, converged);
    expect(stdout.text.includes('\u001b[1m')).toBe(coloured);
  });
});

describe('interruption', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s lets the run clean up, then: %d', async (signal, status) => {
    const around = createProcess();
    const ended = main([], around.io, obedient);
    await turn();
    around.signal(signal);
    expect(await ended).toBe(status);
    expect(around.exits).toEqual([]);
    expect(around.timersLeft()).toBe(0);
    expect(around.stderr.text).toBe('');
    expect(around.isListening()).toBe(false);
  });

  test('a result that comes after it is no verdict', async () => {
    const around = createProcess();
    const late: Run = (options, { signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve(sampleResult({ options })));
      });
    const ended = main([], around.io, late);
    await turn();
    around.signal('SIGINT');
    expect(await ended).toBe(130);
    expect(around.stdout.text).not.toContain('CONVERGED');
  });

  test('a second Ctrl-C ends it at once, but not the echo of the first that npx sends', async () => {
    const around = createProcess();
    void main([], around.io, stubborn);
    await turn();
    around.signal('SIGINT');
    around.pass(20);
    around.signal('SIGINT');
    expect(around.exits).toEqual([]);
    around.pass(500);
    around.signal('SIGINT');
    expect(around.exits).toEqual([130]);
  });

  test('a run that does not end is ended within two seconds', async () => {
    const around = createProcess();
    void main([], around.io, stubborn);
    await turn();
    around.signal('SIGTERM');
    around.pass(1000);
    expect(around.exits).toEqual([]);
    around.pass(950);
    expect(around.exits).toEqual([143]);
  });

  test('an uncaught error: status 70, reported once, whatever fails after it', async () => {
    const around = createProcess();
    const ended = main(['--seed', 'S'], around.io, obedient);
    await turn();
    around.crash(new Error('first'));
    around.crash(new Error('second'));
    expect(await ended).toBe(70);
    expect(around.stderr.text).toContain('first');
    expect(around.stderr.text).not.toContain('second');
    expect(around.stderr.text.match(/npx simulate/g)).toHaveLength(1);
  });
});
