/** The report of a run: one page without other files. Pure. */
import { shortHeadline } from '../difference.ts';
import { failureText } from '../failure-text.ts';
import { dollarsPerMillion, ON_DEMAND } from '../price.ts';
import { amount, count, plural, seconds } from '../text.ts';
import { chartFigure } from './chart.ts';
import {
  arrivalChart,
  batchChart,
  convergenceChart,
  lagChart,
  throughputChart,
  troubleChart,
  unitsChart,
} from './charts.ts';
import { embedded, html, Markup } from './html.ts';
import type { ReportAssets, ReportInput } from './input.ts';
import { faultsSection, leaderboardSection, optionsSection } from './sections.ts';
import { differenceSection, shortForms } from './timeline.ts';

const SAID = {
  converged: 'Every row equals the reference.',
  diverged: 'The handler is wrong.',
  unknown: 'The run proves nothing.',
} as const;

export function formatPage(input: ReportInput, assets: ReportAssets): string {
  const { result, convergence } = input;
  const { verdict, differences, differencesTotal } = result;
  const run = [
    convergence.without === undefined ? convergenceChart(input) : undefined,
    arrivalChart(input),
    throughputChart(input),
    lagChart(input),
    unitsChart(input),
    batchChart(input),
    troubleChart(input),
  ].filter((chart) => chart !== undefined);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<title>${verdict}: ${input.workload}, seed ${result.options.seed}</title>
<style>${new Markup(assets.css)}</style>
</head>
<body class="${verdict}">
<header><p class="kind">Convergence report · ${input.workload} · ${input.at}</p>
<button type="button" id="theme">Dark</button></header>
<main>
${summary(input)}
${
  differencesTotal > 0 &&
  html`<section aria-labelledby="differences"><h2 id="differences">${plural(differencesTotal, 'difference')}</h2>
${differences.length < differencesTotal && html`<p>The first ${count(differences.length)} are shown, each with the events that bear on it.</p>`}
<nav aria-label="Differences"><ol>${differences.map((difference, index) => html`<li><a href="#difference-${index + 1}">${difference.table} <code>${difference.key.join(' · ')}</code></a> <span>${shortHeadline(difference, shortForms(difference))}</span></li>`)}</ol></nav>
${differences.map((difference, index) => differenceSection(difference, index, input))}</section>`
}
<section aria-labelledby="run"><h2 id="run">The run over time</h2>
${convergence.without !== undefined && html`<p>Convergence over time is not drawn: ${convergence.without}.</p>`}
<div class="charts">${run.map(chartFigure)}</div></section>
${leaderboardSection(input)}
${faultsSection(input)}
${optionsSection(input)}
</main>
<footer><p>This page needs no network. Repeat this run:</p><pre>${result.repeat}</pre></footer>
<script type="application/json" id="charts">${embedded(run)}</script>
<script>${new Markup(assets.script)}</script>
</body>
</html>
`;
  return page.text;
}

function summary(input: ReportInput): Markup {
  const { result, series } = input;
  const { verdict, failures, figures, differencesTotal } = result;
  const { disorder, delivery, dynamodb, kills } = figures;
  const faults = Object.values(figures.faults).reduce((sum, { happened }) => sum + happened, 0);
  const events = disorder.records - disorder.copies - disorder.malformed;
  const { lag } = series;
  const facts: readonly (readonly [name: string, value: string, note: string])[] = [
    [
      'records',
      count(disorder.records),
      `${count(events)} events, ${count(disorder.copies)} ${disorder.copies === 1 ? 'copy' : 'copies'}, ${count(disorder.malformed)} malformed`,
    ],
    [
      'displacement',
      count(disorder.displacementMax),
      'the largest distance between history and arrival',
    ],
    [
      'invocations',
      count(series.invocations.size),
      `${count(delivery.retries)} retried, ${count(delivery.repeats)} repeated, ${count(kills.happened)} killed`,
    ],
    [
      'faults',
      count(faults),
      Object.keys(figures.faults).length === 0
        ? 'none requested'
        : `of ${plural(Object.keys(figures.faults).length, 'kind')}`,
    ],
    [
      'lag, median',
      lag === undefined ? '–' : time(lag.p50),
      lag === undefined ? 'nothing was acknowledged' : `p95 ${time(lag.p95)}, p99 ${time(lag.p99)}`,
    ],
    [
      'units per record',
      `${amount(dynamodb.writeUnitsPerRecord + dynamodb.cancelledWriteUnitsPerRecord)} write`,
      `${amount(dynamodb.readUnitsPerRecord)} read, ${amount(dynamodb.requestsPerRecord)} requests`,
    ],
    [
      'a million records',
      `$${dollarsPerMillion(figures).toFixed(2)}`,
      `on demand, ${ON_DEMAND.region}, prices of ${ON_DEMAND.asOf}; requests to DynamoDB alone`,
    ],
    ['time', seconds(figures.wallMs), 'wall clock, start and check included'],
  ];
  const [first] = result.differences;
  // The number of rows stands above already.
  const isSaid = failures.every(({ kind }) => kind === 'rows') && failures.length < 2;
  return html`<section class="summary" aria-labelledby="verdict">
<h1 id="verdict"><span class="verdict">${verdict}</span></h1>
<p class="said">${verdict === 'diverged' && differencesTotal > 0 ? `${plural(differencesTotal, 'row')} ${differencesTotal === 1 ? 'differs' : 'differ'} from the reference.` : SAID[verdict]}</p>
${!isSaid && html`<ul class="failures">${failures.map((failure) => html`<li>${failureText(failure)}</li>`)}</ul>`}
${first !== undefined && html`<p class="first"><strong>The first of them:</strong> ${shortHeadline(first, shortForms(first))}.</p>`}
<dl>${facts.map(([name, value, note]) => html`<div><dt>${name}</dt><dd>${value}</dd><dd class="note">${note}</dd></div>`)}</dl>
<p class="what">A history of events was ${disordered(result.options)}pushed onto a stream and delivered in batches to ${result.options.handler === undefined ? 'the shipped handler' : html`the handler <code>${result.options.handler}</code>`}, as Lambda does. Then every row of its tables was compared with a reference computed from the same events in their canonical order.</p>
</section>`;
}

/** What was done to the history, such as `shuffled, copied and `. */
function disordered({ shuffle, duplicate, delay }: ReportInput['result']['options']): string {
  const done = [
    ...(shuffle === false ? [] : ['shuffled']),
    ...(duplicate === 0 ? [] : ['copied']),
    ...(delay === 0 ? [] : ['delayed']),
  ];
  return done.length === 0 ? '' : `${done.join(', ')} and `;
}

function time(ms: number): string {
  return ms < 1000 ? `${amount(ms)} ms` : seconds(ms);
}
