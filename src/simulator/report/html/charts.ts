/** The charts of a run, from what was folded of its history. Pure. */
import { count } from '../text.ts';
import type { Chart } from './chart.ts';
import type { ReportInput } from './input.ts';

export function convergenceChart({ convergence, result, timeSeries }: ReportInput): Chart {
  const { points, rowsRead, rowsTotal } = convergence;
  const scale = rowsRead === 0 ? 1 : rowsTotal / rowsRead;
  const isAll = rowsRead === rowsTotal;
  const lastMs = Math.max(points.at(-1)?.atMs ?? 0, timeSeries.slices.length * timeSeries.sliceMs);
  const total = result.differencesTotal;
  const isChecked = result.figures.stagesMs['check'] !== undefined;
  const end = isChecked && points.length > 0;
  const rounded = (rows: number): number => Math.round(rows * scale);
  return {
    id: 'convergence',
    title: 'Convergence',
    caption:
      `${isAll ? `All ${count(rowsTotal)} rows of the reference` : `An estimate from ${count(rowsRead)} of the reference's ${count(rowsTotal)} rows, chosen evenly`}, ` +
      `read ${points.length} times while records were delivered; before that the tables are empty. Grey: rows that differ from what all events want. ` +
      'Colour: rows that differ from what the events delivered so far want. ' +
      (result.options.world === 'local'
        ? 'Delivery goes on while rows are read, so a few may be ahead of the reference. '
        : '') +
      `${end ? `The last point is the check of every row in the end: ${count(total)} differ.` : ''}`,
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

export function arrivalChart({ timeSeries }: ReportInput): Chart {
  const { points, every } = timeSeries.arrivals;
  const sorted = [...points].sort(([left], [right]) => left - right);
  return {
    id: 'arrival',
    title: 'Arrival against canonical order',
    caption: `Each dot is a record: where it was pushed, and where its event stands in the history. In order, they would lie on the diagonal.${sampled(every, 'record')}`,
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

export function throughputChart({ timeSeries, result }: ReportInput): Chart {
  const perSecond = (records: number): number => (records * 1000) / timeSeries.sliceMs;
  return {
    id: 'throughput',
    title: 'Throughput',
    caption: `Records per second, in slices of ${count(timeSeries.sliceMs)} ms: put onto the stream, and acknowledged (the first invocation that took them ended well).`,
    kind: 'line',
    xLabel: seconds(result),
    yLabel: 'records/s',
    x: sliceStarts(timeSeries),
    series: [
      {
        label: 'acknowledged',
        y: timeSeries.slices.map(({ acknowledged }) => perSecond(acknowledged)),
      },
      { label: 'pushed', y: timeSeries.slices.map(({ pushed }) => perSecond(pushed)) },
    ],
  };
}

export function lagChart({ timeSeries, result }: ReportInput): Chart {
  const { points, every } = timeSeries.lags;
  return {
    id: 'lag',
    title: 'Lag',
    caption:
      "From the stream's answer that it has the record to the end of the first invocation that took it well, by which time its writes are visible." +
      (result.options.world === 'local'
        ? ' In this world delivery starts when everything has been pushed, so a lag includes the wait for that.'
        : '') +
      sampled(every, 'record'),
    kind: 'points',
    xLabel: seconds(result),
    yLabel: 'lag, s',
    x: points.map(([atMs]) => atMs / 1000),
    series: [{ label: 'one record', y: points.map(([, lagMs]) => lagMs / 1000) }],
  };
}

export function unitsChart({ timeSeries, result }: ReportInput): Chart {
  const units = { write: 0, read: 0, records: 0 };
  const sums = timeSeries.slices.map(({ writeUnits, readUnits, acknowledged }) => {
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
    x: sliceStarts(timeSeries),
    series: [
      { label: 'write', y: sums.map(({ write, records }) => rate(write, records)) },
      { label: 'read', y: sums.map(({ read, records }) => rate(read, records)) },
    ],
  };
}

export function batchChart({ timeSeries }: ReportInput): Chart {
  const sizes = [...timeSeries.batchSizes].sort(([left], [right]) => left - right);
  return {
    id: 'batches',
    title: 'Batch sizes',
    caption: 'Invocations by the number of records they were given.',
    kind: 'bars',
    xLabel: 'records in the batch',
    yLabel: 'invocations',
    x: sizes.map(([size]) => size),
    series: [{ label: 'invocations', y: sizes.map(([, invocations]) => invocations) }],
  };
}

export function troubleChart({ timeSeries, result }: ReportInput): Chart {
  const { slices } = timeSeries;
  const happened = slices.some(
    ({ retries, conflicts, throttles }) => retries + conflicts + throttles > 0,
  );
  return {
    id: 'trouble',
    title: 'Retries, conflicts, throttles',
    caption: `In slices of ${count(timeSeries.sliceMs)} ms: batches invoked again after a failure, requests that met a transaction conflict, requests that were throttled.`,
    kind: 'line',
    xLabel: seconds(result),
    yLabel: `per ${count(timeSeries.sliceMs)} ms`,
    x: happened ? sliceStarts(timeSeries) : [],
    series: [
      { label: 'retries', y: slices.map(({ retries }) => retries) },
      { label: 'conflicts', y: slices.map(({ conflicts }) => conflicts) },
      { label: 'throttles', y: slices.map(({ throttles }) => throttles) },
    ],
  };
}

function sliceStarts({ slices, sliceMs }: ReportInput['timeSeries']): number[] {
  return slices.map((_, index) => (index * sliceMs) / 1000);
}

function seconds({ options }: ReportInput['result']): string {
  return options.world === 'memory' ? 'virtual time, s' : 'time, s';
}

function sampled(every: number, what: string): string {
  return every === 1 ? '' : ` Drawn: one ${what} of ${count(every)}.`;
}
