/** The timeline of one wrong row: pushes, invocations and reads of the row, in lanes. Pure. */

import { divergedAt, rowName } from '../../check/convergence.ts';
import type { EventTrace, ExplainedDifference } from '../../model/run-result.ts';
import type { Row } from '../../model/workload.ts';
import type { Abbreviate } from '../difference.ts';
import { jsonValue } from '../json.ts';
import { count, plural, seconds } from '../text.ts';
import type { ReportInput } from './input.ts';

export interface Step {
  readonly atMs: number;
  /** Index into the lanes. */
  readonly lane: number;
  readonly kind: 'pushed' | 'invoked' | 'ended' | 'right' | 'wrong' | 'diverged';
  /** A few characters beside the mark. */
  readonly label: string;
  readonly text: string;
  /** For steps of the row: the row as it was read, and as it should have been. */
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
  const lanes = createLanes();
  const arrivals = arrivalsOf(difference);
  for (const { shardId } of arrivals) lanes.of(shardName(shardId));
  const during = [
    ...arrivals.map((arrival) => pushStep(arrival, input, lanes, short)),
    ...invocationSteps(arrivals, input, lanes),
    ...rowSteps(difference, input, lanes.of(difference.table)),
  ];
  const lastMs = Math.max(0, ...during.map(({ atMs }) => atMs));
  const end = endStep(difference, input, lanes.of(difference.table), lastMs + 1);
  const ordered = [...during, end]
    .map((step, index) => ({ step, index }))
    .sort(
      (a, b) =>
        a.step.atMs - b.step.atMs || RANK[a.step.kind] - RANK[b.step.kind] || a.index - b.index,
    )
    .map(({ step }) => step);
  // The last steps show how it ended.
  const shown = ordered.slice(-STEPS_MAX);
  return { lanes: lanes.names, steps: shown, leftOut: ordered.length - shown.length };
}

interface Lanes {
  readonly names: readonly string[];
  /** The index of a lane, which is added unless it is there. */
  of(name: string): number;
}

function createLanes(): Lanes {
  const names: string[] = [];
  return {
    names,
    of(name) {
      if (!names.includes(name)) names.push(name);
      return names.indexOf(name);
    },
  };
}

type Arrival = EventTrace['arrivals'][number] & {
  readonly trace: EventTrace;
  readonly copy: number;
  /** The event's place among those of the difference, from 1. */
  readonly number: number;
};

/** In the order of arrival, in which a shard is read and a batch is filled. */
function arrivalsOf({ traces }: ExplainedDifference): readonly Arrival[] {
  return traces
    .flatMap((trace, index) =>
      trace.arrivals.map((arrival, copy) => ({ ...arrival, trace, copy, number: index + 1 })),
    )
    .sort((left, right) => left.position - right.position);
}

function pushStep(
  { trace, copy, number, shardId, position }: Arrival,
  { series }: ReportInput,
  lanes: Lanes,
  short: Abbreviate,
): Step {
  const name = `event ${number} (${trace.kind} ${short(trace.eventId)})`;
  return {
    atMs: series.pushedAtMs(position) ?? 0,
    lane: lanes.of(shardName(shardId)),
    kind: 'pushed',
    label: `${number}${copy > 0 ? '′' : ''}`,
    text: `${copy > 0 ? `A copy of ${name}` : capital(name)}, by ${short(trace.origin)}, arrived on ${shardName(shardId)} as record ${count(position + 1)} of the run.`,
  };
}

/** The start and the end of each invocation that received one of the events. */
function invocationSteps(
  arrivals: readonly Arrival[],
  { series }: ReportInput,
  lanes: Lanes,
): readonly Step[] {
  return [...batchesOf(arrivals)].flatMap(([invocation, { events, outcomes }]): Step[] => {
    const time = series.invocations.get(invocation);
    const lane = lanes.of(time?.worker ?? 'a worker');
    const attempt = (time?.attempt ?? 1) > 1 ? `, attempt ${time?.attempt}` : '';
    const batch = `${shardName(time?.shardId ?? '')}, ${plural(time?.records ?? 0, 'record')}${attempt}`;
    const label = `#${invocation}`;
    const started: Step = {
      ...{ lane, label, atMs: time?.startMs ?? 0, kind: 'invoked' },
      text: `Invocation ${invocation} (${batch}) received ${events.join(', ')}, in this order.`,
    };
    if (time?.endMs === undefined) return [started];
    const ended: Step = {
      ...{ lane, label, atMs: time.endMs, kind: 'ended' },
      text: `Invocation ${invocation} ended: ${[...outcomes].join(', ')}.`,
    };
    return [started, ended];
  });
}

/** By invocation: the events that it received, and how it ended for them. */
function batchesOf(arrivals: readonly Arrival[]) {
  const batches = new Map<number, { readonly events: string[]; readonly outcomes: Set<string> }>();
  for (const { copy, number, deliveries } of arrivals) {
    for (const { invocation, outcome } of deliveries) {
      const batch = batches.get(invocation) ?? { events: [], outcomes: new Set() };
      batches.set(invocation, batch);
      batch.events.push(copy > 0 ? `a copy of event ${number}` : `event ${number}`);
      batch.outcomes.add(outcome);
    }
  }
  return batches;
}

/** Each change of the row, as it was read during the run. */
function rowSteps(
  { table, key }: ExplainedDifference,
  { convergence }: ReportInput,
  lane: number,
): readonly Step[] {
  const moments = convergence.rows.get(rowName(table, key)) ?? [];
  const diverged = divergedAt(moments);
  const steps: Step[] = [];
  let before: string | undefined;
  for (const [index, { atMs, row, wanted, isRight }] of moments.entries()) {
    const state = JSON.stringify([row, wanted], jsonValue);
    if (state === before && index !== diverged) continue;
    before = state;
    const kind = index === diverged ? 'diverged' : isRight ? 'right' : 'wrong';
    const rows = { wanted, row };
    steps.push({ atMs, lane, kind, label: MARKS[kind], text: SAID[kind], rows });
  }
  return steps;
}

/** The row as the check found it. */
function endStep(
  { table, key, expected, actual }: ExplainedDifference,
  { convergence }: ReportInput,
  lane: number,
  atMs: number,
): Step {
  const moments = convergence.rows.get(rowName(table, key)) ?? [];
  const how = actual === undefined ? 'missing' : expected === undefined ? 'one too many' : 'wrong';
  const unread =
    moments.length === 0 ? ' It was not among the rows that were read during the run.' : '';
  return {
    atMs,
    lane,
    kind: divergedAt(moments) < moments.length ? 'wrong' : 'diverged',
    label: 'end',
    text: `At the end the row is ${how}.${unread}`,
    rows: { wanted: expected, row: actual },
  };
}

export function stepTime({ atMs }: Step): string {
  return atMs < 10_000 ? `${atMs.toFixed(0)} ms` : seconds(atMs);
}

const RANK = { pushed: 0, invoked: 1, ended: 2, right: 3, wrong: 3, diverged: 3 } as const;
const MARKS = { right: '=', wrong: '≠', diverged: '≠' } as const;
const SAID = {
  right: 'The row was read: it is what the events delivered so far lead to.',
  wrong: 'The row was read: it is not what the events delivered so far lead to.',
  diverged:
    'Here the row left the reference and never returned: it is not what the events delivered so far lead to.',
} as const;

function shardName(shardId: string): string {
  return `shard ${shardId.replace(/^shardId-0*(?=\d)/, '')}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
