/** Aligned columns within the width of a terminal. */
import Table from 'cli-table3';

/** A cell's text, without and with colours. */
export interface Cell {
  readonly text: string;
  readonly painted: string;
}

/** The first row holds the titles. */
export type Grid = readonly (readonly Cell[])[];

const GAP = 2;
/** The least width of a column. */
const COLUMN_MIN = 6;

export function cell(text: string, paint: (text: string) => string = (plain) => plain): Cell {
  return { text, painted: paint(text) };
}

/** The width of a grid. Its last column may be folded down to `lastMin`. */
export function widthOf(grid: Grid, lastMin = Number.POSITIVE_INFINITY): number {
  const widths = columnWidths(grid);
  const last = widths.pop() ?? 0;
  return sum(widths) + Math.min(last, GAP + lastMin);
}

/** Folds a grid that is wider than `width`: the last column down to `lastMin`, then the widest. */
export function formatGrid(grid: Grid, width: number, lastMin = Number.POSITIVE_INFINITY): string {
  const widths = columnWidths(grid);
  const last = widths.length - 1;
  while (sum(widths) > width) {
    const widest = Math.max(...widths);
    const isFolded = (widths[last] ?? 0) <= GAP + lastMin;
    if (isFolded && widest <= GAP + COLUMN_MIN) break;
    const giving = isFolded ? widths.lastIndexOf(widest) : last;
    widths[giving] = (widths[giving] ?? 0) - 1;
  }
  const table = new Table({
    colWidths: widths,
    wordWrap: true,
    chars: Object.fromEntries(BORDERS.map((place) => [place, ''])),
    style: { head: [], border: [], 'padding-left': GAP, 'padding-right': 0 },
  });
  for (const row of grid) table.push(row.map(({ painted }) => painted));
  return table.toString().replace(/ +$/gm, '');
}

function columnWidths(grid: Grid): number[] {
  const [titles = []] = grid;
  return titles.map(
    (_, column) => GAP + Math.max(...grid.map((row) => [...(row[column]?.text ?? '')].length)),
  );
}

function sum(widths: readonly number[]): number {
  return widths.reduce((total, width) => total + width, 0);
}

const BORDERS = [
  ...['top', 'bottom', 'left', 'right', 'mid', 'middle'],
  ...['top-mid', 'top-left', 'top-right', 'bottom-mid', 'bottom-left', 'bottom-right'],
  ...['left-mid', 'mid-mid', 'right-mid'],
];
