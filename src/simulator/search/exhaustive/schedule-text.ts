/** A schedule, and what came of it, as lines on a terminal. Pure. */

import type { Workload } from '../../model/workload.ts';
import { plural, printable } from '../../report/text.ts';
import { asked, changed } from '../describe-request.ts';
import type { Arrangement, Batch } from './arrangements.ts';
import type { Repeated, Schedule, Step } from './repeat.ts';

export function formatEvents<Event>(
  events: readonly Event[],
  workload: Pick<Workload<Event>, 'describe'>,
): string {
  return lines([
    `${plural(events.length, 'event')} in canonical order:`,
    ...events.map((event, at) => {
      const { kind, subject, eventId, origin } = workload.describe(event);
      return `  ${at + 1}  ${kind.padEnd(16)} ${subject}  ${eventId}  ${origin}`;
    }),
  ]);
}

/** `whole`: with what each request stored. */
export function formatRepeated(
  { steps, reason, offFrom }: Repeated,
  { arrangement, choices }: Schedule,
  whole = true,
): string {
  const told = steps.flatMap((step, at) => [
    ...(at === offFrom && at < choices.length
      ? [
          '        here the handler asks for something else than when it was saved: it goes on in order',
        ]
      : []),
    ...linesOf(step, at, whole),
  ]);
  return lines([
    delivered(arrangement),
    ...told,
    ...(reason === undefined ? [] : [`      ► ${reason}`]),
  ]);
}

function linesOf(step: Step, at: number, whole: boolean): string[] {
  const { invocation, request, answer, changes, dies, next } = step;
  const { operation, input } = request;
  const who = `#${invocation + 1}`;
  const outcome = answer.error === undefined ? 'ok' : answer.error.name;
  const reasons = (answer.error as { CancellationReasons?: { Code?: string }[] } | undefined)
    ?.CancellationReasons;
  const codes = reasons ? ` [${reasons.map(({ Code = 'None' }) => Code).join(', ')}]` : '';
  const stored = changes.map(
    ({ table, before, after }) => `               stored ${table}: ${changed(before, after)}`,
  );
  return [
    `  ${String(at + 1).padStart(4)}  ${who.padEnd(4)} ${operation.padEnd(18)} → ${outcome}${codes}   ${asked(operation, input as never)}`,
    ...(whole ? stored : []),
    ...(dies ? [`        ${who.padEnd(4)} dies`] : []),
    ...comesOf(next, who),
  ];
}

function comesOf(next: Step['next'], who: string): string[] {
  if (next === undefined) return [];
  if (next === 'over') return [`        ${who.padEnd(4)} has answered: all done`];
  return [
    `        #${String(next.invocation + 1).padEnd(3)} is given ${numbers(next.again)} again`,
  ];
}

function delivered(arrangement: Arrangement): string {
  return arrangement.map((batch, at) => `#${at + 1} is given ${numbers(batch)}`).join('; ');
}

function numbers(batch: Batch): string {
  return batch.map((event) => event + 1).join(', ');
}

function lines(all: readonly string[]): string {
  return `${all.map(printable).join('\n')}\n`;
}
