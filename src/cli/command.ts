/** What a command is, and what it gets to do its work. */
import type { HandlerBundle } from '../simulator/execution/bundle-handler.ts';
import type { ContainedEnd } from '../simulator/execution/contained/contain.ts';
import type { HistoryReader } from '../simulator/history/history.ts';
import type { RunFailure } from '../simulator/model/failure.ts';
import type { Observer } from '../simulator/model/observer.ts';
import type { RunOptions } from '../simulator/model/run-options.ts';
import type { RunResult } from '../simulator/model/run-result.ts';
import type { ReportStyle } from '../simulator/report/terminal.ts';
import type { Deliver } from '../simulator/run/deliver/deliver.ts';
import type { RunInput } from '../simulator/run/run.ts';
import type { KeptSearch } from '../simulator/runs/search.ts';
import type { Keeper } from '../simulator/runs/store.ts';
import type { StopSignal } from './exit-status.ts';
import type { OptionTable, OptionValues, Place } from './options/option.ts';

/** `start` loads what it needs: neither the help nor a mistyped flag waits for an SDK. */
export interface Command<Table extends OptionTable = OptionTable, Parsed = unknown> {
  /** Undefined: the one that runs where no command is named. */
  readonly name?: string;
  /** In the list of commands. */
  readonly summary: string;
  /** Under the usage, in its own help. */
  readonly description: string;
  readonly args?: readonly Argument[];
  readonly options: Table;
  /** What follows the command's name, and what that does. */
  readonly examples: readonly (readonly [typed: string, effect: string])[];
  /** What its exit statuses say, beside those that all commands have. */
  readonly exits: Readonly<Record<number, string>>;
  /** Checks the values together; throws a `SimulatorError` in one line. Nothing is done yet. */
  read(values: OptionValues<Table>, context: ReadContext): Parsed;
  /** The handler whose code runs in this process; undefined: none but the shipped one. */
  handlerHere?(parsed: Parsed): string | undefined;
  /** The handler did not let the command go on: reports it. Resolves to the exit status. */
  handlerFailed?(parsed: Parsed, failure: RunFailure, context: WorkContext): Promise<number>;
  /** The command that repeats it; as typed unless given. */
  repeat?(parsed: Parsed): string;
  /** Resolves to the exit status. */
  start(parsed: Parsed, context: WorkContext): Promise<number>;
}

export interface Program {
  /** What its messages begin with. */
  readonly name: string;
  /** What is typed to start it. */
  readonly typed: string;
  /** In the order of the help. */
  readonly commands: readonly Command[];
  /** Options of every command. */
  readonly common: OptionTable;
}

/** Infers the types of a command's values from its table. */
export function defineCommand<Table extends OptionTable, Parsed>(
  command: Command<Table, Parsed>,
): Command<Table, Parsed> {
  return command;
}

/** What follows a command's name without dashes. */
export interface Argument {
  readonly name: string;
  readonly describe: string;
  /** Undefined: it must be given. */
  readonly byDefault?: string;
}

/** What a command line has beside the values of its options. */
export interface ReadContext {
  /** The whole command line, quoted for a shell. */
  readonly typed: string;
  /** Relative paths start here. */
  readonly cwd: string;
  readonly args: Readonly<Record<string, string | undefined>>;
  /** The configuration file that was read, and its flags that have no effect in the chosen world; undefined: none. */
  readonly config: { readonly file: string; readonly ignored: readonly string[] } | undefined;
  /** Where an option's value was written. */
  place(flag: string): Place;
  drawSeed(): string;
}

export interface WorkContext {
  readonly io: CommandIo;
  /** Aborted: clean up and return, or throw. */
  readonly signal: AbortSignal;
  /** Does one run. */
  readonly run: Run;
  /** The handler in one file, in a process that is contained for it. */
  readonly bundle: HandlerBundle | undefined;
  /** How text for stdout is formatted. */
  readonly style: ReportStyle;
  styleOf(stream: OutputStream): ReportStyle;
  /** Whether lines on stderr can be drawn again. */
  readonly isTerminal: boolean;
  /** Creates a folder in `out` for what the command leaves; none without `out`. */
  keep(
    out: string | undefined,
    command: 'explore' | 'mutants' | 'load',
    name: string,
  ): Promise<KeptSearch | undefined>;
  /** Writes to stdout. */
  print(text: string): void;
  /** On a terminal: a line that the next one replaces. */
  progress(line: string): void;
  /** Milliseconds from any point in time. */
  nowMs(): number;
}

/** Does one run. Once the signal is aborted, cleans up and returns, or throws. */
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

/** The process around a command, so that a test can be the terminal, the clock and the signals. */
export interface CommandIo {
  readonly cwd: string;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Tells of signals and of uncaught errors, until the returned function is called. */
  listen(listeners: {
    readonly stopped: (signal: StopSignal) => void;
    readonly crashed: (error: unknown) => void;
  }): () => void;
  /** Milliseconds from any point in time. */
  nowMs(): number;
  /** Loads the keeper of results. Without it, none are kept. */
  keep?(): Promise<Keeper>;
  /** Does the command in a process of its own, where the handler can't hold this one. */
  contain?(handler: string, signal: AbortSignal): Promise<ContainedEnd>;
  /** The handler in one file, if this process is such a process. */
  readonly bundle?: HandlerBundle | undefined;
  /** Calls once, later, unless the returned function is called before. */
  later(delayMs: number, call: () => void): () => void;
  /** Ends the process at once. */
  exitNow(status: number): void;
}
