/** Measures how long a fresh Node process takes to import a module: the part of a cold start after Node's own. */
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { BuildOptions } from 'esbuild';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const ENVIRONMENT = {
  AWS_REGION: 'us-east-1',
  TABLE_CONTRIBUTIONS_NAME: 'dev-Contributions',
  TABLE_SCORES_NAME: 'dev-Scores',
  TABLE_EVENTS_NAME: 'dev-Events',
  TABLE_QUARANTINE_NAME: 'dev-Quarantine',
};

/** Only the SDK's client with the commands that the function sends: the baseline. */
export const CLIENT_ALONE = `
  import * as sdk from '@aws-sdk/client-dynamodb';
  export const client = new sdk.DynamoDBClient({});
  export const commands = [
    sdk.BatchGetItemCommand, sdk.BatchWriteItemCommand, sdk.QueryCommand,
    sdk.TransactWriteItemsCommand, sdk.UpdateItemCommand,
  ];
`;

/** Options to bundle this code instead of the function. */
export function moduleOf(contents: string): BuildOptions {
  return { stdin: { contents, resolveDir: PROJECT }, entryPoints: [] };
}

/**
 * Milliseconds: for each file a list with one figure per round. A round imports each file once, so other load on the
 * machine affects all of them.
 */
export function measureImports(files: readonly string[], rounds: number): number[][] {
  const timesMs = files.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [at, file] of files.entries()) timesMs[at]?.push(importMs(file));
  }
  return timesMs;
}

/** The median over rounds of the ratio of both. */
export function medianRatio(timesMs: readonly number[], othersMs: readonly number[]): number {
  return median(timesMs.map((ms, round) => ms / (othersMs[round] ?? Number.NaN)));
}

/** Of an odd number of values. */
export function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[values.length >> 1] ?? Number.NaN;
}

function importMs(file: string): number {
  const code = `const start = performance.now();
    await import(${JSON.stringify(pathToFileURL(file).href)});
    console.log(performance.now() - start);`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', code],
    { encoding: 'utf8', env: ENVIRONMENT },
  );
  if (status !== 0) throw new Error(stderr);
  return Number(stdout);
}
