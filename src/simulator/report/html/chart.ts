/** A chart as data, its figure on the page, and its data as a table for screen readers. */
import { amount } from '../text.ts';
import { html, type Markup } from './html.ts';

export interface Chart {
  readonly id: string;
  readonly title: string;
  /** What exactly is drawn. */
  readonly caption: string;
  readonly kind: 'line' | 'steps' | 'points' | 'bars';
  readonly xLabel: string;
  readonly yLabel: string;
  /** Ascending. */
  readonly x: readonly number[];
  readonly series: readonly { readonly label: string; readonly y: readonly (number | null)[] }[];
}

const TABLE_ROWS_MAX = 12;

export function chartFigure(chart: Chart): Markup {
  const { id, title, caption, series, x } = chart;
  if (x.length === 0) return html`<figure><h3>${title}</h3><p>None happened.</p></figure>`;
  return html`<figure>
<h3 id="${id}-title">${title}</h3>
<div class="chart" data-chart="${id}" role="img" tabindex="0" aria-labelledby="${id}-title" aria-describedby="${id}-caption"></div>
<p class="legend" aria-hidden="true">${series.map(({ label }, index) => html`<span><i class="s${index}"></i>${label}</span>`)}</p>
<p class="readout" aria-live="polite"></p>
<figcaption id="${id}-caption">${caption}</figcaption>
<details><summary>As a table</summary>${chartTable(chart)}</details>
</figure>`;
}

function chartTable({ title, xLabel, x, series }: Chart): Markup {
  const every = Math.max(1, (x.length - 1) / (TABLE_ROWS_MAX - 1));
  const places = [
    ...new Set(x.map((_, index) => Math.round(Math.min(index * every, x.length - 1)))),
  ];
  const more = places.length < x.length ? ` (${places.length} of ${x.length} points)` : '';
  return html`<table><caption>${title}${more}</caption>
<thead><tr><th scope="col">${xLabel}</th>${series.map(({ label }) => html`<th scope="col">${label}</th>`)}</tr></thead>
<tbody>${places.map(
    (place) =>
      html`<tr><td>${amount(x[place] ?? 0)}</td>${series.map(({ y }) => html`<td>${cell(y[place])}</td>`)}</tr>`,
  )}</tbody></table>`;
}

function cell(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : amount(value);
}
