/** A load run as text for a terminal: timeline, verdict, figures. */
import pc from 'picocolors';
import type { RunResult } from '../../src/simulator/model/run-result.ts';
import type { Paint } from '../../src/simulator/report/paint.ts';
import { cell, formatGrid, type Grid } from '../../src/simulator/report/table.ts';
import {
  formatFindings,
  formatRemarks,
  type ReportStyle,
} from '../../src/simulator/report/terminal.ts';
import { amount, count, folded, plural, seconds } from '../../src/simulator/report/text.ts';
import type { HandlerFigures, LoadFigures, Moment, Percentiles } from '../figures.ts';
import { errorsText, percent } from './text.ts';

const MOMENTS_SHOWN = 12;
const TITLE_WIDTH = 13;
const NOT_OBSERVABLE = 'not observable from here';

export function formatLoad(figures: LoadFigures, result: RunResult, style: ReportStyle): string {
  const paint = pc.createColors(style.colour);
  const blocks = [
    formatTimeline(figures.timeline, paint, style.width),
    formatFindings(result, style),
    ...(figures.failedThresholds.length === 0 ? [] : [formatFailed(figures, paint)]),
    formatFigures(figures, paint, style.width),
    ...formatRemarks(result, paint),
  ];
  return `\n${blocks.join('\n\n')}\n`;
}

function formatFailed({ failedThresholds }: LoadFigures, paint: Paint): string {
  const lines = failedThresholds.map((threshold) => `  - ${threshold}`);
  const label = paint.bold(paint.inverse(paint.red(' FAILED ')));
  const what = failedThresholds.length === 1 ? 'threshold' : 'thresholds';
  return [`${label} ${count(failedThresholds.length)} ${what} of the run`, ...lines].join('\n');
}

/** Evenly spread, the last one included. */
function formatTimeline(timeline: readonly Moment[], paint: Paint, width: number): string {
  const step = Math.max(1, Math.ceil(timeline.length / MOMENTS_SHOWN));
  const last = timeline.length - 1;
  const shown = timeline.filter((_, index) => (last - index) % step === 0);
  const grid: Grid = [
    ['second', 'put/s', 'done/s', 'backlog', 'oldest'].map((title) => cell(title, paint.bold)),
    ...shown.map((moment) =>
      [
        count(moment.seconds),
        count(moment.arrivedPerSecond),
        count(moment.donePerSecond),
        count(moment.backlog),
        seconds(moment.oldestAgeMs),
      ].map((text) => cell(text)),
    ),
  ];
  return formatGrid(grid, width);
}

function formatFigures(figures: LoadFigures, paint: Paint, width: number): string {
  const { put, stream, lag, inside, busy, firstLimit, timeline } = figures;
  const worst = timeline.reduce((max, { oldestAgeMs }) => Math.max(max, oldestAgeMs), 0);
  const backlog = timeline.reduce((max, moment) => Math.max(max, moment.backlog), 0);
  const processors = Object.entries(busy.processors).map(
    ([name, share]) => `${name} ${percent(share)}`,
  );
  const { users } = figures;
  const errors = errorsText(users);
  const lines: [string, string][] = [
    [
      'users',
      `${plural(users.arrived, 'virtual user')} arrived, ${count(users.completed)} completed, ` +
        `${count(users.failed)} failed${errors === '' ? '' : ` (${errors})`}`,
    ],
    [
      'offered',
      `${amount(put.offeredPerSecond)} records/s: ${plural(put.offered, 'record')} in ${amount(put.seconds)} s`,
    ],
    [
      'taken',
      `${amount(put.takenPerSecond)} records/s: ${count(put.taken)}; ${count(put.throttled)} throttled, ` +
        `${count(put.refused)} refused otherwise, ${count(put.failed)} given up`,
    ],
    ['put latency', percentiles(put.latencyMs)],
    [
      'lag',
      `${percentiles(lag.ms)} from put to visible in Scores, by ${count(lag.seen)} of ` +
        `${plural(lag.probes, 'probe')}`,
    ],
    [
      'backlog',
      `${plural(backlog, 'record')} at most, the oldest ${seconds(worst)} old` +
        `${inside === undefined ? ', estimated from probes' : ''}`,
    ],
    [
      'stream',
      `${plural(stream.records, 'record')}, ${count(stream.copies)} of them copies; ` +
        `${count(stream.lost)} acknowledged and never read`,
    ],
    ...insideLines(inside),
    [
      'busy',
      `${inside === undefined ? '' : `lanes ${percent(inside.lanes.busy)}, `}` +
        `this machine ${percent(busy.machine)}; of one processor: ${processors.join(', ')}`,
    ],
    [
      'first limit',
      firstLimit === undefined ? 'none reached' : `${firstLimit.component}: ${firstLimit.how}`,
    ],
  ];
  return lines
    .map(([title, text]) => {
      const padded = title.padEnd(TITLE_WIDTH);
      return paint.bold(padded) + folded(padded + text, width, TITLE_WIDTH).slice(TITLE_WIDTH);
    })
    .join('\n');
}

function insideLines(inside: HandlerFigures | undefined): [string, string][] {
  if (inside === undefined) {
    return [
      ['delivery', `batches, retries, conflicts, throttled requests: ${NOT_OBSERVABLE}`],
      ['per record', `write and read units, requests: ${NOT_OBSERVABLE}`],
    ];
  }
  const { perRecord } = inside;
  return [
    [
      'delivery',
      `${count(inside.batches)} batches, ${count(inside.retries)} retried; ` +
        `${count(inside.requests)} requests, ${count(inside.conflicts)} with a conflict, ` +
        `${count(inside.requestsThrottled)} throttled`,
    ],
    [
      'per record',
      `${amount(perRecord.writeUnits)} write units, ${amount(perRecord.cancelledWriteUnits)} cancelled, ` +
        `${amount(perRecord.readUnits)} read units, ${amount(perRecord.requests)} requests`,
    ],
  ];
}

function percentiles(found: Percentiles | undefined): string {
  if (found === undefined) return 'none measured';
  const ms = (value: number): string => `${amount(value)} ms`;
  return `p50 ${ms(found.p50)}, p95 ${ms(found.p95)}, p99 ${ms(found.p99)}, max ${ms(found.max)}`;
}
