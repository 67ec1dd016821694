/**
 * A command beside the run, such as `simulate explore`: one value in `subcommands.ts`. What it does is loaded
 * when it is wanted: neither help nor a mistyped flag has to wait for the SDKs.
 */
import type { Argv } from 'yargs';
import type { ReportStyle } from '../simulator/report/terminal.ts';
import type { KeptSearch } from '../simulator/runs/search.ts';
import type { Run } from './command.ts';
import type { Words } from './take.ts';

export interface Subcommand {
  /** As yargs has it: its name, and what follows it, such as `replay <file>`. */
  readonly usage: string;
  readonly describe: string;
  /** Its flags that a configuration file may set. */
  readonly configurable?: readonly string[];
  /** Its flags, examples and exit statuses, for the help. */
  flags(parser: Argv): Argv;
  /** From given words to the work, or a `SimulatorError` in one line; nothing is done yet. */
  read(given: Given, words: Words): Work;
}

/** What yargs found, by name. */
export type Given = Readonly<Record<string, unknown>>;

/** Resolves to an exit status, a verdict's as a rule, or rejects. */
export type Work = (context: WorkContext) => Promise<number>;

export interface WorkContext {
  /** Aborted: clean up and settle, whichever way. */
  readonly signal: AbortSignal;
  /** A folder in `out` for what the command leaves behind; none without `out`. */
  keep(
    out: string | undefined,
    command: 'explore' | 'mutants' | 'load',
    name: string,
  ): Promise<KeptSearch | undefined>;
  /** Writes to stdout. */
  print(text: string): void;
  /** How what is printed is dressed. */
  readonly style: ReportStyle;
  /** A line that the next one replaces, on a terminal; nothing elsewhere. */
  progress(line: string): void;
  /** Milliseconds from any point in time. */
  nowMs(): number;
  /** A run like that of `simulate` itself. */
  readonly run: Run;
}
