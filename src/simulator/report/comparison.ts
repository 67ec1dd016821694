/** Two results side by side: the options and figures that differ. Pure. */
import type { Verdict } from '../model/verdict.ts';
import { amount, printable } from './text.ts';

export interface Compared {
  readonly startedAt: string;
  readonly verdict: Verdict;
  readonly options: object;
  readonly figures: object;
}

type Line = readonly [name: string, left: string, right: string, ratio: string];

export function formatComparison(left: Compared, right: Compared): string {
  const head: Line[] = [
    ['', 'left', 'right', 'right / left'],
    ['began', left.startedAt, right.startedAt, ''],
    ['verdict', left.verdict, right.verdict, left.verdict === right.verdict ? '' : '≠'],
  ];
  const options = lines(flat(left.options), flat(right.options)).filter(([, a, b]) => a !== b);
  const figures = lines(flat(left.figures), flat(right.figures));
  const all = [...head, ...options, ...figures];
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...all.map((line) => [...(line[column] ?? '')].length)),
  );
  const text = (line: Line): string => {
    const [name, ...values] = line.map((value, column) =>
      column === 0 ? value.padEnd(widths[column] ?? 0) : value.padStart(widths[column] ?? 0),
    );
    return `${[name, ...values].join('  ').trimEnd()}\n`;
  };
  const same = options.length === 0 ? '\nThe options are the same.\n' : '\nOptions that differ\n';
  return [
    head.map(text).join(''),
    `${same}${options.map(text).join('')}`,
    `\nFigures\n${figures.map(text).join('')}`,
  ].join('');
}

function lines(left: ReadonlyMap<string, unknown>, right: ReadonlyMap<string, unknown>): Line[] {
  return [...new Set([...left.keys(), ...right.keys()])].map((name) => {
    const [a, b] = [left.get(name), right.get(name)];
    const ratio = typeof a === 'number' && typeof b === 'number' && a !== 0 && a !== b;
    return [printable(name), said(a), said(b), ratio ? amount(b / a) : ''];
  });
}

function said(value: unknown): string {
  if (typeof value === 'number') return amount(value);
  return value === undefined || value === null ? '–' : printable(String(value));
}

/** `{ a: { b: 1 } }` as `a.b`. */
function flat(value: object, name = ''): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [key, each] of Object.entries(value)) {
    const path = name === '' ? key : `${name}.${key}`;
    if (typeof each !== 'object' || each === null) found.set(path, each);
    else for (const [inner, leaf] of flat(each, path)) found.set(inner, leaf);
  }
  return found;
}
