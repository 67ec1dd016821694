/** `simulate replay`: repeats the run of a scenario that was saved, and tells it step by step. */
import { SimulatorError } from '../errors.ts';
import { loadWorkload } from '../load-workload.ts';
import { check } from '../mutants/hunt.ts';
import type { RunOptions } from '../run/options.ts';
import { parseScenario } from '../search/scenario-file.ts';
import { tell } from '../search/story.ts';
import { formatScenarioTable, formatStory } from '../search/story-text.ts';
import { EXIT_OF_VERDICT } from './exit.ts';
import type { ReplayOptions } from './replay-options.ts';
import type { WorkContext } from './subcommand.ts';

export async function replayCommand(
  text: string,
  {
    file,
    trace,
    world,
    mutant,
  }: Omit<ReplayOptions, 'mutant'> & { readonly mutant: string | undefined },
  { print, signal, run }: WorkContext,
): Promise<number> {
  const scenario = parseScenario(text, file);
  const workload = await loadWorkload(scenario.options.workload);
  if (scenario.workload !== workload.name) {
    throw new SimulatorError(
      'usage',
      `${file} is of the workload ${scenario.workload}, and ${scenario.options.workload ?? 'the project'} has ${workload.name}`,
    );
  }
  print(`${formatScenarioTable(scenario, workload)}\n`);
  if (world === 'local') {
    const options: RunOptions = { ...scenario.options, world, faultProfile: LOCAL_FAULTS };
    const { verdict, reasons } = await run(options, {
      readers: [],
      signal,
      repeat: '',
      given: scenario,
    });
    print(`${verdict} in the local world\n${reasons.map((reason) => `  ${reason}\n`).join('')}`);
    return EXIT_OF_VERDICT[verdict];
  }
  const story = await tell(scenario, { workload });
  print(`${formatStory(story, trace)}\n${story.outcome.verdict}\n`);
  if (mutant !== undefined) {
    const caught = await check(scenario, workload);
    print(caught === undefined ? 'not caught\n' : `caught by ${caught.check}: ${caught.reason}\n`);
    return EXIT_OF_VERDICT[caught === undefined ? story.outcome.verdict : 'diverged'];
  }
  return EXIT_OF_VERDICT[story.outcome.verdict];
}

/** Its pushes and batches can be repeated there; which request meets which fault can't. */
const LOCAL_FAULTS: RunOptions['faultProfile'] = { name: 'none', ratios: {} };
