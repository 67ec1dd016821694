/** `npm run load -- RUN`: one load run, printed and kept. */
import { appendFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { WorkContext } from '../src/cli/command.ts';
import { EXIT_OF_VERDICT } from '../src/cli/exit-status.ts';
import { SimulatorError } from '../src/simulator/model/errors.ts';
import type { RunOptions } from '../src/simulator/model/run-options.ts';
import type { ReportStyle } from '../src/simulator/report/terminal.ts';
import { count } from '../src/simulator/report/text.ts';
import { guardedFolder } from '../src/simulator/servers/guard.ts';
import { formatLoad } from './report/format-load.ts';
import { keepLoad } from './report/keep-load.ts';
import { type LoadClock, runUnderLoad } from './run-under-load.ts';
import { checkArtillery } from './runs/run-artillery.ts';
import { checkRun, type Phase, type RunFile, scaled, totalSeconds } from './runs/run-files.ts';
import { createAwsLoadWorld } from './worlds/aws.ts';
import { createLocalLoadWorld } from './worlds/local.ts';

export interface LoadOptions {
  readonly file: RunFile;
  /** Of all phases together; undefined: as the file has them. */
  readonly durationMs: number | undefined;
  /** Absolute; undefined: no file. */
  readonly json: string | undefined;
  /** Parent of the folder for the results, absolute; undefined: nothing is kept. */
  readonly out: string | undefined;
  /** Of the delivery and the handler. */
  readonly run: RunOptions;
  /** The command that repeats it. */
  readonly repeat: string;
}

export interface LoadWiring extends LoadClock {
  readonly style: ReportStyle;
  readonly environment: NodeJS.ProcessEnv;
  /** Of this process. */
  readonly pid: number;
  /** A name that keeps the run's stream and tables apart from others. */
  stage(): string;
}

/** Resolves to the exit status. */
export async function load(
  options: LoadOptions,
  wiring: LoadWiring,
  context: WorkContext,
): Promise<number> {
  const { file, json, run } = options;
  checkArtillery();
  const phases = scaled(checkRun(file), options.durationMs);
  context.print(formatStart(options, phases));
  if (json !== undefined) await checkWritable(json);
  const kept = await context.keep(options.out, 'load', `${file.name}-${run.seed}`);
  // Written first: a run that is interrupted keeps nothing else.
  kept?.write('repeat.txt', `${options.repeat}\n`);
  const world =
    run.world === 'aws'
      ? createAwsLoadWorld({ ...wiring, options: run })
      : createLocalLoadWorld({ ...wiring, options: run });
  const folder = guardedFolder();
  try {
    const end = await runUnderLoad({
      ...{ file, phases, world, context, options: run, repeat: options.repeat, clock: wiring },
      ...{ folder: folder.path, environment: wiring.environment },
    });
    const { figures, result } = end;
    context.print(formatLoad(figures, result, wiring.style));
    if (kept !== undefined) {
      keepLoad(kept, end);
      context.print(`\nKept: ${path.relative('', kept.path)} (figures.json)\n`);
    }
    if (json !== undefined) await writeFile(json, `${JSON.stringify(figures, null, 2)}\n`);
    if (figures.failedThresholds.length > 0) return EXIT_OF_VERDICT.diverged;
    return EXIT_OF_VERDICT[result.verdict];
  } finally {
    folder.remove();
  }
}

function formatStart({ file, run }: LoadOptions, phases: readonly Phase[]): string {
  const { seed, world, stage, prefix } = run;
  const where = world === 'aws' ? `, stage ${stage}, prefix ${prefix}` : '';
  return (
    `run ${file.name}: ${file.question}\n` +
    `seed ${seed}, ${count(totalSeconds(phases))} s of puts${where}\n`
  );
}

/** Before the run, not after half an hour of it. */
async function checkWritable(file: string): Promise<void> {
  try {
    await appendFile(file, '');
  } catch (error) {
    throw new SimulatorError('usage', `--json can't be written: ${(error as Error).message}`);
  }
}
