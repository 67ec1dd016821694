/** `simulate explore --exhaustive`: every schedule of the named history, counted. */
import path from 'node:path';
import type { Verdict } from '../../simulator/model/run-result.ts';
import { count, plural, seconds } from '../../simulator/report/text.ts';
import type { KeptSearch } from '../../simulator/runs/search.ts';
import { exhaust } from '../../simulator/search/exhaustive/exhaust.ts';
import { repeatSchedule } from '../../simulator/search/exhaustive/repeat.ts';
import { formatSchedule } from '../../simulator/search/exhaustive/schedule-file.ts';
import { formatEvents, formatRepeated } from '../../simulator/search/exhaustive/schedule-text.ts';
import { named } from '../../simulator/workload/winner/named.ts';
import { winner } from '../../simulator/workload/winner/winner.ts';
import type { WorkContext } from '../command.ts';

/** What a search came to. */
export interface Searched {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
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
  const events = named(eventCount);
  const handler = mutant === undefined ? '' : `, handler with ${mutant}`;
  print(
    `explore: every schedule of ${eventCount} events${handler}\n${formatEvents(events, winner)}`,
  );
  const startedAt = nowMs();
  const { failure, ...counts } = await exhaust({
    workload: winner,
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
    return { verdict: 'unknown', reasons: ['stopped'], figures: counts };
  }
  if (failure !== undefined) {
    const { reason, ...found } = failure;
    const schedule = { workload: winner.name, events, ...found };
    const repeated = await repeatSchedule({ workload: winner, schedule });
    print(`diverged:\n${formatRepeated(repeated, schedule)}`);
    const isSame = repeated.reason === reason;
    const reasons = isSame ? [reason] : [reason, 'it was not the same when it was repeated'];
    if (!isSame) print(reasons.map((each) => `  ${each}\n`).join(''));
    const file = kept?.write('counterexample.json', formatSchedule(schedule, mutant));
    if (file !== undefined) {
      print(`saved: npx simulate replay ${path.relative('', file)} --trace\n`);
    }
    return { verdict: 'diverged', reasons, figures: counts };
  }
  print(
    `converged: ${count(counts.schedules)} schedules of ${count(counts.arrangements)} arrangements, in ` +
      `${count(counts.states)} states and ${count(counts.steps)} steps between them, ` +
      `${seconds(nowMs() - startedAt)}; the handler was run ${count(counts.runs)} times\n` +
      `the tables end in ${plural(counts.endings, 'way')}, bookkeeping included, each as the reference says\n`,
  );
  return { verdict: 'converged', reasons: [], figures: counts };
}
