/** A story and the scenario that it is of, as a table on a terminal. Pure. */
import { differingAttributes } from '../check/equality.ts';
import type { Workload } from '../model/workload.ts';
import { printable } from '../report/text.ts';
import { faultsIn, type Scenario } from './scenario.ts';
import type { Line, Story } from './trace.ts';

export function formatScenarioTable<Event>(
  scenario: Scenario<Event>,
  workload: Workload<Event>,
): string {
  const { options, events, pushes, limits, muted } = scenario;
  const faults = Object.entries(faultsIn(scenario)).map(([name, ratio]) => `${name} ${ratio}`);
  const lines = events.map((event, at) => {
    const { kind, subject, eventId, origin } = workload.describe(event);
    return `  ${at}  ${kind.padEnd(16)} ${subject}  ${eventId}  ${origin}`;
  });
  const order = pushes.map(({ event, copy }) =>
    event < 0 ? 'malformed' : `${event}${"'".repeat(copy)}`,
  );
  return printableLines([
    `${events.length} events in canonical order:`,
    ...lines,
    `pushed in the order ${order.join(' ')}   (' marks a copy)`,
    `shards ${options.shards}, partition ${options.partition}, batch size ${options.batchSize}, ` +
      `parallelization ${options.parallelizationFactor}, bisect ${options.bisect ? 'on' : 'off'}` +
      (options.batchWindow > 0 ? `, window ${options.batchWindow} s` : '') +
      (options.retryAttempts >= 0 ? `, retries ${options.retryAttempts}` : ''),
    `faults ${faults.join(', ') || 'none'}${muted.length > 0 ? `, ${muted.length} occurrences muted` : ''}`,
    `limits ${
      Object.entries(limits)
        .map(([name, limit]) => `${name} ${limit}`)
        .join(', ') || 'as deployed'
    }`,
  ]);
}

/** `whole`: with the requests and what they stored. */
export function formatStory({ lines, outcome }: Story, whole = true): string {
  const shown = lines.filter(({ what, wrong }) => whole || wrong !== '' || !what.startsWith('  '));
  const width = Math.max(0, ...shown.map(({ what }) => what.length));
  const rows = shown.map(
    ({ atMs, who, what, more, wrong }: Line) =>
      `${atMs.toFixed(0).padStart(8)}  ${who.padEnd(5)} ${what.padEnd(width)}  ${more}` +
      (wrong === '' ? '' : `   ◄ ${wrong}`),
  );
  const wrong = outcome.reasons.map((reason) => `      ► ${reason}`);
  const differences = outcome.differences.flatMap(
    ({ table, key, expected, actual, explanation }) => [
      `      ► ${table} ${key.join(' ')}: ${explanation.headline}`,
      ...differingAttributes(expected ?? {}, actual ?? {}).map(
        (name) =>
          `          ${name}: expected ${String(expected?.[name])}, got ${String(actual?.[name])}`,
      ),
    ],
  );
  return printableLines(['      ms', ...rows, ...wrong, ...differences]);
}

function printableLines(lines: readonly string[]): string {
  return `${lines.map(printable).join('\n')}\n`;
}
