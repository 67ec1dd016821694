/** `simulate explore`: searches, reduces what fails, says what was reached, and saves what was found. */
import path from 'node:path';
import { yieldToEventLoop } from '../simulator/execution/virtual/loop.ts';
import { PROFILES } from '../simulator/model/fault-profiles.ts';
import { count, plural, seconds } from '../simulator/report/text.ts';
import type { KeptSearch } from '../simulator/runs/search.ts';
import { explore } from '../simulator/search/explore.ts';
import { judgeSearch } from '../simulator/search/judge.ts';
import { perform } from '../simulator/search/perform.ts';
import type { Scenario } from '../simulator/search/scenario.ts';
import { formatScenario } from '../simulator/search/scenario-file.ts';
import type { Failure } from '../simulator/search/search.ts';
import { isLike, shrink } from '../simulator/search/shrink.ts';
import { situationsOf } from '../simulator/search/situations.ts';
import { formatTally } from '../simulator/search/tally-text.ts';
import { tell } from '../simulator/search/trace.ts';
import { formatScenarioTable, formatStory } from '../simulator/search/trace-text.ts';
import { type AnyWorkload, loadWorkload } from '../simulator/workload/load-workload.ts';
import { exhaustCommand } from './exhaust.ts';
import { EXIT_OF_VERDICT } from './exit.ts';
import type { ExploreOptions } from './explore-options.ts';
import type { Searched } from './searched.ts';
import type { WorkContext } from './subcommand.ts';

export async function exploreCommand(
  options: ExploreOptions,
  context: WorkContext,
): Promise<number> {
  const kept = await context.keep(options.out, 'explore', options.seed);
  const startedAt = context.nowMs();
  let text = '';
  const print = (more: string): void => {
    text += more;
    context.print(more);
  };
  const work = options.exhaustive ? exhaustCommand : searchCommand;
  const searched = await work(options, { ...context, print }, kept);
  if (context.signal.aborted) return EXIT_OF_VERDICT.unknown;
  const { verdict, reasons, figures } = searched;
  const failed = { message: reasons.join('; ') || verdict, type: verdict, text };
  kept?.finish({ verdict, reasons, options, figures, text }, [
    {
      name: 'every run converged',
      seconds: (context.nowMs() - startedAt) / 1000,
      ...(verdict === 'converged' ? {} : { failure: failed }),
    },
  ]);
  if (kept !== undefined) context.print(`kept: ${path.relative('', kept.path)}\n`);
  return EXIT_OF_VERDICT[verdict];
}

async function searchCommand(
  options: ExploreOptions,
  context: WorkContext,
  kept: KeptSearch | undefined,
): Promise<Searched> {
  const { print, nowMs } = context;
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
  if (context.signal.aborted) return { verdict: 'unknown', reasons: [], figures: tally };
  const speedAtEnd = speed(tally.runs);
  const situations = situationsOf(handler === undefined);
  print(formatTally(tally, situations));
  if (failure !== undefined) {
    await reduce(failure, { workload, kept }, context);
  }
  // Some situations take faults: they are asked for where all faults are.
  const asksForAll = Object.keys(PROFILES.heavy).every((name) =>
    Object.hasOwn(faults.ratios, name),
  );
  const { verdict, reasons } = judgeSearch(tally, asksForAll ? situations : []);
  print(
    `${verdict}: ${speedAtEnd}; ${count(tally.distinctHistories)} distinct histories, ` +
      `${count(tally.repeated)} repeated\n${reasons.map((reason) => `  ${reason}\n`).join('')}`,
  );
  return { verdict, reasons, figures: tally };
}

async function reduce(
  { scenario, result }: Failure<unknown>,
  { workload, kept }: { readonly workload: AnyWorkload; readonly kept: KeptSearch | undefined },
  { print, progress, signal }: WorkContext,
): Promise<void> {
  const fails = async (candidate: Scenario) => {
    // A Ctrl-C wants to be heard between two runs.
    await yieldToEventLoop();
    const outcome = await perform(candidate, { workload });
    return isLike(outcome, result) ? outcome : undefined;
  };
  print(
    `run ${scenario.options.seed} ends ${result.verdict}, first seen: ${result.seen}; reducing it to what ends like that\n`,
  );
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
  const file = kept?.write('counterexample.json', formatScenario(shrunk.scenario));
  if (file !== undefined) {
    print(`saved: npx simulate replay ${path.relative('', file)} --trace\n\n`);
  }
}
