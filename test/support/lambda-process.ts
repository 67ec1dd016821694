/** Runs a function's module as Lambda does: in a process of its own, with its environment only. */
import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import type { View } from './view.ts';

export interface EntryRun {
  /** Of each event. */
  readonly responses: readonly unknown[];
  /** What it printed, each line as JSON. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  readonly output: string;
}

/** Kills itself after the last response: its output is then that of an environment that is frozen and never resumed. */
const PROGRAM = `
  import { writeSync } from 'node:fs';
  import { text } from 'node:stream/consumers';
  const [module, folder] = process.argv.slice(1);
  process.chdir(folder);
  const { handler } = await import(module);
  const context = {
    awsRequestId: 'request-1', functionName: 'winner', functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:winner',
    memoryLimitInMB: '512', getRemainingTimeInMillis: () => 60000,
  };
  const responses = [];
  for (const event of JSON.parse(await text(process.stdin))) responses.push(await handler(event, context));
  writeSync(3, JSON.stringify(responses));
  process.kill(process.pid, 'SIGKILL');
`;

export async function runEntry(
  file: string,
  options: {
    readonly folder: string;
    readonly view: View;
    readonly environment: Readonly<Record<string, string>>;
    readonly events: readonly unknown[];
  },
): Promise<EntryRun> {
  const { view, environment, events, folder } = options;
  const endpoint = await view.client.config.endpoint?.();
  const child = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', PROGRAM, pathToFileURL(file).href, folder],
    {
      input: JSON.stringify(events),
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      encoding: 'utf8',
      timeout: 20_000,
      env: {
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_ENDPOINT_URL_DYNAMODB: `http://${endpoint?.hostname}:${endpoint?.port}`,
        TABLE_CONTRIBUTIONS_NAME: view.names.contributions,
        TABLE_SCORES_NAME: view.names.scores,
        TABLE_EVENTS_NAME: view.names.events,
        TABLE_QUARANTINE_NAME: view.names.quarantine,
        ...environment,
      },
    },
  );
  const output = `${child.stdout}${child.stderr}`;
  if (child.signal !== 'SIGKILL') throw new Error(`the function did not respond:\n${output}`);
  return {
    responses: JSON.parse(child.output[3] ?? '') as unknown[],
    lines: output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>),
    output,
  };
}

/** A line of CloudWatch's embedded metric format. */
export interface MetricsLine extends Readonly<Record<string, unknown>> {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
}

export function metricsOf({ lines }: EntryRun): readonly MetricsLine[] {
  return lines.filter((line): line is MetricsLine => '_aws' in line);
}
