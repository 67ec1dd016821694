/** One difference on the page: the row, its timeline in lanes, and the text of each step. */

import type { ExplainedDifference } from '../../model/run-result.ts';
import type { Row } from '../../model/workload.ts';
import { type Abbreviate, shortHeadline, textsOf } from '../difference.ts';
import { jsonValue } from '../json.ts';
import { abbreviations } from '../text.ts';
import { html, type Markup } from './html.ts';
import type { ReportInput } from './input.ts';
import { type Step, type Steps, stepsOf, stepTime } from './steps.ts';

const [LEFT, STEP, LANE, TOP] = [150, 46, 44, 14];

export function differenceSection(
  difference: ExplainedDifference,
  index: number,
  input: ReportInput,
): Markup {
  const short = shortForms(difference);
  const steps = stepsOf(difference, input, short);
  const { table, key, traces } = difference;
  const id = `difference-${index + 1}`;
  return html`<article id="${id}">
<h3>${index + 1}. ${table} <code>${key.join(' · ')}</code></h3>
<p class="headline">${shortHeadline(difference, short)}.</p>
${rowsTable({ wanted: difference.expected, row: difference.actual }, short, 'At the end')}
${
  traces.length > 0 &&
  html`<details><summary>The events that affect it, in canonical order</summary>
<div class="scroll" tabindex="0" role="region" aria-label="Events of ${table} ${key.join(' ')}"><table>
<thead><tr><th scope="col">event</th><th scope="col" class="text">kind</th><th scope="col" class="text">event id</th><th scope="col" class="text">who</th><th scope="col">arrived as record</th></tr></thead>
<tbody>${traces.map(
    (trace, number) =>
      html`<tr><td>${number + 1}</td><td class="text unbroken">${trace.kind}</td><td class="text">${short(trace.eventId)}${short(trace.eventId) !== trace.eventId && html`<br><code class="note">${trace.eventId}</code>`}</td><td class="text">${short(trace.origin)}</td><td>${trace.arrivals.map(({ position }) => position + 1).join(', ') || 'never'}</td></tr>`,
  )}</tbody></table></div></details>`
}
<section class="timeline" data-timeline tabindex="0" aria-label="Timeline of difference ${index + 1}; arrow keys step through it">
<div class="controls"><button type="button" data-go="-1">← Back</button><button type="button" data-go="1">Next →</button><span class="where"></span>
<span class="key" aria-hidden="true">○ arrived  ▸ invocation started  ◂ invocation ended  <b class="ok">=</b> row right  <b class="bad">≠</b> row wrong</span></div>
<div class="scroll">${drawing(steps)}</div>
<ol class="steps" aria-live="polite">${steps.steps.map((step, place) => stepItem(step, place, short))}</ol>
${steps.leftOut > 0 && html`<p class="note">${steps.leftOut} earlier steps are left out.</p>`}
</section></article>`;
}

/** The width from which an id is shortened, in characters. */
const ID_WIDTH = 44;

/** Shortens the ids of a difference. */
export function shortForms(difference: ExplainedDifference): Abbreviate {
  return abbreviations(textsOf(difference), ID_WIDTH);
}

function drawing({ lanes, steps }: Steps): Markup {
  const width = LEFT + steps.length * STEP + 20;
  const height = TOP + lanes.length * LANE + 10;
  const y = (lane: number): number => TOP + lane * LANE + LANE / 2;
  const x = (index: number): number => LEFT + index * STEP + STEP / 2;
  return html`<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" aria-hidden="true">
${lanes.map(
  (name, lane) =>
    html`<line class="lane" x1="${LEFT}" x2="${width}" y1="${y(lane)}" y2="${y(lane)}"/><text class="lane-name" x="0" y="${y(lane) + 4}">${elided(name)}</text>`,
)}
${steps.map(
  (step, index) =>
    html`<g class="step ${step.kind}" data-step="${index}"><rect class="hit" x="${x(index) - STEP / 2}" y="0" width="${STEP}" height="${height}"/><circle cx="${x(index)}" cy="${y(step.lane)}" r="${MARK_RADIUS[step.kind]}"/><text x="${x(index)}" y="${y(step.lane) - 13}">${GLYPH[step.kind]}${step.label}</text></g>`,
)}</svg>`;
}

const MARK_RADIUS = { pushed: 5, invoked: 6, ended: 6, right: 6, wrong: 6, diverged: 9 } as const;
const GLYPH = { pushed: '', invoked: '▸', ended: '◂', right: '', wrong: '', diverged: '' } as const;

function stepItem(step: Step, index: number, short: Abbreviate): Markup {
  return html`<li data-step-text="${index}" class="${step.kind}"><span class="time">${stepTime(step)}</span> ${step.text}
${step.rows !== undefined && rowsTable(step.rows, short, 'At this moment')}</li>`;
}

function rowsTable(
  { wanted, row }: NonNullable<Step['rows']>,
  short: Abbreviate,
  caption: string,
): Markup {
  const names = [...new Set([...Object.keys(wanted ?? {}), ...Object.keys(row ?? {})])];
  return html`<div class="scroll"><table class="rows"><caption>${caption}</caption>
<thead><tr><th scope="col">attribute</th><th scope="col">reference</th><th scope="col">table</th></tr></thead>
<tbody>${names.map((name) => {
    const [left, right] = [said(wanted, name, short), said(row, name, short)];
    return html`<tr class="${left === right ? 'same' : 'differs'}"><th scope="row">${left !== right && html`<span class="bad">≠ </span>`}${name}</th><td class="text">${left}</td><td class="text">${right}</td></tr>`;
  })}</tbody></table></div>`;
}

function said(row: Row | undefined, name: string, short: Abbreviate): string {
  if (row === undefined) return 'no such row';
  if (!Object.hasOwn(row, name)) return '–';
  const value = row[name];
  return typeof value === 'string'
    ? short(value)
    : JSON.stringify({ value }, jsonValue).slice('{"value":'.length, -1);
}

function elided(name: string): string {
  return name.length > 20 ? `${name.slice(0, 19)}…` : name;
}
