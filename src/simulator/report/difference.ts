/** One difference, so that a person sees its cause: the row, and the events that bear on it. */
import Table from 'cli-table3';
import { differingAttributes } from '../check/equality.ts';
import type { EventTrace, ExplainedDifference } from '../run/result.ts';
import type { Row } from '../workload/workload.ts';
import type { Paint } from './terminal.ts';
import { abbreviations, count, elided, plural } from './text.ts';

const EVENTS_SHOWN = 24;
const DELIVERIES_SHOWN = 4;
const HEADLINE_WIDTH = 400;
const VALUE_WIDTH = 60;

type Abbreviate = (text: string) => string;

export function formatDifference(
  difference: ExplainedDifference,
  number: number,
  paint: Paint,
): string {
  const shown = chooseTraces(difference.traces);
  const abbreviate = abbreviations([
    ...texts(difference.expected),
    ...texts(difference.actual),
    ...difference.key,
    ...shown.flatMap(({ subject, eventId, origin }) => [subject, eventId, origin]),
  ]);
  const key = difference.key.map((part) => abbreviate(part)).join(' · ');
  const lines = [
    paint.bold(`${number}. ${elided(difference.table, VALUE_WIDTH)} ${key}`),
    elided(difference.explanation.headline, HEADLINE_WIDTH),
    formatRows(difference, abbreviate, paint),
  ];
  if (shown.length > 0) {
    const hidden = difference.traces.length - shown.length;
    const events = plural(difference.traces.length, 'event');
    lines.push(
      `${events} in canonical order, beside the order of arrival` +
        (hidden > 0 ? ` (${count(hidden)} not shown):` : ':'),
      formatTraces(difference.traces, shown, abbreviate, paint),
    );
  }
  return lines.join('\n');
}

/** Attribute by attribute; those that differ are marked. */
function formatRows(
  { expected, actual }: ExplainedDifference,
  abbreviate: Abbreviate,
  paint: Paint,
): string {
  const table = plainTable(['', 'attribute', 'expected', 'got'], paint);
  const differing = new Set(differingAttributes(expected ?? {}, actual ?? {}));
  const names = new Set([...Object.keys(expected ?? {}), ...Object.keys(actual ?? {})]);
  for (const name of [...names].sort()) {
    const wanted = formatCell(expected, name, abbreviate);
    const got = formatCell(actual, name, abbreviate);
    const title = elided(name, VALUE_WIDTH);
    table.push(
      differing.has(name)
        ? [paint.yellow('≠'), paint.bold(title), paint.green(wanted), paint.red(got)]
        : ['', title, wanted, got],
    );
  }
  return lined(table);
}

function formatCell(row: Row | undefined, name: string, abbreviate: Abbreviate): string {
  if (row === undefined) return '(no such row)';
  const value = Object.hasOwn(row, name) ? row[name] : undefined;
  if (value === undefined) return '(none)';
  // In quotes, so that the text "5" isn't taken for the number 5.
  if (typeof value === 'string') return `"${abbreviate(value)}"`;
  if (value instanceof Uint8Array)
    return elided(`0x${Buffer.from(value).toString('hex')}`, VALUE_WIDTH);
  if (typeof value === 'object') return elided(JSON.stringify(value, withWords), VALUE_WIDTH);
  return String(value);
}

/** Gives what JSON has no word for a form of its own. */
function withWords(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value instanceof Set ? [...value] : value;
}

/** In canonical order; a line for each record that carried the event. */
function formatTraces(
  all: readonly EventTrace[],
  shown: readonly EventTrace[],
  abbreviate: Abbreviate,
  paint: Paint,
): string {
  const rankOf = new Map<number, number>();
  const positions = all.flatMap(({ arrivals }) => arrivals.map(({ position }) => position));
  for (const position of positions.sort((left, right) => left - right)) {
    rankOf.set(position, rankOf.size + 1);
  }
  // The events of one product are all of that product; those of a user are of many.
  const several = new Set(shown.map(({ subject }) => subject)).size > 1;
  const about = several ? ['of'] : [];
  const fate = ['arrived', 'as record', 'shard', 'given to invocation'];
  const table = plainTable(['', 'kind', ...about, 'event', 'who', ...fate], paint);
  const placeOf = new Map(all.map((trace, place) => [trace.event, place + 1]));
  for (const trace of shown) {
    const event = [
      String(placeOf.get(trace.event)),
      elided(trace.kind, VALUE_WIDTH),
      ...(several ? [abbreviate(trace.subject)] : []),
      abbreviate(trace.eventId),
      abbreviate(trace.origin),
    ];
    if (trace.arrivals.length === 0) table.push([...event, paint.yellow('never'), '', '', '']);
    for (const [index, arrival] of trace.arrivals.entries()) {
      table.push([
        ...(index === 0 ? event : ['', paint.dim('  copy'), ...event.slice(2).fill('')]),
        ordinal(rankOf.get(arrival.position) ?? 0),
        `#${count(arrival.position + 1)}`,
        elided(arrival.shardId.replace(/^shardId-0*(?=\d)/, ''), VALUE_WIDTH),
        formatDeliveries(arrival.deliveries, paint),
      ]);
    }
  }
  return lined(table);
}

function formatDeliveries(
  deliveries: EventTrace['arrivals'][number]['deliveries'],
  paint: Paint,
): string {
  if (deliveries.length === 0) return paint.yellow('none');
  const texts = deliveries.slice(0, DELIVERIES_SHOWN).map(({ invocation, outcome }) => {
    const text = `${invocation} ${elided(outcome, VALUE_WIDTH)}`;
    return outcome === 'success' ? text : paint.yellow(text);
  });
  const hidden = deliveries.length - texts.length;
  return texts.join('; ') + (hidden > 0 ? `; and ${count(hidden)} more` : '');
}

/**
 * The events that tell most, where there are too many: of the rarest kinds (one registration among a
 * thousand purchases), then those whose records had a fate of their own, then the first.
 */
function chooseTraces(traces: readonly EventTrace[]): readonly EventTrace[] {
  if (traces.length <= EVENTS_SHOWN) return traces;
  const ofKind = new Map<string, number>();
  for (const { kind } of traces) ofKind.set(kind, (ofKind.get(kind) ?? 0) + 1);
  const commonest = Math.max(...ofKind.values());
  const dullness = ({ kind, arrivals }: EventTrace): number => {
    if ((ofKind.get(kind) ?? 0) < commonest) return 0;
    const [arrival] = arrivals;
    const [delivery] = arrival?.deliveries ?? [];
    const ordinary =
      arrivals.length === 1 && arrival?.deliveries.length === 1 && delivery?.outcome === 'success';
    return ordinary ? 2 : 1;
  };
  const chosen = traces
    .map((trace, place) => ({ trace, place, dullness: dullness(trace) }))
    .sort((left, right) => left.dullness - right.dullness || left.place - right.place)
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

function lined(table: Table.Table): string {
  return table.toString().replace(/ +$/gm, '');
}

/** Columns that line up, and nothing else. */
function plainTable(titles: readonly string[], paint: Paint): Table.Table {
  const sides = ['top', 'bottom', 'left', 'right', 'mid', 'middle'];
  const corners = ['top-mid', 'top-left', 'top-right', 'bottom-mid', 'bottom-left', 'bottom-right'];
  const joints = ['left-mid', 'mid-mid', 'right-mid'];
  const nothing = [...sides, ...corners, ...joints].map((place) => [place, '']);
  return new Table({
    head: titles.map((title) => paint.dim(title)),
    chars: Object.fromEntries(nothing),
    style: { head: [], border: [], 'padding-left': 2, 'padding-right': 0 },
  });
}
