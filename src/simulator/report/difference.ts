/** One difference as text: the row, and the events that affect it. */
import { differingAttributes } from '../check/equality.ts';
import type { EventTrace, ExplainedDifference } from '../model/run-result.ts';
import type { Row } from '../model/workload.ts';
import type { Paint } from './paint.ts';
import { type Cell, cell, formatGrid, type Grid, widthOf } from './table.ts';
import { abbreviations, count, elided, folded, plural, printable } from './text.ts';

const EVENTS_SHOWN = 24;
const DELIVERIES_SHOWN = 4;
const HEADLINE_MAX = 1_000;
const VALUE_WIDTH = 60;
/** Characters of an id, from which the widest that fits is chosen. */
const ID_WIDTHS = [44, 40, 36, 32, 28, 24, 20, 16, 12];
/** Characters that the last column of the events needs, such as for `12 success`. */
const DELIVERY_WIDTH = 12;

export type Abbreviate = (text: string) => string;

/** `width`: of the terminal, in characters. */
export function formatDifference(
  difference: ExplainedDifference,
  number: number,
  paint: Paint,
  width: number,
): string {
  const shown = chooseTraces(difference.traces);
  const { abbreviate, rows, events } = layOut(difference, shown, paint, width);
  const key = difference.key.map((part) => abbreviate(part)).join(' · ');
  const lines = [
    paint.bold(`${number}. ${elided(difference.table, VALUE_WIDTH)} ${key}`),
    folded(cutOff(shortHeadline(difference, abbreviate)), width),
    formatGrid(rows, width),
  ];
  if (shown.length > 0) {
    const hidden = difference.traces.length - shown.length;
    lines.push(
      `${plural(difference.traces.length, 'event')} in canonical order, beside the order of arrival` +
        (hidden > 0 ? ` (${count(hidden)} not shown):` : ':'),
      formatGrid(events, width, DELIVERY_WIDTH),
    );
  }
  return lines.join('\n');
}

/** The tables of the difference, with ids as long as the width allows. */
function layOut(
  difference: ExplainedDifference,
  shown: readonly EventTrace[],
  paint: Paint,
  width: number,
) {
  const { headline } = difference.explanation;
  const ids = [
    ...texts(difference.expected),
    ...texts(difference.actual),
    ...difference.key,
    ...shown.flatMap(idsOf),
    ...difference.traces.flatMap(idsOf).filter((id) => headline.includes(id)),
  ];
  const withIds = (idWidth: number) => {
    const abbreviate = abbreviations(ids, idWidth);
    return {
      abbreviate,
      rows: rowsGrid(difference, abbreviate, paint),
      events: eventsGrid(difference.traces, shown, abbreviate, paint),
    };
  };
  let laidOut = withIds(ID_WIDTHS[0] ?? 0);
  for (const idWidth of ID_WIDTHS) {
    laidOut = withIds(idWidth);
    const { rows, events } = laidOut;
    if (widthOf(rows) <= width && widthOf(events, DELIVERY_WIDTH) <= width) break;
  }
  return laidOut;
}

/** The headline with ids shortened as in the tables below it. */
export function shortHeadline(difference: ExplainedDifference, abbreviate: Abbreviate): string {
  const { traces, key, expected, actual, explanation } = difference;
  const ids = [...key, ...texts(expected), ...texts(actual), ...traces.flatMap(idsOf)]
    .filter((id) => explanation.headline.includes(id) && abbreviate(id) !== printable(id))
    // The longest first, because one id may be part of another.
    .sort((left, right) => right.length - left.length);
  return withShortIds(explanation.headline, [...new Set(ids)], abbreviate);
}

/** The texts that may be shortened: those in its rows, and the ids of its events. */
export function textsOf({ expected, actual, traces }: ExplainedDifference): string[] {
  return [...texts(expected), ...texts(actual), ...traces.flatMap(idsOf)];
}

function withShortIds(text: string, ids: readonly string[], abbreviate: Abbreviate): string {
  const [id, ...others] = ids;
  if (id === undefined) return printable(text);
  const between = text.split(id).map((part) => withShortIds(part, others, abbreviate));
  return between.join(abbreviate(id));
}

/** Cuts a long headline after a whole word. */
function cutOff(text: string): string {
  if (text.length <= HEADLINE_MAX) return text;
  return `${text.slice(0, HEADLINE_MAX).replace(/ [^ ]*$/, '')} …`;
}

function idsOf({ subject, eventId, origin }: EventTrace): string[] {
  return [subject, eventId, origin];
}

/** One line for each attribute; those that differ are marked. */
function rowsGrid(
  { expected, actual }: ExplainedDifference,
  abbreviate: Abbreviate,
  paint: Paint,
): Grid {
  const grid = [['', 'attribute', 'expected', 'got'].map((title) => cell(title, paint.dim))];
  const differing = new Set(differingAttributes(expected ?? {}, actual ?? {}));
  const names = new Set([...Object.keys(expected ?? {}), ...Object.keys(actual ?? {})]);
  for (const name of [...names].sort()) {
    const wanted = formatValue(expected, name, abbreviate);
    const got = formatValue(actual, name, abbreviate);
    const title = elided(name, VALUE_WIDTH);
    grid.push(
      differing.has(name)
        ? [
            cell('≠', paint.yellow),
            cell(title, paint.bold),
            cell(wanted, paint.green),
            cell(got, paint.red),
          ]
        : ['', title, wanted, got].map((text) => cell(text)),
    );
  }
  return grid;
}

function formatValue(row: Row | undefined, name: string, abbreviate: Abbreviate): string {
  if (row === undefined) return '(no such row)';
  const value = Object.hasOwn(row, name) ? row[name] : undefined;
  if (value === undefined) return '(none)';
  // In quotes, to tell the text "5" from the number 5.
  if (typeof value === 'string') return `"${abbreviate(value)}"`;
  if (value instanceof Uint8Array)
    return elided(`0x${Buffer.from(value).toString('hex')}`, VALUE_WIDTH);
  if (typeof value === 'object') return elided(JSON.stringify(value, toJson), VALUE_WIDTH);
  return String(value);
}

/** Converts values that JSON does not have. */
function toJson(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value instanceof Set ? [...value] : value;
}

/** In canonical order, one line for each record of an event. */
function eventsGrid(
  all: readonly EventTrace[],
  shown: readonly EventTrace[],
  abbreviate: Abbreviate,
  paint: Paint,
): Grid {
  const rankOf = new Map<number, number>();
  const positions = all.flatMap(({ arrivals }) => arrivals.map(({ position }) => position));
  for (const position of positions.sort((left, right) => left - right)) {
    rankOf.set(position, rankOf.size + 1);
  }
  const several = new Set(shown.map(({ subject }) => subject)).size > 1;
  const about = several ? ['of'] : [];
  const titles = ['', 'kind', ...about, 'event', 'who', 'arrived as', 'shard', 'received by'];
  const grid = [titles.map((title) => cell(title, paint.dim))];
  const placeOf = new Map(all.map((trace, place) => [trace.event, place + 1]));
  for (const trace of shown) {
    const event = [
      String(placeOf.get(trace.event)),
      elided(trace.kind, VALUE_WIDTH),
      ...(several ? [abbreviate(trace.subject)] : []),
      abbreviate(trace.eventId),
      abbreviate(trace.origin),
    ].map((text) => cell(text));
    if (trace.arrivals.length === 0) {
      grid.push([...event, cell('never', paint.yellow), cell(''), cell('')]);
    }
    const copy = event.map((_, column) => (column === 1 ? cell('  copy', paint.dim) : cell('')));
    for (const [index, arrival] of trace.arrivals.entries()) {
      grid.push([
        ...(index === 0 ? event : copy),
        // Among the records of these events, and among all.
        cell(`${ordinal(rankOf.get(arrival.position) ?? 0)} #${count(arrival.position + 1)}`),
        cell(elided(arrival.shardId.replace(/^shardId-0*(?=\d)/, ''), VALUE_WIDTH)),
        deliveriesCell(arrival.deliveries, paint),
      ]);
    }
  }
  return grid;
}

/** The invocations that received a record, and how each ended. */
function deliveriesCell(
  deliveries: EventTrace['arrivals'][number]['deliveries'],
  paint: Paint,
): Cell {
  if (deliveries.length === 0) return cell('none', paint.yellow);
  const parts = deliveries.slice(0, DELIVERIES_SHOWN).map(({ invocation, outcome }) => {
    const text = `${invocation} ${elided(outcome, VALUE_WIDTH)}`;
    return outcome === 'success' ? cell(text) : cell(text, paint.yellow);
  });
  const hidden = deliveries.length - parts.length;
  if (hidden > 0) parts.push(cell(`and ${count(hidden)} more`));
  return {
    text: parts.map(({ text }) => text).join('; '),
    painted: parts.map(({ painted }) => painted).join('; '),
  };
}

/**
 * The most relevant events, where there are too many: those of rare kinds, then those whose records
 * were copied, retried or not delivered, then the first ones.
 */
function chooseTraces(traces: readonly EventTrace[]): readonly EventTrace[] {
  if (traces.length <= EVENTS_SHOWN) return traces;
  const ofKind = new Map<string, number>();
  for (const { kind } of traces) ofKind.set(kind, (ofKind.get(kind) ?? 0) + 1);
  const commonest = Math.max(...ofKind.values());
  const commonness = ({ kind, arrivals }: EventTrace): number => {
    if ((ofKind.get(kind) ?? 0) < commonest) return 0;
    const [arrival] = arrivals;
    const [delivery] = arrival?.deliveries ?? [];
    const ordinary =
      arrivals.length === 1 && arrival?.deliveries.length === 1 && delivery?.outcome === 'success';
    return ordinary ? 2 : 1;
  };
  const chosen = traces
    .map((trace, place) => ({ trace, place, commonness: commonness(trace) }))
    .sort((left, right) => left.commonness - right.commonness || left.place - right.place)
    .slice(0, EVENTS_SHOWN);
  return chosen.sort((left, right) => left.place - right.place).map(({ trace }) => trace);
}

function texts(row: Row | undefined): string[] {
  return Object.values(row ?? {}).filter((value) => typeof value === 'string');
}

/** `1st`, `2nd`, `11th`. */
function ordinal(value: number): string {
  const teen = value % 100 > 10 && value % 100 < 14;
  const suffix = teen ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th');
  return `${count(value)}${suffix}`;
}
