/** A sheet and a leaderboard, as text for a terminal. */
import pc from 'picocolors';
import type { Leaderboard, Sheet, SheetRow } from '../model/workload.ts';
import type { Paint } from './paint.ts';
import { cell, formatGrid, type Grid, widthOf } from './table.ts';
import type { ReportStyle } from './terminal.ts';
import { abbreviations, count, folded, printable } from './text.ts';

const ROWS_MAX = 100;
const PLACES_MAX = 20;
/** Characters of an id, from which the widest that fits is chosen. */
const ID_WIDTHS = [70, 44, 36, 28, 20, 14];
/** Characters that the column of sentences needs. */
const SENTENCE_WIDTH = 28;

export function formatSheet({ title, facts, columns, rows }: Sheet, style: ReportStyle): string {
  const paint = pc.createColors(style.colour);
  const shown = chosen(rows);
  const hidden = rows.length - shown.length;
  const lines = [
    paint.bold(folded(printable(title), style.width)),
    ...facts.map((fact) => folded(printable(fact), style.width, 2)),
  ];
  if (rows.length > 0)
    lines.push(
      '',
      formatGrid(layOut(columns, shown, style.width, paint), style.width, SENTENCE_WIDTH),
    );
  if (hidden > 0) lines.push(`… and ${count(hidden)} more`);
  return `${lines.join('\n')}\n`;
}

export function formatLeaderboard(
  { title, measure, places }: Leaderboard,
  style: ReportStyle,
): string {
  const paint = pc.createColors(style.colour);
  const head = ['', printable(measure), 'who'].map((column) => cell(column, paint.dim));
  const rows = places.slice(0, PLACES_MAX).map(({ name, value }) => {
    // Equal values share a place.
    const place = 1 + places.findIndex((each) => each.value === value);
    return [count(place), count(value), printable(name)].map((text) => cell(text));
  });
  const hidden = places.length - rows.length;
  const body = rows.length === 0 ? '  none' : formatGrid([head, ...rows], style.width);
  return `${paint.bold(printable(title))}\n${body}\n${hidden > 0 ? `… and ${count(hidden)} more\n` : ''}`;
}

/** In their order; the key rows before the others, where there are too many. */
function chosen(rows: readonly SheetRow[]): readonly SheetRow[] {
  if (rows.length <= ROWS_MAX) return rows;
  const keys = rows.filter(({ isKey }) => isKey).slice(0, ROWS_MAX);
  const others = rows.filter(({ isKey }) => !isKey).slice(0, ROWS_MAX - keys.length);
  const kept = new Set([...keys, ...others]);
  return rows.filter((row) => kept.has(row));
}

function layOut(
  columns: readonly string[],
  rows: readonly SheetRow[],
  width: number,
  paint: Paint,
): Grid {
  const ids = rows.flatMap(({ cells }) => cells.slice(0, -1));
  const withIds = (idWidth: number): Grid => {
    const abbreviate = abbreviations(ids, idWidth);
    const body = rows.map(({ cells }) =>
      cells.map((text, at) => cell(at < cells.length - 1 ? abbreviate(text) : printable(text))),
    );
    return [columns.map((column) => cell(column, paint.dim)), ...body];
  };
  const fitting = ID_WIDTHS.map(withIds).find((grid) => widthOf(grid, SENTENCE_WIDTH) <= width);
  return fitting ?? withIds(ID_WIDTHS.at(-1) ?? 0);
}
