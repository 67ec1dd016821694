/** A scenario, and the trace of its run, as tables on a terminal. Pure. */
import { differingAttributes } from '../check/equality.ts';
import type { Workload } from '../model/workload.ts';
import { failureText } from '../report/failure-text.ts';
import { plural, printable } from '../report/text.ts';
import { faultsIn, limitsIn, type Scenario } from './scenario.ts';
import type { Trace } from './trace.ts';

export function formatScenarioTable<Event>(
  scenario: Scenario<Event>,
  workload: Workload<Event>,
): string {
  const { options, events, pushes, muted } = scenario;
  const faults = Object.entries(faultsIn(scenario)).map(([name, ratio]) => `${name} ${ratio}`);
  const limits = Object.entries(limitsIn(scenario)).map(([name, limit]) => `${name} ${limit}`);
  const lines = events.map((event, at) => {
    const { kind, subject, eventId, origin } = workload.describe(event);
    return `  ${at}  ${kind.padEnd(16)} ${subject}  ${eventId}  ${origin}`.trimEnd();
  });
  const order = pushes.map(({ event, copy }) =>
    event < 0 ? 'malformed' : `${event}${"'".repeat(copy)}`,
  );
  return printableLines([
    `${plural(events.length, 'event')} in canonical order:`,
    ...lines,
    `pushed in the order ${order.join(' ')}   (' marks a copy)`,
    `shards ${options.shards}, partition ${options.partition}, batch size ${options.batchSize}, ` +
      `parallelization ${options.parallelizationFactor}, bisect ${options.bisect ? 'on' : 'off'}` +
      (options.batchWindow > 0 ? `, window ${options.batchWindow} s` : '') +
      (options.retryAttempts >= 0 ? `, retries ${options.retryAttempts}` : ''),
    `faults ${faults.join(', ') || 'none'}${muted.length > 0 ? `, ${muted.length} occurrences muted` : ''}`,
    `limits ${limits.join(', ') || 'as deployed'}`,
  ]);
}

/** `requests`: whether to show each request and what it stored. */
export function formatTrace({ lines, outcome }: Trace, requests = true): string {
  const shown = lines.filter(
    ({ what, divergence }) => requests || divergence !== '' || !what.startsWith('  '),
  );
  const width = Math.max(0, ...shown.map(({ what }) => what.length));
  const rows = shown.map(
    ({ atMs, actor, what, detail, divergence }) =>
      `${atMs.toFixed(0).padStart(8)}  ${actor.padEnd(5)} ${what.padEnd(width)}  ${detail}` +
      (divergence === '' ? '' : `   ◄ ${divergence}`),
  );
  const failures = outcome.failures.map((failure) => `      ► ${failureText(failure)}`);
  const differences = outcome.differences.flatMap(
    ({ table, key, expected, actual, explanation }) => [
      `      ► ${table} ${key.join(' ')}: ${explanation.headline}`,
      ...differingAttributes(expected ?? {}, actual ?? {}).map(
        (name) =>
          `          ${name}: expected ${String(expected?.[name])}, got ${String(actual?.[name])}`,
      ),
    ],
  );
  return printableLines(['      ms', ...rows, ...failures, ...differences]);
}

function printableLines(lines: readonly string[]): string {
  return `${lines.map(printable).join('\n')}\n`;
}
