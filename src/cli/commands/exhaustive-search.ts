/** `simulate explore --exhaustive`: every schedule of the named history, counted. */
import path from 'node:path';
import { type Failure, isSameFailure } from '../../simulator/model/failure.ts';
import type { Judgement } from '../../simulator/model/verdict.ts';
import { failureText } from '../../simulator/report/failure-text.ts';
import { count, plural, seconds } from '../../simulator/report/text.ts';
import type { KeptSearch } from '../../simulator/runs/search.ts';
import { exhaust } from '../../simulator/search/exhaustive/exhaust.ts';
import { repeatSchedule } from '../../simulator/search/exhaustive/repeat.ts';
import { formatSchedule } from '../../simulator/search/exhaustive/schedule-file.ts';
import { formatEvents, formatRepeated } from '../../simulator/search/exhaustive/schedule-text.ts';
import { loadWorkload } from '../../simulator/workload/load-workload.ts';
import type { WorkContext } from '../command.ts';

/** What a search came to. */
export interface Searched extends Judgement {
  readonly figures: object;
}

interface ExhaustiveOptions {
  /** Events of the named history. */
  readonly count: number;
  /** The bug that is planted in the handler, by its name; undefined: none. */
  readonly mutant: string | undefined;
}

export async function exhaustiveSearch(
  { count: eventCount, mutant }: ExhaustiveOptions,
  { print, progress, signal, nowMs }: WorkContext,
  kept: KeptSearch | undefined,
): Promise<Searched> {
  const workload = await loadWorkload(undefined);
  const [history = []] = Object.values(workload.namedHistories ?? {});
  const events = history.slice(0, eventCount);
  const handler = mutant === undefined ? '' : `, handler with ${mutant}`;
  print(
    `explore: every schedule of ${eventCount} events${handler}\n${formatEvents(events, workload)}`,
  );
  const startedAt = nowMs();
  const { failed, ...counts } = await exhaust({
    workload,
    events,
    isStopped: () => signal.aborted,
    onProgress({ arrangements, arrangementsTotal, states }) {
      const ms = Math.max(1, nowMs() - startedAt);
      const left = (ms / Math.max(1, arrangements)) * (arrangementsTotal - arrangements);
      progress(
        `${count(arrangements)} of ${count(arrangementsTotal)} arrangements, ${count(states)} states, ` +
          `${count((states / ms) * 1000)}/s; ${seconds(left)} more if the rest is like these`,
      );
    },
  });
  if (signal.aborted) {
    print(`stopped after ${plural(counts.arrangements, 'arrangement')}: nothing is proved\n`);
    return { verdict: 'unknown', failures: [{ kind: 'stopped' }], figures: counts };
  }
  if (failed !== undefined) {
    const { failure, ...found } = failed;
    const schedule = { workload: workload.name, events, ...found };
    const repeated = await repeatSchedule({ workload, schedule });
    print(`diverged:\n${formatRepeated(repeated, schedule, workload)}`);
    const failures: Failure[] = [failure];
    if (!isSameFailure(repeated.failure, failure)) {
      failures.push({ kind: 'schedule-not-repeatable' });
      print(failures.map((each) => `  ${failureText(each)}\n`).join(''));
    }
    const file = kept?.write('counterexample.json', formatSchedule(schedule, mutant));
    if (file !== undefined) {
      print(`saved: npx simulate replay ${path.relative('', file)} --trace\n`);
    }
    return { verdict: 'diverged', failures, figures: counts };
  }
  print(
    `converged: ${count(counts.schedules)} schedules of ${count(counts.arrangements)} arrangements, in ` +
      `${count(counts.states)} states and ${count(counts.steps)} steps between them, ` +
      `${seconds(nowMs() - startedAt)}; the handler was run ${count(counts.runs)} times\n` +
      `the tables end in ${plural(counts.endings, 'way')}, bookkeeping included, and each equals the reference\n`,
  );
  return { verdict: 'converged', failures: [], figures: counts };
}
