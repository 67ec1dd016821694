/** result.json: the result of a command, for programs, as `schemas/result.schema.json` has it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SimulatorError } from '../model/errors.ts';
import { type ExplainedDifference, RESULT_VERSION, type RunResult } from '../model/run-result.ts';
import type { Judgement } from '../model/verdict.ts';
import type { Row } from '../model/workload.ts';
import { jsonValue } from '../report/json.ts';

export interface StoredResult extends Judgement {
  readonly version: typeof RESULT_VERSION;
  readonly command: 'run' | 'explore' | 'mutants' | 'load';
  /** ISO 8601. */
  readonly startedAt: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly options: object;
  /** Numbers by name, in groups. */
  readonly figures: object;
  /** What the command printed at its end; undefined for a run. */
  readonly text?: string;
  /** Of a run: what `--json` prints. */
  readonly run?: RunResult;
}

export function formatStoredResult(result: StoredResult): string {
  return `${JSON.stringify(result, jsonValue, 2)}\n`;
}

/** `run`: the run's folder, absolute. Throws a `SimulatorError`. */
export function readStoredResult(run: string): StoredResult {
  const file = path.join(run, 'result.json');
  let result: StoredResult;
  try {
    result = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const why = isMissing ? 'there is none; was the run interrupted?' : (error as Error).message;
    throw new SimulatorError('usage', `${JSON.stringify(file)} can't be read: ${why}`);
  }
  if (result?.version !== RESULT_VERSION || typeof result.verdict !== 'string') {
    throw new SimulatorError('usage', `${JSON.stringify(file)} is not a result of this version`);
  }
  return result.run === undefined ? result : { ...result, run: revived(result.run) };
}

/** Restores the values that JSON doesn't have. */
function revived(run: RunResult): RunResult {
  const { historyHash, options, figures } = run;
  const known = Object.entries(options).map(([name, value]) => [name, value ?? undefined]);
  return {
    ...run,
    historyHash: historyHash ?? undefined,
    options: Object.fromEntries(known) as RunResult['options'],
    figures: { ...figures, quarantined: figures.quarantined ?? undefined },
    differences: run.differences.map((difference: ExplainedDifference) => ({
      ...difference,
      expected: revivedRow(difference.expected),
      actual: revivedRow(difference.actual),
    })),
  };
}

function revivedRow(row: Row | undefined): Row | undefined {
  if (row === undefined || row === null) return undefined;
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, revivedValue(value)]),
  );
}

function revivedValue(value: unknown): unknown {
  const base64 = (value as { readonly base64?: unknown } | null)?.base64;
  return typeof base64 === 'string' && Object.keys(value as object).length === 1
    ? Uint8Array.from(Buffer.from(base64, 'base64'))
    : value;
}
