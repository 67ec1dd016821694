/** `simulate explore --exhaustive`: every schedule of the named history, counted. */
import { count, plural, seconds } from '../report/text.ts';
import type { Arrangement } from '../search/exhaustive/arrangements.ts';
import { type Exhausted, exhaust } from '../search/exhaustive/exhaust.ts';
import type { WinnerEvent } from '../workload/winner/event.ts';
import { named } from '../workload/winner/named.ts';
import { winner } from '../workload/winner/winner.ts';
import type { ExploreOptions } from './explore-options.ts';
import type { Searched } from './searched.ts';
import type { WorkContext } from './subcommand.ts';

export async function exhaustCommand(
  { count: eventCount }: Pick<ExploreOptions, 'count'>,
  { print, progress, signal, nowMs }: WorkContext,
): Promise<Searched> {
  const events = named(eventCount);
  print(`explore: every schedule of ${eventCount} events\n${listed(events)}`);
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
    print(`stopped after ${plural(counts.arrangements, 'arrangement')}: nothing can be said\n`);
    return { verdict: 'unknown', reasons: ['stopped'], figures: counts };
  }
  if (failure !== undefined) {
    print(`diverged: ${told(failure)}`);
    return { verdict: 'diverged', reasons: [failure.reason], figures: counts };
  }
  print(
    `converged: ${count(counts.schedules)} schedules of ${count(counts.arrangements)} arrangements, in ` +
      `${count(counts.states)} states and ${count(counts.steps)} steps between them, ` +
      `${seconds(nowMs() - startedAt)}; the handler was run ${count(counts.runs)} times\n` +
      `the tables end in ${plural(counts.endings, 'way')}, bookkeeping included, each as the reference says\n`,
  );
  return { verdict: 'converged', reasons: [], figures: counts };
}

function listed(events: readonly WinnerEvent[]): string {
  return events
    .map((event, at) => {
      const { kind, eventId, origin } = winner.describe(event);
      return `  ${at + 1}  ${kind} ${eventId} by ${origin}\n`;
    })
    .join('');
}

function told({ arrangement, reason, choices }: NonNullable<Exhausted['failure']>): string {
  const steps = choices.map(
    ({ invocation, operation, kind }) =>
      `  #${invocation + 1} ${operation}${kind === 'dies after' ? ', and dies: its batch is delivered again' : ''}\n`,
  );
  return `${delivered(arrangement)}\n${steps.join('')}  ► ${reason}\n`;
}

function delivered(arrangement: Arrangement): string {
  return arrangement
    .map((batch, at) => `#${at + 1} is given ${batch.map((event) => event + 1).join(', ')}`)
    .join('; ');
}
