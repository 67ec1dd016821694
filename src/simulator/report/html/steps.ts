/** The timeline of one wrong row: pushes, invocations and reads, in lanes. Pure. */

import { leftAt, type RowMoment, rowName } from '../../check/convergence.ts';
import type { EventTrace, ExplainedDifference } from '../../model/run-result.ts';
import type { Row } from '../../model/workload.ts';
import type { Abbreviate } from '../difference.ts';
import { jsonValue } from '../json.ts';
import { count, plural, seconds } from '../text.ts';
import type { TimeSeries } from '../time-series.ts';
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
  { timeSeries, convergence }: Pick<ReportInput, 'timeSeries' | 'convergence'>,
  short: Abbreviate,
): Steps {
  const { table, key, traces } = difference;
  const arrivals = traces
    .flatMap((trace, index) =>
      trace.arrivals.map((arrival, copy) => ({ ...arrival, trace, copy, number: index + 1 })),
    )
    // A shard is read, and so a batch is filled, in the order of arrival.
    .sort((left, right) => left.position - right.position);
  const moments = convergence.rows.get(rowName(table, key)) ?? [];
  const found = [
    ...arrivals.map((arrival) => arrivalStep(arrival, timeSeries, short)),
    ...invocationSteps(arrivals, timeSeries),
    ...rowSteps(table, moments),
  ];
  const lastMs = Math.max(0, ...found.map(({ atMs }) => atMs));
  found.push(endStep(difference, moments, lastMs + 1));
  const lanes = [...new Set(found.map(({ lane }) => lane))];
  const steps = found
    .map((step, index) => ({ step: { ...step, lane: lanes.indexOf(step.lane) }, index }))
    .sort(
      (a, b) =>
        a.step.atMs - b.step.atMs || RANK[a.step.kind] - RANK[b.step.kind] || a.index - b.index,
    )
    .map(({ step }) => step);
  // The earliest steps are left out, because the last ones show how the row became wrong.
  const shown = steps.slice(-STEPS_MAX);
  return { lanes, steps: shown, leftOut: steps.length - shown.length };
}

/** A step with the name of its lane. */
type NamedStep = Omit<Step, 'lane'> & { readonly lane: string };

/** One record of an event of the difference; `number`: of the event in canonical order, from 1. */
type Arrival = EventTrace['arrivals'][number] & {
  readonly trace: EventTrace;
  readonly copy: number;
  readonly number: number;
};

function arrivalStep(
  { trace, copy, number, shardId, position }: Arrival,
  timeSeries: TimeSeries,
  short: Abbreviate,
): NamedStep {
  const event = `event ${number} (${trace.kind} ${short(trace.eventId)})`;
  const shard = shardName(shardId);
  return {
    atMs: timeSeries.pushedAtMs(position) ?? 0,
    lane: shard,
    kind: 'pushed',
    label: `${number}${copy > 0 ? '′' : ''}`,
    text: `${copy > 0 ? `A copy of ${event}` : capital(event)}, by ${short(trace.origin)}, arrived on ${shard} as record ${count(position + 1)} of the run.`,
  };
}

/** The start and the end of each invocation that received one of the records. */
function invocationSteps(arrivals: readonly Arrival[], timeSeries: TimeSeries): NamedStep[] {
  const batches = new Map<number, { readonly events: string[]; readonly outcomes: Set<string> }>();
  for (const { copy, number, deliveries } of arrivals) {
    for (const { invocation, outcome } of deliveries) {
      const batch = batches.get(invocation) ?? { events: [], outcomes: new Set() };
      batches.set(invocation, batch);
      batch.events.push(copy > 0 ? `a copy of event ${number}` : `event ${number}`);
      batch.outcomes.add(outcome);
    }
  }
  return [...batches].flatMap(([invocation, { events, outcomes }]) => {
    const time = timeSeries.invocations.get(invocation);
    const attempt = (time?.attempt ?? 1) > 1 ? `, attempt ${time?.attempt}` : '';
    const shared = { lane: time?.worker ?? 'a worker', label: `#${invocation}` };
    const start: NamedStep = {
      ...shared,
      atMs: time?.startMs ?? 0,
      kind: 'invoked',
      text: `Invocation ${invocation} (${shardName(time?.shardId ?? '')}, ${plural(time?.records ?? 0, 'record')}${attempt}) received ${events.join(', ')}, in this order.`,
    };
    if (time?.endMs === undefined) return [start];
    const text = `Invocation ${invocation} ended: ${[...outcomes].join(', ')}.`;
    return [start, { ...shared, atMs: time.endMs, kind: 'ended', text }];
  });
}

/** The reads of the row that found a change. */
function rowSteps(table: string, moments: readonly RowMoment[]): NamedStep[] {
  const left = leftAt(moments);
  const states = moments.map(({ row, wanted }) => JSON.stringify([row, wanted], jsonValue));
  return moments.flatMap(({ atMs, row, wanted, isAsWanted }, index) => {
    if (states[index] === states[index - 1] && index !== left) return [];
    const kind = index === left ? 'left' : isAsWanted ? 'right' : 'wrong';
    const rows = { wanted, row };
    return [{ atMs, lane: table, kind, label: MARKS[kind], text: ROW_TEXTS[kind], rows }];
  });
}

function endStep(
  { table, expected, actual }: ExplainedDifference,
  moments: readonly RowMoment[],
  atMs: number,
): NamedStep {
  const state =
    actual === undefined ? 'missing' : expected === undefined ? 'one too many' : 'wrong';
  const unread =
    moments.length === 0 ? ' It was not among the rows that were read during the run.' : '';
  return {
    atMs,
    lane: table,
    kind: leftAt(moments) < moments.length ? 'wrong' : 'left',
    label: 'end',
    text: `At the end of the run the row is ${state}.${unread}`,
    rows: { wanted: expected, row: actual },
  };
}

export function stepTime({ atMs }: Step): string {
  return atMs < 10_000 ? `${atMs.toFixed(0)} ms` : seconds(atMs);
}

const RANK = { pushed: 0, invoked: 1, ended: 2, right: 3, wrong: 3, left: 3 } as const;
const MARKS = { right: '=', wrong: '≠', left: '≠' } as const;
const ROW_TEXTS = {
  right: 'The row was read: it is as the events delivered so far require.',
  wrong: 'The row was read: it is not as the events delivered so far require.',
  left: 'From here on, no read found the row as the events delivered so far require.',
} as const;

function shardName(shardId: string): string {
  return `shard ${shardId.replace(/^shardId-0*(?=\d)/, '')}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
