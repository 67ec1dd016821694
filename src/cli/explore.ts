/** `simulate explore`: searches, reduces what fails, says what was reached, and saves what was found. */
import path from 'node:path';
import { yieldToEventLoop } from '../simulator/execution/virtual/loop.ts';
import { isSameFailure } from '../simulator/model/failure.ts';
import { PROFILES } from '../simulator/model/fault-profiles.ts';
import { failureText } from '../simulator/report/failure-text.ts';
import { count, plural, seconds } from '../simulator/report/text.ts';
import type { KeptSearch } from '../simulator/runs/search.ts';
import { explore } from '../simulator/search/explore.ts';
import { runScenario } from '../simulator/search/run-scenario.ts';
import type { Scenario } from '../simulator/search/scenario.ts';
import { formatScenario } from '../simulator/search/scenario-file.ts';
import type { FailedRun } from '../simulator/search/search.ts';
import { shrink } from '../simulator/search/shrink.ts';
import { situationsOf } from '../simulator/search/situations.ts';
import { formatTally } from '../simulator/search/tally-text.ts';
import { traceScenario } from '../simulator/search/trace.ts';
import { formatScenarioTable, formatTrace } from '../simulator/search/trace-text.ts';
import { judgeSearch } from '../simulator/search/verdict.ts';
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
  const { verdict, failures, figures } = searched;
  const message = failures.map(failureText).join('; ') || verdict;
  const failed = { message, type: verdict, text };
  kept?.finish({ verdict, failures, options, figures, text }, [
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
  const { tally, firstFailed } = await explore({
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
  if (context.signal.aborted) return { verdict: 'unknown', failures: [], figures: tally };
  const speedAtEnd = speed(tally.runs);
  const situations = situationsOf(handler === undefined);
  print(formatTally(tally, situations));
  if (firstFailed !== undefined) {
    await reduce(firstFailed, { workload, kept }, context);
  }
  // Some situations take faults: they are asked for where all faults are.
  const asksForAll = Object.keys(PROFILES.heavy).every((name) =>
    Object.hasOwn(faults.ratios, name),
  );
  const { verdict, failures } = judgeSearch(tally, asksForAll ? situations : []);
  print(
    `${verdict}: ${speedAtEnd}; ${count(tally.distinctHistories)} distinct histories, ` +
      `${count(tally.repeated)} repeated\n${failures.map((failure) => `  ${failureText(failure)}\n`).join('')}`,
  );
  return { verdict, failures, figures: tally };
}

async function reduce(
  { scenario, outcome }: FailedRun<unknown>,
  { workload, kept }: { readonly workload: AnyWorkload; readonly kept: KeptSearch | undefined },
  { print, progress, signal }: WorkContext,
): Promise<void> {
  const [first] = outcome.failures;
  const fails = async (candidate: Scenario) => {
    // A Ctrl-C wants to be heard between two runs.
    await yieldToEventLoop();
    const attempt = await runScenario(candidate, { workload });
    return isSameFailure(attempt.failures[0], first) ? attempt : undefined;
  };
  print(
    `run ${scenario.options.seed} ended ${outcome.verdict}: ${first && failureText(first)}\n` +
      'reducing it to the least run that fails in this way\n',
  );
  const shrunk = await shrink(scenario, fails, {
    isStopped: () => signal.aborted,
    onReduced: (_, reduction) => progress(reduction),
  });
  const trace = await traceScenario(shrunk.scenario, { workload });
  print(
    `\n${formatScenarioTable(shrunk.scenario, workload)}\n${formatTrace(trace)}\n` +
      `${shrunk.isMinimal ? '1-minimal: no single reduction fails any more' : 'not minimal: the reduction was given up'} ` +
      `(${plural(shrunk.reductions.length, 'reduction')}, ${plural(shrunk.attempts, 'attempt')})\n`,
  );
  const file = kept?.write('counterexample.json', formatScenario(shrunk.scenario));
  if (file !== undefined) {
    print(`saved: npx simulate replay ${path.relative('', file)} --trace\n\n`);
  }
}
