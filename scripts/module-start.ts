/** How long a fresh Node process takes to import a module: what a cold start waits for, beside Node itself. */
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

/** The SDK's client with the commands that the function sends, and nothing else: what a start is held against. */
export const CLIENT_ALONE = `
  import * as sdk from '@aws-sdk/client-dynamodb';
  export const client = new sdk.DynamoDBClient({});
  export const commands = [
    sdk.BatchGetItemCommand, sdk.BatchWriteItemCommand, sdk.QueryCommand,
    sdk.TransactWriteItemsCommand, sdk.UpdateItemCommand,
  ];
`;

/** Bundles a text instead of the function. */
export function moduleOf(contents: string): BuildOptions {
  return { stdin: { contents, resolveDir: PROJECT }, entryPoints: [] };
}

/**
 * Milliseconds: a list for each file, of a figure a round. Each file once a round, so that whatever else the
 * machine does meets all of them.
 */
export function measureStarts(files: readonly string[], rounds: number): number[][] {
  const timesMs = files.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [at, file] of files.entries()) timesMs[at]?.push(importMs(file));
  }
  return timesMs;
}

/** How many times as long the one took as the other: the median over rounds. */
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
