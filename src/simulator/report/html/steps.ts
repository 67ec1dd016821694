/** What happened to one wrong row, step by step, in lanes. Pure. */

import { leftAt, rowName } from '../../check/convergence.ts';
import type { ExplainedDifference } from '../../model/run-result.ts';
import type { Row } from '../../model/workload.ts';
import type { Abbreviate } from '../difference.ts';
import { jsonValue } from '../json.ts';
import { count, plural, seconds } from '../text.ts';
import type { ReportInput } from './input.ts';

export interface Step {
  readonly atMs: number;
  /** Index into the lanes. */
  readonly lane: number;
  readonly kind: 'pushed' | 'invoked' | 'ended' | 'right' | 'wrong' | 'left';
  /** A few characters beside the mark. */
  readonly label: string;
  readonly text: string;
  /** The row as it was then, and as it should have been; for steps of the row. */
  readonly rows?: { readonly wanted: Row | undefined; readonly row: Row | undefined };
}

export interface Steps {
  readonly lanes: readonly string[];
  readonly steps: readonly Step[];
  readonly leftOut: number;
}

const STEPS_MAX = 120;

export function stepsOf(
  difference: ExplainedDifference,
  input: ReportInput,
  short: Abbreviate,
): Steps {
  const { course, convergence } = input;
  const { table, key, traces } = difference;
  const lanes: string[] = [];
  const lane = (name: string): number => {
    if (!lanes.includes(name)) lanes.push(name);
    return lanes.indexOf(name);
  };
  const arrivals = traces
    .flatMap((trace, index) =>
      trace.arrivals.map((arrival, copy) => ({ ...arrival, trace, copy, number: index + 1 })),
    )
    // A shard is read, and so a batch is filled, in the order of arrival.
    .sort((left, right) => left.position - right.position);
  for (const { shardId } of arrivals) lane(shardName(shardId));
  const steps: Step[] = [];
  const given = new Map<number, { readonly events: string[]; readonly outcomes: Set<string> }>();
  for (const { trace, copy, number, shardId, position, deliveries } of arrivals) {
    const name = `event ${number} (${trace.kind} ${short(trace.eventId)})`;
    steps.push({
      atMs: course.pushedAtMs(position) ?? 0,
      lane: lane(shardName(shardId)),
      kind: 'pushed',
      label: `${number}${copy > 0 ? '′' : ''}`,
      text: `${copy > 0 ? `A copy of ${name}` : capital(name)}, by ${short(trace.origin)}, arrived on ${shardName(shardId)} as record ${count(position + 1)} of the run.`,
    });
    for (const { invocation, outcome } of deliveries) {
      const batch = given.get(invocation) ?? { events: [], outcomes: new Set() };
      given.set(invocation, batch);
      batch.events.push(copy > 0 ? `a copy of event ${number}` : `event ${number}`);
      batch.outcomes.add(outcome);
    }
  }
  for (const [invocation, { events, outcomes }] of given) {
    const time = course.invocations.get(invocation);
    const place = lane(time?.worker ?? 'a worker');
    const attempt = (time?.attempt ?? 1) > 1 ? `, attempt ${time?.attempt}` : '';
    steps.push({
      atMs: time?.startMs ?? 0,
      lane: place,
      kind: 'invoked',
      label: `#${invocation}`,
      text: `Invocation ${invocation} (${shardName(time?.shardId ?? '')}, ${plural(time?.records ?? 0, 'record')}${attempt}) was given ${events.join(', ')}, in this order.`,
    });
    if (time?.endMs === undefined) continue;
    steps.push({
      atMs: time.endMs,
      lane: place,
      kind: 'ended',
      label: `#${invocation}`,
      text: `Invocation ${invocation} ended: ${[...outcomes].join(', ')}.`,
    });
  }
  const rowLane = lane(table);
  const moments = convergence.rows.get(rowName(table, key)) ?? [];
  const left = leftAt(moments);
  let before: string | undefined;
  for (const [index, { atMs, row, wanted, isAsWanted }] of moments.entries()) {
    const state = JSON.stringify([row, wanted], jsonValue);
    if (state === before && index !== left) continue;
    before = state;
    const kind = index === left ? 'left' : isAsWanted ? 'right' : 'wrong';
    steps.push({
      atMs,
      lane: rowLane,
      kind,
      label: MARKS[kind],
      text: SAID[kind],
      rows: { wanted, row },
    });
  }
  const lastMs = Math.max(0, ...steps.map(({ atMs }) => atMs));
  const isKnown = left < moments.length;
  steps.push({
    atMs: lastMs + 1,
    lane: rowLane,
    kind: isKnown ? 'wrong' : 'left',
    label: 'end',
    text: `In the end the row is ${difference.actual === undefined ? 'missing' : difference.expected === undefined ? 'one too many' : 'wrong'}.${moments.length === 0 ? ' It was not among the rows that were read during the run.' : ''}`,
    rows: { wanted: difference.expected, row: difference.actual },
  });
  const ordered = steps
    .map((step, index) => ({ step, index }))
    .sort(
      (a, b) =>
        a.step.atMs - b.step.atMs || RANK[a.step.kind] - RANK[b.step.kind] || a.index - b.index,
    )
    .map(({ step }) => step);
  // The last steps say how it ended; what came long before is left out first.
  const shown = ordered.slice(-STEPS_MAX);
  return { lanes, steps: shown, leftOut: ordered.length - shown.length };
}

export function stepTime({ atMs }: Step): string {
  return atMs < 10_000 ? `${atMs.toFixed(0)} ms` : seconds(atMs);
}

const RANK = { pushed: 0, invoked: 1, ended: 2, right: 3, wrong: 3, left: 3 } as const;
const MARKS = { right: '=', wrong: '≠', left: '≠' } as const;
const SAID = {
  right: 'The row was read: it is as the events delivered so far want it.',
  wrong: 'The row was read: it is not as the events delivered so far want it.',
  left: 'Here the row first left the reference, and it never returned: it is not as the events delivered so far want it.',
} as const;

function shardName(shardId: string): string {
  return `shard ${shardId.replace(/^shardId-0*(?=\d)/, '')}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
