/** `simulate replay`: repeats the run of a scenario that was saved, and tells it step by step. */
import { SimulatorError } from '../simulator/model/errors.ts';
import type { RunOptions } from '../simulator/model/run-options.ts';
import { check } from '../simulator/mutation/hunt.ts';
import { failureText } from '../simulator/report/failure-text.ts';
import { deliverRecorded } from '../simulator/run/deliver/recorded.ts';
import { recordDeliveries } from '../simulator/search/deliveries.ts';
import { formatDeliveries } from '../simulator/search/deliveries-text.ts';
import { repeatSchedule } from '../simulator/search/exhaustive/repeat.ts';
import { parseSchedule } from '../simulator/search/exhaustive/schedule-file.ts';
import { formatEvents, formatRepeated } from '../simulator/search/exhaustive/schedule-text.ts';
import { inputOf, runScenario } from '../simulator/search/run-scenario.ts';
import { parseScenario } from '../simulator/search/scenario-file.ts';
import { traceScenario } from '../simulator/search/trace.ts';
import { formatScenarioTable, formatTrace } from '../simulator/search/trace-text.ts';
import { type AnyWorkload, loadWorkload } from '../simulator/workload/load-workload.ts';
import { EXIT_OF_VERDICT } from './exit.ts';
import type { ReplayOptions } from './replay-options.ts';
import type { WorkContext } from './subcommand.ts';

type Replayed = Omit<ReplayOptions, 'mutant'> & { readonly mutant: string | undefined };

export async function replayCommand(
  text: string,
  { file, trace, world, mutant }: Replayed,
  { print, signal, run }: WorkContext,
): Promise<number> {
  const scenario = parseScenario(text, file);
  const workload = await workloadOf(scenario, scenario.options.workload, file);
  print(`${formatScenarioTable(scenario, workload)}\n`);
  if (world === 'local') {
    const recorder = recordDeliveries();
    const inMemory = await runScenario(scenario, { workload, readers: [recorder.read] });
    const { source, pushes } = inputOf(scenario);
    const recorded = recorder.recorded(pushes);
    // One shard, so that any records can be together in a batch, whatever shards memory had by then.
    const options: RunOptions = {
      ...scenario.options,
      world,
      shards: 1,
      faultProfile: LOCAL_FAULTS,
    };
    const { verdict, failures, figures } = await run(options, {
      readers: [],
      signal,
      repeat: '',
      input: { source, pushes: recorded.pushes },
      deliver: deliverRecorded(recorded.batches),
    });
    print(
      `${formatDeliveries(recorded, figures.delivery.outcomes)}\n${inMemory.verdict} in memory\n`,
    );
    print(
      `${verdict} in the local world\n${failures.map((failure) => `  ${failureText(failure)}\n`).join('')}`,
    );
    return EXIT_OF_VERDICT[verdict];
  }
  const traced = await traceScenario(scenario, { workload });
  print(`${formatTrace(traced, trace)}\n${traced.outcome.verdict}\n`);
  if (mutant !== undefined) {
    const caught = await check(scenario, workload);
    print(
      caught === undefined
        ? 'not caught\n'
        : `caught by ${caught.check}: ${failureText(caught.failure)}\n`,
    );
    return EXIT_OF_VERDICT[caught === undefined ? traced.outcome.verdict : 'diverged'];
  }
  return EXIT_OF_VERDICT[traced.outcome.verdict];
}

/** Its pushes and deliveries can be repeated there; which request meets which fault can't. */
const LOCAL_FAULTS: RunOptions['faultProfile'] = { name: 'none', ratios: {} };

/** A schedule that the exhaustive search has found. */
export async function replaySchedule(
  text: string,
  { file, trace, world }: Replayed,
  { print }: WorkContext,
): Promise<number> {
  const schedule = parseSchedule(text, file);
  const workload = await workloadOf(schedule, undefined, file);
  if (world === 'local') {
    throw new SimulatorError(
      'usage',
      `${file} is a schedule, request by request, which takes --world memory: real servers keep no such order`,
    );
  }
  const repeated = await repeatSchedule({ workload, schedule });
  const verdict = repeated.failure === undefined ? 'converged' : 'diverged';
  print(
    `${formatEvents(schedule.events, workload)}${formatRepeated(repeated, schedule, workload, trace)}\n${verdict}\n`,
  );
  return EXIT_OF_VERDICT[verdict];
}

async function workloadOf(
  { workload: name }: { readonly workload: string },
  reference: string | undefined,
  file: string,
): Promise<AnyWorkload> {
  const workload = await loadWorkload(reference);
  if (name === workload.name) return workload;
  throw new SimulatorError(
    'usage',
    `${file} is of the workload ${name}, and ${reference ?? 'the project'} has ${workload.name}`,
  );
}
