/** The plain tables of the report: rankings, faults, options. */
import { count, plural } from '../text.ts';
import { html, type Markup } from './html.ts';
import type { ReportInput } from './input.ts';

const PLACES = 10;

export function leaderboardSection({ leaderboards }: ReportInput): Markup | undefined {
  if (leaderboards.length === 0) return undefined;
  return html`<section aria-labelledby="leaderboard"><h2 id="leaderboard">Leaderboard</h2>
<div class="boards">${leaderboards.map(({ expected, actual }) => {
    const places = Array.from({ length: PLACES }, (_, place) => place).filter(
      (place) => expected.places[place] !== undefined || actual.places[place] !== undefined,
    );
    return html`<div class="scroll"><table><caption>${expected.title}</caption>
<thead><tr><th scope="col">place</th><th scope="col" class="text">the reference</th><th scope="col">${expected.measure}</th><th scope="col" class="text">the tables</th><th scope="col">${expected.measure}</th></tr></thead>
<tbody>${places.map((place) => {
      const [wanted, got] = [expected.places[place], actual.places[place]];
      const isSame = wanted?.name === got?.name && wanted?.value === got?.value;
      return html`<tr class="${isSame ? 'same' : 'differs'}"><td>${!isSame && html`<span class="bad">≠ </span>`}${place + 1}</td><td class="text">${wanted?.name ?? '–'}</td><td>${wanted?.value ?? '–'}</td><td class="text">${got?.name ?? '–'}</td><td>${got?.value ?? '–'}</td></tr>`;
    })}</tbody></table></div>`;
  })}</div></section>`;
}

export function faultsSection({ result }: ReportInput): Markup {
  const { figures } = result;
  const faults = Object.entries(figures.faults);
  const { kills } = figures;
  const killed = ['worker killed in mid-batch', plural(kills.asked, 'time'), count(kills.happened)];
  const rows = [
    ...(kills.asked > 0 ? [killed] : []),
    ...faults.map(([name, { ratio, happened }]) => [name, `ratio ${ratio}`, count(happened)]),
  ];
  return html`<section aria-labelledby="faults"><h2 id="faults">Faults and errors</h2>
<div class="boards"><table><caption>Requested and reached</caption><thead><tr><th scope="col">fault</th><th scope="col">requested</th><th scope="col">happened</th></tr></thead>
<tbody>${rows.length === 0 && html`<tr><td>none requested</td></tr>`}${rows.map(([name, requested, happened]) => html`<tr><th scope="row">${name}</th><td>${requested}</td><td>${happened}</td></tr>`)}</tbody></table>
${Object.keys(figures.situations).length > 0 && counts('Situations that the handler reached', figures.situations)}
${counts('Errors of requests', figures.dynamodb.errors)}
${counts('Requests to DynamoDB', figures.dynamodb.requestsByOperation)}
${counts('Invocations by outcome', figures.delivery.outcomes)}</div></section>`;
}

export function optionsSection({ result, versions }: ReportInput): Markup {
  const options = Object.entries(result.options).map(
    ([name, value]) =>
      [name, typeof value === 'object' ? JSON.stringify(value) : String(value)] as const,
  );
  return html`<section aria-labelledby="options"><h2 id="options">Options, versions, output</h2>
<details><summary>Every option of the run</summary>${pairs([...options, ...Object.entries(versions)])}</details>
${result.notes.length > 0 && html`<ul>${result.notes.map((note) => html`<li>${note}</li>`)}</ul>`}
${result.historyHash !== undefined && html`<p>Hash of the history: <code>${result.historyHash}</code></p>`}
${result.output.length > 0 && html`<details><summary>Last output of the handler</summary><pre>${result.output.join('\n')}</pre></details>`}
</section>`;
}

function counts(caption: string, values: Readonly<Record<string, number>>): Markup {
  const rows = Object.entries(values).sort(([, left], [, right]) => right - left);
  return html`<table><caption>${caption}</caption><tbody>${rows.length === 0 && html`<tr><td>none</td></tr>`}${rows.map(
    ([name, value]) => html`<tr><th scope="row">${name}</th><td>${count(value)}</td></tr>`,
  )}</tbody></table>`;
}

function pairs(rows: readonly (readonly [string, string])[]): Markup {
  return html`<table><tbody>${rows.map(([name, value]) => html`<tr><th scope="row">${name}</th><td class="text">${value}</td></tr>`)}</tbody></table>`;
}
