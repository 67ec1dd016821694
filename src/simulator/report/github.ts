/** A result for a GitHub workflow: annotations, and the job's summary. Pure. */
import type { RunResult } from '../model/run-result.ts';
import { failureText } from './failure-text.ts';
import { amount, count, plural, printable, seconds } from './text.ts';

const ANNOTATIONS_MAX = 10;

/** Workflow commands, one a line; none for a run that converged. */
export function formatAnnotations(result: RunResult): string {
  if (result.verdict === 'converged') return '';
  const said = [
    [
      result.verdict,
      [...result.failures.map(failureText), `repeat: ${result.repeat}`].join('\n'),
    ] as const,
    ...result.differences
      .slice(0, ANNOTATIONS_MAX - 1)
      .map(
        ({ table, key, explanation }) =>
          [`${table} ${key.join(' ')}`, explanation.headline] as const,
      ),
  ];
  return said
    .map(([title, text]) => `::error title=${property(printable(title))}::${data(text)}\n`)
    .join('');
}

/** Escaped as the runner unescapes it. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** Markdown. */
export function formatSummary(result: RunResult): string {
  const { verdict, failures, figures, differences, differencesTotal, repeat } = result;
  const { disorder, delivery, dynamodb } = figures;
  const rows: (readonly [string, string])[] = [
    [
      'records',
      `${count(disorder.records)}: ${count(disorder.copies)} copies, ${count(disorder.malformed)} malformed`,
    ],
    ['largest displacement', count(disorder.displacementMax)],
    [
      'batches',
      `${count(delivery.batches)}, ${count(delivery.retries)} retried, ${count(delivery.repeats)} repeated`,
    ],
    ['workers killed', `${figures.kills.happened} of ${figures.kills.asked}`],
    ...Object.entries(figures.faults).map(
      ([name, { happened }]) => [`fault ${name}`, count(happened)] as const,
    ),
    ['write units per record', amount(dynamodb.writeUnitsPerRecord)],
    ['read units per record', amount(dynamodb.readUnitsPerRecord)],
    ['time', seconds(figures.wallMs)],
  ];
  const blocks = [
    `## ${verdict.toUpperCase()}`,
    failures.map((failure) => `- ${cell(failureText(failure))}`).join('\n'),
    `| | |\n|---|---|\n${rows.map(([name, value]) => `| ${cell(name)} | ${cell(value)} |`).join('\n')}`,
  ];
  if (differencesTotal > 0) {
    const listed = differences.map(
      ({ table, key, explanation }) =>
        `| ${cell(table)} | ${cell(key.join(' '))} | ${cell(explanation.headline)} |`,
    );
    blocks.push(
      `### ${plural(differencesTotal, 'difference')}\n\n| table | key | what is wrong |\n|---|---|---|\n${listed.join('\n')}`,
    );
  }
  const fence = '`'.repeat(
    Math.max(3, ...[...repeat.matchAll(/`+/g)].map(([run]) => run.length + 1)),
  );
  blocks.push(`Repeat this run:\n\n${fence}sh\n${repeat}\n${fence}`);
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** Escapes all markup, for a cell of a table. */
function cell(text: string): string {
  return printable(text).replace(
    /[\\`*_{}[\]()#+!|<>&~@-]/g,
    (character) => `&#${character.charCodeAt(0)};`,
  );
}
