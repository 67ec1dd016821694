/** `simulate explore`: searches for a run that fails, reduces it, and says what the search has reached. */
import path from 'node:path';
import { isSameFailure } from '../../simulator/model/failure.ts';
import { PROFILES } from '../../simulator/model/fault-profiles.ts';
import { failureText } from '../../simulator/report/failure-text.ts';
import { count, plural, seconds } from '../../simulator/report/text.ts';
import type { KeptSearch } from '../../simulator/runs/search.ts';
import type { Scenario } from '../../simulator/search/scenario.ts';
import type { FailedRun } from '../../simulator/search/search.ts';
import type { AnyWorkload } from '../../simulator/workload/load-workload.ts';
import { defineCommand, type ReadContext, type WorkContext } from '../command.ts';
import { EXIT_OF_VERDICT } from '../exit-status.ts';
import { fixed, type OptionValues, unset } from '../options/option.ts';
import { RUN_OPTIONS } from '../options/run-table.ts';
import { JOBS_OPTION, OUT_OPTION, toggle } from '../options/shared-options.ts';
import { duration, text, whole } from '../options/values.ts';
import type { Searched } from './exhaustive-search.ts';

const TIME_DEFAULT_MS = 60_000;
/** Of a search of drawn runs. */
const DRAWN = { group: 'Options', excludes: ['exhaustive'] };
/** The exhaustive search draws nothing, and runs the shipped handler. */
const EXHAUSTIVE = { needs: 'exhaustive' };

const OPTIONS = {
  runs: {
    ...DRAWN,
    describe: 'Maximum number of runs',
    read: whole(1, 1_000_000_000, 100_000),
    ...unset('no limit'),
  },
  time: {
    ...DRAWN,
    describe: 'How long to search, such as 60s, 10m, 1h',
    read: duration,
    ...unset('60s unless --runs is given'),
  },
  jobs: { ...JOBS_OPTION, ...DRAWN },
  seed: {
    ...RUN_OPTIONS.seed,
    ...DRAWN,
    describe: 'Any text; each run has a seed made of it and of the number of the run',
  },
  faults: {
    ...RUN_OPTIONS.faults,
    ...DRAWN,
    describe:
      'The faults that runs draw from: none, light, heavy, or a JSON FILE of {"NAME": RATIO}',
    ...fixed('heavy'),
  },
  keepGoing: { ...DRAWN, ...toggle('Go on after a failure; the first one is reduced') },
  workload: { ...RUN_OPTIONS.workload, ...DRAWN },
  handler: { ...RUN_OPTIONS.handler, ...DRAWN },
  invariants: { ...RUN_OPTIONS.invariants, ...DRAWN },
  exhaustive: toggle('Search every schedule of a small named history, instead of drawn runs'),
  count: {
    ...EXHAUSTIVE,
    describe: 'Events of the exhaustive search (2 to 4)',
    read: whole(2, 4, 3),
    ...fixed('3'),
  },
  mutant: {
    ...EXHAUSTIVE,
    describe: 'Plant this bug in its handler, by its name in `mutants`: is it found?',
    read: text,
    ...unset(),
  },
  out: OUT_OPTION,
};

export const explore = defineCommand({
  name: 'explore',
  summary: 'Search for a run that fails',
  description:
    'Runs small histories in the memory world, each run with a configuration of its own, until one fails. That one is ' +
    'reduced until no single reduction fails any more, printed step by step, and stored.',
  options: OPTIONS,
  examples: [
    ['explore', 'for a minute, with all faults'],
    ['explore --runs 100000 --jobs 2 --seed S', 'the same 100,000 runs each time'],
    ['explore --faults none', 'disorder and copies alone'],
    ['explore --handler my-handler.ts#handle --time 10m', 'your own handler'],
    ['explore --exhaustive --count 3', 'all schedules of three events'],
    ['explore --exhaustive --mutant first-arrival-wins', 'as a control: the bug is found'],
  ],
  exits: {
    0: 'every run converged, and everything was reached',
    2: 'a run diverged',
    3: 'unknown',
    69: "a result can't be written",
  },
  read,
  handlerHere: ({ handler }) => handler,
  async start(options, context) {
    if (options.mutant !== undefined) {
      // Before anything loads the handler.
      (await import('../../simulator/mutation/plant.ts')).plantByName(options.mutant);
    }
    return searchAndKeep(options, context);
  },
});

type ExploreOptions = ReturnType<typeof read>;

function read({ time, ...values }: OptionValues<typeof OPTIONS>, context: ReadContext) {
  const { runs = Number.POSITIVE_INFINITY, seed = context.drawSeed() } = values;
  const timeMs = time ?? (values.runs === undefined ? TIME_DEFAULT_MS : Number.POSITIVE_INFINITY);
  return { ...values, runs, seed, timeMs, config: context.config?.file };
}

async function searchAndKeep(options: ExploreOptions, context: WorkContext): Promise<number> {
  const kept = await context.keep(options.out, 'explore', options.seed);
  const startedAt = context.nowMs();
  let text = '';
  const print = (more: string): void => {
    text += more;
    context.print(more);
  };
  const search = options.exhaustive
    ? (await import('./exhaustive-search.ts')).exhaustiveSearch
    : drawnSearch;
  const searched = await search(options, { ...context, print }, kept);
  if (context.signal.aborted) return EXIT_OF_VERDICT.unknown;
  const { verdict, failures, figures } = searched;
  const { verdictCase } = await import('../../simulator/report/junit.ts');
  const seconds = (context.nowMs() - startedAt) / 1000;
  kept?.finish({ verdict, failures, options, figures, text }, [
    verdictCase('every run converged', seconds, searched, text),
  ]);
  if (kept !== undefined) context.print(`kept: ${path.relative('', kept.path)}\n`);
  return EXIT_OF_VERDICT[verdict];
}

async function drawnSearch(
  options: ExploreOptions,
  context: WorkContext,
  kept: KeptSearch | undefined,
): Promise<Searched> {
  const [{ explore }, { judgeSearch }, { situationsOf }, { formatTally }, { loadWorkload }] =
    await Promise.all([
      import('../../simulator/search/explore.ts'),
      import('../../simulator/search/verdict.ts'),
      import('../../simulator/search/situations.ts'),
      import('../../simulator/search/tally-text.ts'),
      import('../../simulator/workload/load-workload.ts'),
    ]);
  const { print, nowMs } = context;
  const { seed, jobs, faults, handler, config } = options;
  const workload = await loadWorkload(options.workload);
  print(
    `explore: seed ${seed}, ${jobs} ${jobs === 1 ? 'process' : 'processes'}, faults ${faults.name}, ` +
      `handler ${handler ?? 'the shipped one'}${config === undefined ? '' : `, config ${config}`}\n`,
  );
  const startedAt = nowMs();
  const speed = (runs: number): string => {
    const ms = Math.max(1, nowMs() - startedAt);
    return `${count(runs)} runs in ${seconds(ms)}, ${count((runs / ms) * 1000)}/s`;
  };
  const { tally, firstFailed, handlerFailure } = await explore({
    seed,
    jobs,
    handler,
    bundle: context.bundle,
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
  if (handlerFailure !== undefined) {
    print(`unknown: ${failureText(handlerFailure)}\n`);
    return { verdict: 'unknown', failures: [handlerFailure], figures: tally };
  }
  const speedAtEnd = speed(tally.runs);
  const situations = situationsOf(handler === undefined);
  print(formatTally(tally, situations));
  if (firstFailed !== undefined) {
    await reduce(firstFailed, { workload, kept }, context);
  }
  // Some situations need a fault: they are asked for where every fault may happen.
  const hasAllFaults = Object.keys(PROFILES.heavy).every(
    (name) => (faults.ratios[name as keyof typeof faults.ratios] ?? 0) > 0,
  );
  const { verdict, failures } = judgeSearch(tally, hasAllFaults ? situations : []);
  print(
    `${verdict}: ${speedAtEnd}; ${count(tally.distinctHistories)} distinct histories, ` +
      `${count(tally.repeated)} repeated\n${failures.map((failure) => `  ${failureText(failure)}\n`).join('')}`,
  );
  return { verdict, failures, figures: tally };
}

async function reduce(
  { scenario, outcome }: FailedRun<unknown>,
  { workload, kept }: { readonly workload: AnyWorkload; readonly kept: KeptSearch | undefined },
  { print, progress, signal, bundle }: WorkContext,
): Promise<void> {
  const [
    { yieldToEventLoop },
    { runScenario },
    { formatScenario },
    { shrink },
    { traceScenario },
    text,
  ] = await Promise.all([
    import('../../simulator/execution/virtual/loop.ts'),
    import('../../simulator/search/run-scenario.ts'),
    import('../../simulator/search/scenario-file.ts'),
    import('../../simulator/search/shrink.ts'),
    import('../../simulator/search/trace.ts'),
    import('../../simulator/search/trace-text.ts'),
  ]);
  const [first] = outcome.failures;
  const fails = async (candidate: Scenario) => {
    // Signals are handled between two runs.
    await yieldToEventLoop();
    const attempt = await runScenario(candidate, { workload, bundle });
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
  const trace = await traceScenario(shrunk.scenario, { workload, bundle });
  print(
    `\n${text.formatScenarioTable(shrunk.scenario, workload)}\n${text.formatTrace(trace)}\n` +
      `${shrunk.isMinimal ? '1-minimal: no single reduction fails any more' : 'not minimal: the reduction was given up'} ` +
      `(${plural(shrunk.reductions.length, 'reduction')}, ${plural(shrunk.attempts, 'attempt')})\n`,
  );
  const file = kept?.write('counterexample.json', formatScenario(shrunk.scenario));
  if (file !== undefined) {
    print(`saved: npx simulate replay ${path.relative('', file)} --trace\n\n`);
  }
}
