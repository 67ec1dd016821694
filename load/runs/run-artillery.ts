/** Runs artillery as a child process, and reads its report. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { SimulatorError } from '../../src/simulator/model/errors.ts';
import { killGuarded, spawnGuarded } from '../../src/simulator/servers/guard.ts';
import { METRICS } from '../engine/producer.ts';
import type { Percentiles, VirtualUsers } from '../figures.ts';

export interface ArtilleryParts {
  /** The script's path. */
  readonly script: string;
  readonly stream: string;
  /** Overrides the script's `config`. */
  readonly config: unknown;
  /** For its report. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  onStarted(pid: number): void;
}

export interface Produced {
  readonly offered: number;
  readonly taken: number;
  readonly failed: number;
  readonly throttled: number;
  readonly refused: number;
  /** From the first to the last put. */
  readonly seconds: number;
  readonly putMs: Percentiles | undefined;
  readonly users: VirtualUsers;
  /** Thresholds and conditions of the script that failed. */
  readonly failedThresholds: readonly string[];
  /** Artillery's own, JSON. */
  readonly report: string;
}

const BIN = path.join(import.meta.dirname, '../artillery/node_modules/artillery/bin/run');
const LAST_LINES = 5;

/** Throws a {@link SimulatorError} without artillery, which only load runs need. */
export function checkArtillery(): void {
  if (existsSync(BIN)) return;
  throw new SimulatorError(
    'unavailable',
    'artillery is not installed: install it with npm run load:install',
  );
}

/** Rejects with a {@link SimulatorError} if it put nothing. Leaves no process behind. */
export async function runArtillery(parts: ArtilleryParts): Promise<Produced> {
  const output = path.join(parts.folder, 'report.json');
  const overrides = JSON.stringify({ config: parts.config });
  const words = ['--target', parts.stream, '--overrides', overrides, '--output', output];
  const child = spawnGuarded(process.execPath, [BIN, 'run', ...words, parts.script], {
    // Telemetry is its only use of the network besides the stream.
    env: { ...parts.environment, ARTILLERY_DISABLE_TELEMETRY: 'true', FORCE_COLOR: '0' },
  });
  if (child.pid !== undefined) parts.onStarted(child.pid);
  const kill = (): void => {
    killGuarded(child).catch(() => {});
  };
  parts.signal.addEventListener('abort', kill, { once: true });
  if (parts.signal.aborted) kill();
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  parts.signal.removeEventListener('abort', kill);
  parts.signal.throwIfAborted();
  const report = readReport(output);
  if (report === undefined || report.offered === 0) {
    const last = printed.trim().split('\n').slice(0, LAST_LINES).join(' | ');
    if (report === undefined) {
      throw new SimulatorError(
        'unavailable',
        `artillery ended with ${status} without a report, so what was put is unknown: ${last}`,
      );
    }
    throw new SimulatorError('usage', `artillery put nothing and ended with ${status}: ${last}`);
  }
  return { ...report, failedThresholds: failedThresholds(printed) };
}

/** As the ensure plugin prints them: the report lacks them. Optional ones don't count. */
export function failedThresholds(printed: string): readonly string[] {
  return [...printed.matchAll(/^fail: (?!.* \(optional\)$)(.*)$/gm)].map(
    ([, threshold = '']) => threshold,
  );
}

function readReport(file: string): Omit<Produced, 'failedThresholds'> | undefined {
  let report: string;
  try {
    report = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  const { counters, summaries, firstMetricAt, lastMetricAt } = v.parse(
    Report,
    JSON.parse(report),
  ).aggregate;
  const counted = (name: string): number => counters[name] ?? 0;
  const putMs = summaries[METRICS.putMs];
  return {
    report,
    offered: counted(METRICS.offered),
    taken: counted(METRICS.taken),
    failed: counted(METRICS.failed),
    throttled: counted(METRICS.throttled),
    refused: counted(METRICS.refused),
    seconds: (lastMetricAt - firstMetricAt) / 1000,
    users: {
      // Over a script's `maxVusers` they are skipped.
      arrived: counted('vusers.created') + counted('vusers.skipped'),
      completed: counted('vusers.completed'),
      failed: counted('vusers.failed'),
      errors: errorsOf(counters),
    },
    putMs: putMs && { p50: putMs.median, p95: putMs.p95, p99: putMs.p99, max: putMs.max },
  };
}

const ERRORS = 'errors.';

function errorsOf(counters: Readonly<Record<string, number>>): VirtualUsers['errors'] {
  return Object.fromEntries(
    Object.entries(counters)
      .filter(([name]) => name.startsWith(ERRORS))
      .map(([name, times]) => [name.slice(ERRORS.length), times]),
  );
}

const Summary = v.object({ median: v.number(), p95: v.number(), p99: v.number(), max: v.number() });
const Report = v.object({
  aggregate: v.object({
    counters: v.record(v.string(), v.number()),
    summaries: v.record(v.string(), Summary),
    firstMetricAt: v.optional(v.number(), 0),
    lastMetricAt: v.optional(v.number(), 0),
  }),
});
