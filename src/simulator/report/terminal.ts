/**
 * A run as text for a terminal. The most important comes last, above the prompt: differences, then
 * the verdict with its failures, the figures, and the command that repeats the run.
 */
import pc from 'picocolors';
import type { RunOptions } from '../model/run-options.ts';
import type { RunResult } from '../model/run-result.ts';
import type { Verdict } from '../model/verdict.ts';
import { formatDifference } from './difference.ts';
import { failureText } from './failure-text.ts';
import { formatFigures } from './figures-text.ts';
import type { Paint } from './paint.ts';
import { count, plural, printable } from './text.ts';

/** How a report is formatted. */
export interface ReportStyle {
  readonly colour: boolean;
  /** Of the terminal, in characters. */
  readonly width: number;
}

const DIFFERENCES_SHOWN = 5;
const OUTPUT_SHOWN = 5;

/** The seed and every resolved option, which are printed before the run. */
export function formatHeader(
  options: RunOptions,
  { colour, width }: ReportStyle,
  configFile?: string,
): string {
  const paint = pc.createColors(colour);
  const shuffled =
    typeof options.shuffle === 'number'
      ? `within ${count(options.shuffle)}`
      : options.shuffle
        ? 'the whole history'
        : 'off';
  const lines: HeaderLine[] = [
    ['seed', ['', printable(options.seed)]],
    ['history', ['count', options.count], ...Object.entries(options.entities)],
    [
      'disorder',
      ['shuffle', shuffled],
      ['duplicate', String(options.duplicate)],
      ['delay', String(options.delay)],
      ['garbage', String(options.garbage)],
    ],
    ...(options.world === 'aws' ? remoteLines(options) : localLines(options)),
    ...(configFile === undefined
      ? []
      : [['config', ['', printable(configFile)]] satisfies HeaderLine]),
  ];
  return `${lines.map((line) => formatHeaderLine(line, width, paint)).join('')}\n`;
}

/** Of a deployed stack, whose delivery, faults and handler are its own. */
function remoteLines(options: RunOptions): HeaderLine[] {
  return [
    ['stream', ['partition', options.partition]],
    [
      'world',
      ['', 'aws'],
      ['stage', options.stage ?? ''],
      ['prefix', options.prefix],
      ['wait', `${options.wait} s`],
      ['still', `${options.still} s`],
      ['clean', options.clean ? 'on' : 'off'],
    ],
  ];
}

function localLines(options: RunOptions): HeaderLine[] {
  const retries = options.retryAttempts < 0 ? 'until expiry' : count(options.retryAttempts);
  const kinesis = options.kinesisEndpoint ?? options.kinesisServer;
  const dynamodb = options.dynamodbEndpoint ?? options.dynamodbServer;
  return [
    ['stream', ['shards', options.shards], ['partition', options.partition]],
    [
      'delivery',
      ['batch-size', options.batchSize],
      ['batch-window', `${options.batchWindow} s`],
      ['parallelization-factor', options.parallelizationFactor],
      ['retry-attempts', retries],
      ['bisect', options.bisect ? 'on' : 'off'],
      ['repeat-delivery', String(options.repeatDelivery)],
    ],
    ['faults', ...faults(options)],
    [
      'handler',
      ['', options.handler === undefined ? 'the shipped one' : printable(options.handler)],
      ...(options.invariants ? [['invariants', 'on'] as const] : []),
    ],
    ...(options.workload === undefined
      ? []
      : [['workload', ['', printable(options.workload)]] satisfies HeaderLine]),
    options.world === 'memory'
      ? ['world', ['', 'memory']]
      : ['world', ['', options.world], ['kinesis', kinesis], ['dynamodb', dynamodb]],
  ];
}

/** A title and its values, most of them with a name. */
type HeaderLine = readonly [title: string, ...entries: (readonly [string, string | number])[]];

const HEADER_TITLE_WIDTH = 10;

function faults({
  faultProfile,
  kill,
  faults,
}: RunOptions): (readonly [string, string | number])[] {
  const asked = [
    ...(faultProfile.name === 'none' ? [] : [['profile', printable(faultProfile.name)] as const]),
    ...(kill === 0 ? [] : [['kill', kill] as const]),
    ...Object.entries(faults).map(([name, ratio]) => [name, String(ratio)] as const),
  ];
  return asked.length === 0 ? [['', 'none']] : asked;
}

/** Folded between entries. */
function formatHeaderLine([title, ...entries]: HeaderLine, width: number, paint: Paint): string {
  let line = paint.bold(title.padEnd(HEADER_TITLE_WIDTH));
  let column = HEADER_TITLE_WIDTH;
  for (const [index, [name, value]] of entries.entries()) {
    const text = typeof value === 'number' ? count(value) : value;
    const length = (name === '' ? 0 : name.length + 1) + text.length;
    if (index > 0 && column + 3 + length > width) {
      line += `\n${' '.repeat(HEADER_TITLE_WIDTH)}`;
      column = HEADER_TITLE_WIDTH;
    } else if (index > 0) {
      line += paint.dim(' · ');
      column += 3;
    }
    line += name === '' ? text : `${paint.dim(name)} ${text}`;
    column += length;
  }
  return `${line}\n`;
}

/** The report at the end of a run. */
export function formatResult(result: RunResult, style: ReportStyle): string {
  const paint = pc.createColors(style.colour);
  const blocks = [formatFindings(result, style), formatFigures(result.figures, paint, style.width)];
  if (result.historyHash !== undefined) {
    blocks.push(`${paint.bold('history')}  ${result.historyHash}`);
  }
  blocks.push(...formatRemarks(result, paint));
  return `\n${blocks.join('\n\n')}\n`;
}

/** The first differences, and the verdict with its failures. */
export function formatFindings(result: RunResult, { colour, width }: ReportStyle): string {
  const paint = pc.createColors(colour);
  const shown = result.differences.slice(0, DIFFERENCES_SHOWN);
  const blocks = shown.map((difference, index) =>
    formatDifference(difference, index + 1, paint, width),
  );
  const more = moreDifferences(result);
  if (more !== undefined) blocks.push(more);
  blocks.push(formatVerdict(result, paint));
  return blocks.join('\n\n');
}

/** The handler's output, notes, and the command that repeats the run. */
export function formatRemarks(result: RunResult, paint: Paint): string[] {
  const blocks: string[] = [];
  if (result.verdict !== 'converged' && result.output.length > 0) {
    const lines = result.output.slice(-OUTPUT_SHOWN).map((line) => `  ${printable(line)}`);
    blocks.push(`${paint.bold('Last output of the handler:')}\n${lines.join('\n')}`);
  }
  if (result.notes.length > 0) {
    blocks.push(result.notes.map((note) => `${paint.bold('note')}  ${printable(note)}`).join('\n'));
  }
  blocks.push(`${paint.dim('Repeat this run:')}\n  ${escapedCommand(result.repeat)}`);
  return blocks;
}

/** The number of differences that are not shown, by table. */
function moreDifferences(result: RunResult): string | undefined {
  const hidden = result.differencesTotal - Math.min(result.differences.length, DIFFERENCES_SHOWN);
  if (hidden <= 0) return undefined;
  const byTable = new Map<string, number>();
  for (const { table } of result.differences.slice(DIFFERENCES_SHOWN)) {
    byTable.set(table, (byTable.get(table) ?? 0) + 1);
  }
  const parts = [...byTable].map(([table, rows]) => `${count(rows)} in ${printable(table)}`);
  const unlisted = result.differencesTotal - result.differences.length;
  if (unlisted > 0 && parts.length > 0) parts.push(`${count(unlisted)} not listed in this result`);
  return `… and ${plural(hidden, 'more difference')}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
}

function formatVerdict(result: RunResult, paint: Paint): string {
  const coloured: Record<Verdict, (text: string) => string> = {
    converged: (text) => paint.bold(paint.inverse(paint.green(text))),
    diverged: (text) => paint.bold(paint.inverse(paint.red(text))),
    unknown: (text) => paint.bold(paint.inverse(paint.yellow(text))),
  };
  const summary: Record<Verdict, string> = {
    converged: 'every row equals the reference',
    diverged: `${plural(result.differencesTotal, 'row')} ${result.differencesTotal === 1 ? 'differs' : 'differ'} from the reference`,
    unknown: 'the run proves nothing',
  };
  const label = coloured[result.verdict](` ${result.verdict.toUpperCase()} `);
  const failures = result.failures.map((failure) => `  - ${printable(failureText(failure))}`);
  return [`${label} ${summary[result.verdict]}`, ...failures].join('\n');
}

/** A command stays unchanged, so that it can be pasted, unless it contains control characters. */
function escapedCommand(command: string): string {
  const shown = printable(command);
  // Doubled backslashes alone would only make it another command.
  if (shown === command || shown.replaceAll('\\\\', '\\') === command) return command;
  return `${shown}\n  (escaped here; --json has it unescaped)`;
}
