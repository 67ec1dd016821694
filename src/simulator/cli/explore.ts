/** `simulate explore`: searches, reduces what fails, says what was reached, and saves what was found. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type AnyWorkload, loadWorkload } from '../load-workload.ts';
import { count, plural, seconds } from '../report/text.ts';
import { explore } from '../search/explore.ts';
import { judgeSearch } from '../search/judge.ts';
import { perform } from '../search/perform.ts';
import type { Scenario } from '../search/scenario.ts';
import { formatScenario } from '../search/scenario-file.ts';
import { shrink } from '../search/shrink.ts';
import { tell } from '../search/story.ts';
import { formatScenarioTable, formatStory } from '../search/story-text.ts';
import { formatTally } from '../search/tally-text.ts';
import { realTurn } from '../world/memory/loop.ts';
import { exhaustCommand } from './exhaust.ts';
import { EXIT_OF_VERDICT } from './exit.ts';
import type { ExploreOptions } from './explore-options.ts';
import type { WorkContext } from './subcommand.ts';

export async function exploreCommand(
  options: ExploreOptions,
  context: WorkContext,
): Promise<number> {
  const { print, nowMs } = context;
  if (options.exhaustive) return exhaustCommand(options.count, context);
  const { seed, jobs, faults, handler } = options;
  const workload = await loadWorkload(options.workload);
  print(
    `explore: seed ${seed}, ${jobs} ${jobs === 1 ? 'process' : 'processes'}, faults ${faults.name}, ` +
      `handler ${handler ?? 'the shipped one'}\n`,
  );
  const startedAt = nowMs();
  const speed = (runs: number): string => {
    const ms = Math.max(1, nowMs() - startedAt);
    return `${count(runs)} runs in ${seconds(ms)}, ${count((runs / ms) * 1000)}/s`;
  };
  const { tally, failure } = await explore({
    seed,
    jobs,
    handler,
    runsMax: options.runs,
    timeMsMax: options.timeMs,
    faults: faults.ratios,
    keepGoing: options.keepGoing,
    invariants: options.invariants,
    workload: options.workload,
    signal: context.signal,
    onProgress: ({ runs, distinct }) =>
      context.progress(`${speed(runs)}, ${count(distinct)} distinct histories`),
  });
  if (context.signal.aborted) return EXIT_OF_VERDICT.unknown;
  const speedAtEnd = speed(tally.runs);
  print(formatTally(tally, handler === undefined));
  if (failure !== undefined) {
    await reduce(failure.scenario, failure.result.verdict, workload, options, context);
  }
  const { verdict, reasons } = judgeSearch(tally, handler === undefined);
  print(
    `${verdict}: ${speedAtEnd}; ${count(tally.distinctHistories)} distinct histories, ` +
      `${count(tally.repeated)} repeated\n${reasons.map((reason) => `  ${reason}\n`).join('')}`,
  );
  return EXIT_OF_VERDICT[verdict];
}

async function reduce(
  scenario: Scenario,
  wanted: string,
  workload: AnyWorkload,
  { out }: ExploreOptions,
  { print, progress, signal }: WorkContext,
): Promise<void> {
  const fails = async (candidate: Scenario) => {
    // A Ctrl-C wants to be heard between two runs.
    await realTurn();
    const outcome = await perform(candidate, { workload });
    return outcome.verdict === wanted ? outcome : undefined;
  };
  print(`run ${scenario.options.seed} ends ${wanted}; reducing it\n`);
  const shrunk = await shrink(scenario, fails, {
    isStopped: () => signal.aborted,
    onReduced: (_, reduction) => progress(reduction),
  });
  const story = await tell(shrunk.scenario, { workload });
  print(
    `\n${formatScenarioTable(shrunk.scenario, workload)}\n${formatStory(story)}\n` +
      `${shrunk.isMinimal ? '1-minimal: no single reduction fails any more' : 'not minimal: the reduction was given up'} ` +
      `(${plural(shrunk.reductions.length, 'reduction')}, ${plural(shrunk.attempts, 'attempt')})\n`,
  );
  const folder = path.join(out, 'counterexamples');
  mkdirSync(folder, { recursive: true });
  const name = shrunk.scenario.options.seed.replace(/[^\w.-]+/g, '-');
  const file = path.join(folder, `${name}.json`);
  writeFileSync(file, formatScenario(shrunk.scenario));
  print(`saved: npx simulate replay ${path.relative('', file)} --trace\n\n`);
}
