/** A stored run or a stage's live tables, as a command line names them, and the history of a stored run. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { SimulatorError } from '../simulator/model/errors.ts';
import type { RunResult } from '../simulator/model/run-result.ts';
import type { EventSource } from '../simulator/model/workload.ts';
import type { AnyWorkload } from '../simulator/workload/load-workload.ts';
import type { ReadContext } from './command.ts';
import { type OptionValues, unset } from './options/option.ts';
import { stageOption } from './options/shared-options.ts';
import { quoted, text } from './options/values.ts';

export const LATEST_RUN = 'runs/latest';

/** The folder of a run, absolute. Its name alone is looked for in `runs`, too. */
export function findRun(name: string, { cwd }: Pick<ReadContext, 'cwd'>): string {
  const folders = [path.resolve(cwd, name), path.resolve(cwd, 'runs', name)];
  const folder = folders.find((each) => statSync(each, { throwIfNoEntry: false })?.isDirectory());
  if (folder !== undefined) return folder;
  throw new SimulatorError(
    'usage',
    `there is no run ${quoted(name)}: name the folder of one, such as ${LATEST_RUN}`,
  );
}

/** Of commands that read one or the other. */
export const SOURCE_OPTIONS = {
  run: {
    describe: 'Folder of a stored run',
    read: text,
    ...unset(LATEST_RUN),
    excludes: ['stage'],
  },
  stage: stageOption('Read the live tables of this stage instead'),
};

export type Source =
  /** `folder`: of the run, absolute. */
  | { readonly kind: 'run'; readonly folder: string }
  | { readonly kind: 'stage'; readonly stage: string };

export function sourceOf(
  { run = LATEST_RUN, stage }: OptionValues<typeof SOURCE_OPTIONS>,
  context: ReadContext,
): Source {
  if (stage !== undefined) return { kind: 'stage', stage };
  return { kind: 'run', folder: findRun(run, context) };
}

export interface RunHistory {
  readonly workload: AnyWorkload;
  readonly history: EventSource<unknown>;
  readonly run: RunResult;
}

/** Generates the history again, from the run's options. `folder`: absolute. Rejects with a `SimulatorError`. */
export async function openRunHistory(folder: string): Promise<RunHistory> {
  const [{ readStoredResult }, { loadWorkload }, { workloadOfRun }] = await Promise.all([
    import('../simulator/runs/result-file.ts'),
    import('../simulator/workload/load-workload.ts'),
    import('../simulator/worlds/own-rows.ts'),
  ]);
  const { run, command } = readStoredResult(folder);
  if (run === undefined) {
    const right = 'name the folder of a run of simulate with --run';
    throw new SimulatorError('usage', `${folder} is of ${command}, which has no history: ${right}`);
  }
  const { seed, count, entities, world, prefix } = run.options;
  const loaded = await loadWorkload(run.options.workload);
  const workload = workloadOfRun(loaded, { world, prefix });
  return { workload, history: workload.generate(seed, { count, entities }), run };
}
