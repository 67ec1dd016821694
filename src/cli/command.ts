/**
 * The command: parse, run, print, and say how it ended. All that it needs of the process is passed
 * in, so that a test can be the terminal, the clock and the person who presses Ctrl-C.
 */
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import type { HistoryReader } from '../simulator/history/history.ts';
import { errorKind } from '../simulator/model/errors.ts';
import type { Observer } from '../simulator/model/observer.ts';
import type { RunOptions } from '../simulator/model/run-options.ts';
import type { RunResult } from '../simulator/model/run-result.ts';
import { formatJson } from '../simulator/report/json.ts';
import { formatHeader, formatResult, type ReportStyle } from '../simulator/report/terminal.ts';
import type { Deliver } from '../simulator/run/deliver/deliver.ts';
import type { RunInput } from '../simulator/run/run.ts';
import type { Keeper, KeptRun } from '../simulator/runs/store.ts';
import { EXIT_OF_FAILURE, EXIT_OF_SIGNAL, EXIT_OF_VERDICT, type StopSignal } from './exit.ts';
import { type CommandLine, type ParseContext, parseCommandLine } from './options.ts';
import { createProgress } from './progress.ts';
import { repeatCommand, shellQuoted } from './repeat.ts';
import type { RunCommand } from './run-command.ts';
import type { Work, WorkContext } from './subcommand.ts';

/** Does one run. Once the signal is aborted, cleans up and settles, whichever way. */
export type Run = (options: RunOptions, context: RunContext) => Promise<RunResult>;

export interface RunContext {
  readonly readers: readonly HistoryReader[];
  readonly observer?: Observer | undefined;
  readonly signal: AbortSignal;
  /** The command that repeats the run. */
  readonly repeat: string;
  /** The history and its pushes, in place of those that the options generate. */
  readonly input?: RunInput<unknown>;
  /** In place of the world's own way of delivery. */
  readonly deliver?: Deliver;
}

export type OutputStream = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  /** Of a terminal: characters in a line. */
  readonly columns?: number;
};

export interface CommandIo extends ParseContext {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Tells of signals and of errors that nobody caught, until the returned function is called. */
  listen(listeners: {
    readonly stopped: (signal: StopSignal) => void;
    readonly crashed: (error: unknown) => void;
  }): () => void;
  /** Milliseconds from any point in time. */
  nowMs(): number;
  /** Loads what keeps runs. Without it, none is kept. */
  keep?(): Promise<Keeper>;
  /** Calls once, later, unless the returned function is called before. */
  later(delayMs: number, call: () => void): () => void;
  /** Ends the process at once. */
  exitNow(status: number): void;
}

/** Characters in a line of what is no terminal. */
const COLUMNS = 120;
/** What a run may take to clean up, so that Ctrl-C ends it within two seconds. */
const GRACE_MS = 1800;
/** npx passes on a Ctrl-C that the terminal has sent us already: twice at once is one. */
const SAME_SIGNAL_MS = 250;

/** A command line of its own, with the manners of this one: its words, and what they mean. */
export interface Program {
  /** What its messages begin with. */
  readonly name: string;
  /** What is typed before its words. */
  readonly typed: string;
  parse(argv: readonly string[], context: ParseContext): Promise<CommandLine>;
}

export const SIMULATE: Program = {
  name: 'simulate',
  typed: 'npx simulate',
  parse: parseCommandLine,
};

/** Resolves to the exit status. */
export async function main(
  argv: readonly string[],
  io: CommandIo,
  run: Run,
  program = SIMULATE,
): Promise<number> {
  const commandLine = await program.parse(argv, io);
  switch (commandLine.kind) {
    case 'help':
    case 'version':
      io.stdout.write(commandLine.text);
      return 0;
    case 'usage':
      io.stderr.write(`${program.name}: ${commandLine.message}\n`);
      return EXIT_OF_FAILURE.usage;
    case 'run':
      return perform(commandLine, io, run);
    case 'work':
      return performWork(commandLine.work, argv, io, run, program);
  }
}

async function perform(
  { options, reporters, out, configFile }: RunCommand,
  io: CommandIo,
  run: Run,
): Promise<number> {
  const { stdout, stderr } = io;
  const info = reporters.has('json') || reporters.has('junit') ? stderr : stdout;
  const style = (stream: OutputStream): ReportStyle => styleOf(stream, io.env);
  info.write(formatHeader(options, style(info), configFile));
  const terminal = stderr.isTTY === true && io.env['TERM'] !== 'dumb';
  const progress = createProgress(stderr, { terminal, colour: style(stderr).colour }, options);

  const command = repeatCommand(options, io.workloadDefaults);
  // What it says nothing about is as by default, whatever a file says.
  const repeat = configFile === undefined ? command : `${command} --no-config`;
  const stop = createStop(io);
  const fail = (error: unknown): number => {
    progress.stop();
    stderr.write(formatFailure(error, repeat));
    return EXIT_OF_FAILURE[errorKind(error)];
  };
  const unlisten = io.listen({
    stopped: (signal) => {
      progress.stop();
      stop.request(EXIT_OF_SIGNAL[signal]);
    },
    crashed: (error) => {
      // What breaks while everything is being torn down is not worth a word.
      if (stop.status() === undefined) fail(error);
      stop.request(EXIT_OF_FAILURE.bug);
    },
  });
  let kept: KeptRun | undefined;
  let isWhole = false;
  try {
    if (out !== undefined) kept = (await io.keep?.())?.run(out, options.seed);
    const result = await run(options, {
      readers: [progress.read, ...(kept?.readers ?? [])],
      observer: kept?.observer,
      signal: stop.signal,
      repeat,
    });
    progress.stop();
    const stopStatus = stop.status();
    if (stopStatus !== undefined) return stopStatus;
    await report(result, { reporters, io, style });
    try {
      await kept?.finish(result);
      isWhole = true;
      if (kept !== undefined)
        info.write(`\nKept: ${path.relative(io.cwd, kept.path)} (report.html)\n`);
    } catch (error) {
      // A full disk takes nothing away from the verdict.
      stderr.write(`simulate: ${kept?.path} is not whole: ${withCauses(error)}\n`);
    }
    return EXIT_OF_VERDICT[result.verdict];
  } catch (error) {
    return stop.status() ?? fail(error);
  } finally {
    if (!isWhole) kept?.interrupted();
    progress.stop();
    stop.settled();
    unlisten();
  }
}

interface Reporting {
  readonly reporters: RunCommand['reporters'];
  readonly io: CommandIo;
  style(stream: OutputStream): ReportStyle;
}

async function report(result: RunResult, { reporters, io, style }: Reporting): Promise<void> {
  const { stdout, stderr, env } = io;
  if (reporters.has('json')) stdout.write(formatJson(result));
  else if (reporters.has('junit')) {
    const { formatJunit, junitCases } = await import('../simulator/report/junit.ts');
    stdout.write(formatJunit('simulate', undefined, junitCases(result)));
  } else stdout.write(formatResult(result, style(stdout)));
  if (!reporters.has('github')) return;
  const { formatAnnotations, formatSummary } = await import('../simulator/report/github.ts');
  stderr.write(formatAnnotations(result));
  const file = env['GITHUB_STEP_SUMMARY'] ?? '';
  if (file !== '') appendFileSync(file, formatSummary(result));
}

async function performWork(
  work: Work,
  argv: readonly string[],
  io: CommandIo,
  run: Run,
  program: Program,
): Promise<number> {
  const { stdout, stderr } = io;
  const isTerminal = stderr.isTTY === true && io.env['TERM'] !== 'dumb';
  const clear = isTerminal ? '\r\u001b[K' : '';
  const stop = createStop(io);
  const fail = (error: unknown): number => {
    const repeat = `${program.typed} ${argv.map(shellQuoted).join(' ')}`;
    stderr.write(`${clear}${formatFailure(error, repeat, program.name)}`);
    return EXIT_OF_FAILURE[errorKind(error)];
  };
  const unlisten = io.listen({
    stopped: (signal) => stop.request(EXIT_OF_SIGNAL[signal]),
    crashed: (error) => {
      if (stop.status() === undefined) fail(error);
      stop.request(EXIT_OF_FAILURE.bug);
    },
  });
  const context: WorkContext = {
    signal: stop.signal,
    style: styleOf(stdout, io.env),
    nowMs: () => io.nowMs(),
    run,
    keep: async (out, command, name) =>
      out === undefined ? undefined : (await io.keep?.())?.search(out, command, name),
    print(text) {
      if (clear !== '') stderr.write(clear);
      stdout.write(text);
    },
    progress(line) {
      if (isTerminal) stderr.write(`${clear}${line}`);
    },
  };
  try {
    const status = await work(context);
    return stop.status() ?? status;
  } catch (error) {
    return stop.status() ?? fail(error);
  } finally {
    stop.settled();
    unlisten();
  }
}

/** Stopping a run before its end: gently at first, at once when asked again or when it takes long. */
function createStop(io: CommandIo) {
  const controller = new AbortController();
  let status: number | undefined;
  let firstAtMs = 0;
  let cancel = (): void => {};
  return {
    signal: controller.signal,
    status: () => status,
    request(asked: number): void {
      if (status !== undefined) {
        if (io.nowMs() - firstAtMs > SAME_SIGNAL_MS) io.exitNow(status);
        return;
      }
      status = asked;
      firstAtMs = io.nowMs();
      cancel = io.later(GRACE_MS, () => io.exitNow(asked));
      controller.abort();
    },
    settled: () => cancel(),
  };
}

function formatFailure(error: unknown, repeat: string, name = SIMULATE.name): string {
  if (errorKind(error) !== 'bug') return `${name}: ${withCauses(error)}\n`;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return (
    `${name}: this is a bug of the simulator's own, not of your handler:\n${stack}\n` +
    `Please report it, with the command that repeats the run:\n  ${repeat}\n`
  );
}

/** The message, and those of its causes that it doesn't repeat, on one line. */
function withCauses(error: unknown): string {
  let text = '';
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (!text.includes(cause.message)) text += `${text === '' ? '' : ': '}${cause.message}`;
  }
  return text.replace(/\s*\n\s*/g, ' ');
}

function styleOf(stream: OutputStream, env: CommandIo['env']): ReportStyle {
  // A terminal that doesn't know says 0.
  return { colour: wantsColour(stream, env), width: stream.columns || COLUMNS };
}

/** On a terminal, unless somebody has said otherwise (no-color.org). */
function wantsColour(stream: OutputStream, env: CommandIo['env']): boolean {
  if ((env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb') return false;
  return stream.isTTY === true;
}
