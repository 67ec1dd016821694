/** The history of a stored run, made again from the run's options. */
import { SimulatorError } from '../simulator/model/errors.ts';
import type { RunResult } from '../simulator/model/run-result.ts';
import type { EventSource } from '../simulator/model/workload.ts';
import { readStoredResult } from '../simulator/runs/result-file.ts';
import { type AnyWorkload, loadWorkload } from '../simulator/workload/load-workload.ts';
import { workloadOfRun } from '../simulator/worlds/own-rows.ts';

export interface RunHistory {
  readonly workload: AnyWorkload;
  readonly history: EventSource<unknown>;
  readonly run: RunResult;
}

/** `folder`: absolute. Rejects with a `SimulatorError` in one line. */
export async function openRunHistory(folder: string): Promise<RunHistory> {
  const { run, command } = readStoredResult(folder);
  if (run === undefined) {
    throw new SimulatorError(
      'usage',
      `${folder} is of ${command}, which keeps no history: name the folder of a run of simulate with --run`,
    );
  }
  const { seed, count, entities, world, prefix } = run.options;
  const loaded = await loadWorkload(run.options.workload);
  const workload = workloadOfRun(loaded, { world, prefix });
  return { workload, history: workload.generate(seed, { count, entities }), run };
}
