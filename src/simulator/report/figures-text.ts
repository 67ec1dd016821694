/** The figures of a run as lines of a terminal. */
import type { Figures } from '../model/run-result.ts';
import type { Paint } from './paint.ts';
import { amount, count, folded, plural, printable, seconds } from './text.ts';

const TITLE_WIDTH = 13;
/** The figure that budgets limit. */
const COST = /^\S+ write-equivalents/;

/** `width`: of the terminal, in characters. */
export function formatFigures(figures: Figures, paint: Paint, width: number): string {
  const { disorder, remote } = figures;
  const events = disorder.records - disorder.copies - disorder.malformed;
  const copies = `${count(disorder.copies)} ${disorder.copies === 1 ? 'copy' : 'copies'}`;
  const lines: [string, string][] = [
    [
      'disorder',
      `${plural(disorder.records, 'record')}: ${plural(events, 'event')}, ${copies}, ` +
        `${count(disorder.malformed)} malformed; largest displacement ${count(disorder.displacementMax)}`,
    ],
    ...(remote === undefined ? deliveryLines(figures) : remoteLines(remote)),
    [
      'quarantined',
      figures.quarantined === undefined ? 'no such table' : count(figures.quarantined),
    ],
    ...(remote === undefined ? requestLines(figures) : []),
    ['time', `${seconds(figures.wallMs)}: ${stages(figures.stagesMs)}`],
  ];
  return lines
    .map(([title, text]) => {
      const body = folded(title.padEnd(TITLE_WIDTH) + text, width, TITLE_WIDTH).slice(TITLE_WIDTH);
      return paint.bold(title.padEnd(TITLE_WIDTH)) + body.replace(COST, (cost) => paint.bold(cost));
    })
    .join('\n');
}

/** Batches, requests and their costs can't be observed. */
function remoteLines(remote: NonNullable<Figures['remote']>): [string, string][] {
  const { pushedPerSecond, sentinelLagMsMax } = remote;
  const lag = sentinelLagMsMax === undefined ? 'none came' : `${seconds(sentinelLagMsMax)} at most`;
  return [
    ['pushed', `${count(pushedPerSecond)} records/s`],
    ['sentinels', `${lag}, from the put to the row`],
  ];
}

function deliveryLines({ delivery, kills, faults }: Figures): [string, string][] {
  return [
    [
      'delivery',
      `${count(delivery.batches)} ${delivery.batches === 1 ? 'batch' : 'batches'}, ${count(delivery.retries)} retried, ` +
        `${count(delivery.repeats)} repeated; ${plural(delivery.deliveredRecords, 'record')} delivered, ` +
        `${count(delivery.discardedRecords)} discarded`,
    ],
    ['invocations', byName(delivery.outcomes)],
    ['kills', killed(kills)],
    ['faults', faulted(faults)],
  ];
}

function requestLines({ dynamodb }: Figures): [string, string][] {
  return [
    ['requests', `${count(dynamodb.requests)}: ${byName(dynamodb.requestsByOperation)}`],
    ['errors', byName(dynamodb.errors)],
    [
      'units',
      `${amount(dynamodb.writeUnits)} write, ${amount(dynamodb.cancelledWriteUnits)} write cancelled, ` +
        `${amount(dynamodb.readUnits)} read`,
    ],
    [
      'per record',
      `${amount(dynamodb.writeEquivalentsPerRecord)} write-equivalents ` +
        `(${amount(dynamodb.writeUnitsPerRecord)} write + ` +
        `${amount(dynamodb.cancelledWriteUnitsPerRecord)} cancelled + ` +
        `${amount(dynamodb.readUnitsPerRecord)} read / 5), ` +
        `${amount(dynamodb.requestsPerRecord)} requests`,
    ],
  ];
}

function killed({ asked, happened }: Figures['kills']): string {
  if (asked === 0) return 'none';
  return `${count(happened)} of ${count(asked)}, each in mid-batch`;
}

/** In the order of the options, those that never happened included. */
function faulted(happened: Figures['faults']): string {
  const texts = Object.entries(happened).map(([name, fault]) => {
    return `${printable(name)} ${count(fault.happened)}`;
  });
  return texts.length === 0 ? 'none' : texts.join(', ');
}

/** The most frequent first. */
function byName(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts).sort(([, left], [, right]) => right - left);
  if (entries.length === 0) return 'none';
  return entries.map(([name, times]) => `${printable(name)} ${count(times)}`).join(', ');
}

function stages(stagesMs: Readonly<Record<string, number>>): string {
  return Object.entries(stagesMs)
    .map(([stage, ms]) => `${stage} ${seconds(ms)}`)
    .join(', ');
}
