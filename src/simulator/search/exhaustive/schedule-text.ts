/** A schedule and its result, as lines on a terminal. Pure. */

import type { Workload } from '../../model/workload.ts';
import { failureText } from '../../report/failure-text.ts';
import { plural, printable } from '../../report/text.ts';
import { describeRequest, describeWrite } from '../describe-request.ts';
import type { Batch } from './arrangements.ts';
import type { Repeated, Schedule, Step } from './repeat.ts';

export function formatEvents<Event>(
  events: readonly Event[],
  workload: Pick<Workload<Event>, 'describe'>,
): string {
  return lines([
    `${plural(events.length, 'event')} in canonical order:`,
    ...events.map((event, at) => {
      const { kind, subject, eventId, origin } = workload.describe(event);
      return `  ${at + 1}  ${kind.padEnd(16)} ${subject}  ${eventId}  ${origin}`.trimEnd();
    }),
  ]);
}

/** `writes`: whether to show what each request stored. */
export function formatRepeated(
  { steps, failure, offFrom }: Repeated,
  { arrangement, choices }: Schedule,
  { tables }: Pick<Workload<never>, 'tables'>,
  writes = true,
): string {
  const off =
    '        here the handler makes other requests than when the schedule was saved: it goes on in order';
  return lines([
    arrangement.map((batch, at) => `#${at + 1} receives ${numbers(batch)}`).join('; '),
    ...steps.flatMap((step, at) => [
      ...(at === offFrom && at < choices.length ? [off] : []),
      ...stepLines(step, at, tables, writes),
    ]),
    ...(failure === undefined ? [] : [`      ► ${failureText(failure)}`]),
  ]);
}

function stepLines(
  step: Step,
  at: number,
  tables: Workload<never>['tables'],
  writes: boolean,
): string[] {
  const { invocation, request, answer, changes, dies, next } = step;
  const { operation, input } = request;
  const who = `#${invocation + 1}`.padEnd(4);
  const outcome = answer.error === undefined ? 'ok' : answer.error.name;
  const reasons = (answer.error as { CancellationReasons?: { Code?: string }[] } | undefined)
    ?.CancellationReasons;
  const codes = reasons ? ` [${reasons.map(({ Code = 'None' }) => Code).join(', ')}]` : '';
  const about = describeRequest(tables, operation, input as never);
  const stored = changes.map(
    ({ table, before, after }) =>
      `               stored ${describeWrite(tables, table, before, after)}`,
  );
  return [
    `  ${String(at + 1).padStart(4)}  ${who} ${operation.padEnd(18)} → ${outcome}${codes}   ${about}`,
    ...(writes ? stored : []),
    ...(dies ? [`        ${who} dies`] : []),
    ...nextLines(next, who),
  ];
}

function nextLines(next: Step['next'], who: string): string[] {
  if (next === undefined) return [];
  if (next === 'over') return [`        ${who} acknowledges all its records`];
  const again = `#${next.invocation + 1}`.padEnd(4);
  return [`        ${again} receives ${numbers(next.again)} again`];
}

function numbers(batch: Batch): string {
  return batch.map((event) => event + 1).join(', ');
}

function lines(all: readonly string[]): string {
  return `${all.map(printable).join('\n')}\n`;
}
