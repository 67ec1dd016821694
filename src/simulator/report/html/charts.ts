/** The charts of a run, from its time series. Pure. */
import { count } from '../text.ts';
import type { Chart } from './chart.ts';
import type { ReportInput } from './input.ts';

export function convergenceChart({ convergence, result, series }: ReportInput): Chart {
  const { points, rowsRead, rowsTotal } = convergence;
  const scale = rowsRead === 0 ? 1 : rowsTotal / rowsRead;
  const isAll = rowsRead === rowsTotal;
  const lastMs = Math.max(points.at(-1)?.atMs ?? 0, series.slices.length * series.sliceMs);
  const total = result.differencesTotal;
  const isChecked = result.figures.stagesMs['check'] !== undefined;
  const end = isChecked && points.length > 0;
  const rounded = (rows: number): number => Math.round(rows * scale);
  return {
    id: 'convergence',
    title: 'Convergence',
    caption:
      `${isAll ? `All ${count(rowsTotal)} rows of the reference` : `An estimate from ${count(rowsRead)} of the reference's ${count(rowsTotal)} rows, chosen evenly`}, ` +
      `read ${points.length} times during delivery; the tables are empty before. Grey: rows that differ from the reference of all events. ` +
      'Colour: rows that differ from the reference of the events delivered so far. ' +
      (result.options.world === 'local'
        ? 'Delivery continues while rows are read, so a few may be ahead of the reference. '
        : '') +
      `${end ? `The last point is the check of every row at the end: ${count(total)} differ.` : ''}`,
    kind: 'steps',
    xLabel: seconds(result),
    yLabel: 'rows that differ',
    x: [0, ...points.map(({ atMs }) => atMs / 1000), ...(end ? [(lastMs + 1) / 1000] : [])],
    series: [
      {
        label: 'from the reference of what was delivered',
        y: [0, ...points.map(({ fromSoFar }) => rounded(fromSoFar)), ...(end ? [total] : [])],
      },
      {
        label: 'from the final reference',
        y: [
          rowsTotal,
          ...points.map(({ fromFinal }) => rounded(fromFinal)),
          ...(end ? [total] : []),
        ],
      },
    ],
  };
}

export function arrivalChart({ series }: ReportInput): Chart {
  const { points, every } = series.arrivals;
  const sorted = [...points].sort(([left], [right]) => left - right);
  return {
    id: 'arrival',
    title: 'Arrival against canonical order',
    caption: `Each dot is a record, by its place among the pushes and its event's place in the history. In canonical order, all would be on the diagonal.${sampled(every, 'record')}`,
    kind: 'points',
    xLabel: 'place among the pushes',
    yLabel: 'place in the history',
    x: sorted.map(([push]) => push),
    series: [
      { label: 'first copy', y: sorted.map(([, event, copy]) => (copy === 0 ? event : null)) },
      { label: 'further copies', y: sorted.map(([, event, copy]) => (copy > 0 ? event : null)) },
    ],
  };
}

export function throughputChart({ series, result }: ReportInput): Chart {
  const perSecond = (records: number): number => (records * 1000) / series.sliceMs;
  return {
    id: 'throughput',
    title: 'Throughput',
    caption: `Records per second, in slices of ${count(series.sliceMs)} ms: put onto the stream, and acknowledged by an invocation.`,
    kind: 'line',
    xLabel: seconds(result),
    yLabel: 'records/s',
    x: sliceStarts(series),
    series: [
      {
        label: 'acknowledged',
        y: series.slices.map(({ acknowledged }) => perSecond(acknowledged)),
      },
      { label: 'pushed', y: series.slices.map(({ pushed }) => perSecond(pushed)) },
    ],
  };
}

export function lagChart({ series, result }: ReportInput): Chart {
  const { points, every } = series.lags;
  return {
    id: 'lag',
    title: 'Lag',
    caption:
      'From the put of a record to the end of the invocation that acknowledged it, whose writes are visible by then.' +
      (result.options.world === 'local'
        ? ' In this world delivery starts after the last push, and lags include that wait.'
        : '') +
      sampled(every, 'record'),
    kind: 'points',
    xLabel: seconds(result),
    yLabel: 'lag, s',
    x: points.map(([atMs]) => atMs / 1000),
    series: [{ label: 'one record', y: points.map(([, lagMs]) => lagMs / 1000) }],
  };
}

export function unitsChart({ series, result }: ReportInput): Chart {
  const units = { write: 0, read: 0, records: 0 };
  const sums = series.slices.map(({ writeUnits, readUnits, acknowledged }) => {
    units.write += writeUnits;
    units.read += readUnits;
    units.records += acknowledged;
    return { ...units };
  });
  const rate = (value: number, records: number): number | null =>
    records === 0 ? null : value / records;
  return {
    id: 'units',
    title: 'Units per record',
    caption:
      'Write units (with those of cancelled transactions) and read units consumed so far, per record acknowledged so far.',
    kind: 'line',
    xLabel: seconds(result),
    yLabel: 'units per record',
    x: sliceStarts(series),
    series: [
      { label: 'write', y: sums.map(({ write, records }) => rate(write, records)) },
      { label: 'read', y: sums.map(({ read, records }) => rate(read, records)) },
    ],
  };
}

export function batchChart({ series }: ReportInput): Chart {
  const sizes = [...series.batchSizes].sort(([left], [right]) => left - right);
  return {
    id: 'batches',
    title: 'Batch sizes',
    caption: 'Invocations by the number of their records.',
    kind: 'bars',
    xLabel: 'records in the batch',
    yLabel: 'invocations',
    x: sizes.map(([size]) => size),
    series: [{ label: 'invocations', y: sizes.map(([, invocations]) => invocations) }],
  };
}

export function troubleChart({ series, result }: ReportInput): Chart {
  const { slices } = series;
  const happened = slices.some(
    ({ retries, conflicts, throttles }) => retries + conflicts + throttles > 0,
  );
  return {
    id: 'trouble',
    title: 'Retries, conflicts, throttles',
    caption: `In slices of ${count(series.sliceMs)} ms: retries of batches, requests with a transaction conflict, throttled requests.`,
    kind: 'line',
    xLabel: seconds(result),
    yLabel: `per ${count(series.sliceMs)} ms`,
    x: happened ? sliceStarts(series) : [],
    series: [
      { label: 'retries', y: slices.map(({ retries }) => retries) },
      { label: 'conflicts', y: slices.map(({ conflicts }) => conflicts) },
      { label: 'throttles', y: slices.map(({ throttles }) => throttles) },
    ],
  };
}

function sliceStarts({ slices, sliceMs }: ReportInput['series']): number[] {
  return slices.map((_, index) => (index * sliceMs) / 1000);
}

function seconds({ options }: ReportInput['result']): string {
  return options.world === 'memory' ? 'virtual time, s' : 'time, s';
}

function sampled(every: number, what: string): string {
  return every === 1 ? '' : ` Shown: one ${what} of ${count(every)}.`;
}
