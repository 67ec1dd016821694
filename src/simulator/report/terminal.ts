/**
 * A run as a person reads it in a terminal. What matters most stands last, where the prompt is: first
 * the differences, then the verdict with its reasons, the figures, and the command that repeats it.
 */
import pc from 'picocolors';
import type { RunOptions } from '../run/options.ts';
import type { RunResult, Verdict } from '../run/result.ts';
import { formatDifference } from './difference.ts';
import { formatFigures } from './figures-text.ts';
import { count, plural, printable } from './text.ts';

/** How a report is dressed. */
export interface ReportStyle {
  readonly colour: boolean;
}

export type Paint = ReturnType<typeof pc.createColors>;

const DIFFERENCES_SHOWN = 5;
const OUTPUT_SHOWN = 5;

/** The seed and every resolved option, before anything happens. */
export function formatHeader(options: RunOptions, { colour }: ReportStyle): string {
  const paint = pc.createColors(colour);
  const shuffled =
    typeof options.shuffle === 'number'
      ? `within ${count(options.shuffle)}`
      : options.shuffle
        ? 'the whole history'
        : 'off';
  const retries = options.retryAttempts < 0 ? 'until expiry' : count(options.retryAttempts);
  const kinesis = options.kinesisEndpoint ?? options.kinesisServer;
  const dynamodb = options.dynamodbEndpoint ?? options.dynamodbServer;
  const faults = Object.entries(options.faults).map(([name, ratio]): [string, string] => [
    name,
    String(ratio),
  ]);
  const lines: [string, ...[string, string | number][]][] = [
    ['seed', ['', printable(options.seed)]],
    ['history', ['count', options.count], ['products', options.products], ['users', options.users]],
    [
      'disorder',
      ['shuffle', shuffled],
      ['duplicate', String(options.duplicate)],
      ['delay', String(options.delay)],
      ['garbage', String(options.garbage)],
    ],
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
    [
      'faults',
      ['profile', printable(options.faultProfile.name)],
      ['kill', options.kill],
      ...(faults.length === 0 ? [['requests', 'none'] as [string, string]] : faults),
    ],
    [
      'handler',
      ['', options.handler === undefined ? 'the shipped one' : printable(options.handler)],
    ],
    options.world === 'memory'
      ? ['world', ['', 'memory']]
      : ['world', ['', options.world], ['kinesis', kinesis], ['dynamodb', dynamodb]],
  ];
  const shown = lines.map(([title, ...entries]) => {
    const texts = entries.map(([name, value]) => {
      const text = typeof value === 'number' ? count(value) : value;
      return name === '' ? text : `${paint.dim(name)} ${text}`;
    });
    return `${paint.bold(title.padEnd(10))}${texts.join(paint.dim(' · '))}\n`;
  });
  return `${shown.join('')}\n`;
}

/** Everything there is to say at the end of a run. */
export function formatResult(result: RunResult, { colour }: ReportStyle): string {
  const paint = pc.createColors(colour);
  const shown = result.differences.slice(0, DIFFERENCES_SHOWN);
  const blocks = shown.map((difference, index) => formatDifference(difference, index + 1, paint));
  const more = moreDifferences(result);
  if (more !== undefined) blocks.push(more);
  blocks.push(formatVerdict(result, paint));
  blocks.push(formatFigures(result.figures, paint));
  if (result.historyHash !== undefined) {
    blocks.push(`${paint.bold('history')}  ${result.historyHash}`);
  }
  if (result.verdict !== 'converged' && result.output.length > 0) {
    const lines = result.output.slice(-OUTPUT_SHOWN).map((line) => `  ${printable(line)}`);
    blocks.push(`${paint.bold('The handler printed last:')}\n${lines.join('\n')}`);
  }
  if (result.notes.length > 0) {
    blocks.push(result.notes.map((note) => `${paint.bold('note')}  ${printable(note)}`).join('\n'));
  }
  blocks.push(`${paint.dim('This run again:')}\n  ${escapedCommand(result.repeat)}`);
  return `\n${blocks.join('\n\n')}\n`;
}

/** What isn't shown whole, by table as far as it is known. */
function moreDifferences(result: RunResult): string | undefined {
  const hidden = result.differencesTotal - Math.min(result.differences.length, DIFFERENCES_SHOWN);
  if (hidden <= 0) return undefined;
  const byTable = new Map<string, number>();
  for (const { table } of result.differences.slice(DIFFERENCES_SHOWN)) {
    byTable.set(table, (byTable.get(table) ?? 0) + 1);
  }
  const parts = [...byTable].map(([table, rows]) => `${count(rows)} in ${printable(table)}`);
  const unlisted = result.differencesTotal - result.differences.length;
  if (unlisted > 0 && parts.length > 0)
    parts.push(`${count(unlisted)} that this result doesn't list`);
  return `… and ${plural(hidden, 'more difference')}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
}

function formatVerdict(result: RunResult, paint: Paint): string {
  const dressed: Record<Verdict, (text: string) => string> = {
    converged: (text) => paint.bold(paint.inverse(paint.green(text))),
    diverged: (text) => paint.bold(paint.inverse(paint.red(text))),
    unknown: (text) => paint.bold(paint.inverse(paint.yellow(text))),
  };
  const said: Record<Verdict, string> = {
    converged: 'every row is as the reference says',
    diverged: `${plural(result.differencesTotal, 'row')} not as the reference says`,
    unknown: 'the run proves nothing, neither good nor bad',
  };
  const label = dressed[result.verdict](` ${result.verdict.toUpperCase()} `);
  const reasons = result.reasons.map((reason) => `  - ${printable(reason)}`);
  return [`${label} ${said[result.verdict]}`, ...reasons].join('\n');
}

/** A command must stay one that can be pasted: where that is unsafe to show, it says so. */
function escapedCommand(command: string): string {
  const shown = printable(command);
  // A doubled backslash alone changes nothing on a screen but the meaning.
  if (shown === command || shown.replaceAll('\\\\', '\\') === command) return command;
  return `${shown}\n  (escaped here; --json has it as it is)`;
}
