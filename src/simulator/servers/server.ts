/** Local Kinesis and DynamoDB servers: child processes on free ports, with data in memory. */
import { launchDynamoDbLocal } from './dynamodb-local.ts';
import { launchDynoxide } from './dynoxide.ts';
import { killGuarded } from './guard.ts';
import type { LaunchedServer } from './launched-server.ts';
import { launchNodeServer } from './node-server.ts';

export const KINESIS_SERVERS = ['kinesalite', 'kinesis-local'] as const;
export const DYNAMODB_SERVERS = ['dynoxide', 'dynamodb-local'] as const;
export type KinesisServerName = (typeof KINESIS_SERVERS)[number];
export type DynamoDbServerName = (typeof DYNAMODB_SERVERS)[number];
export type ServerName = KinesisServerName | DynamoDbServerName;

export interface RunningServer {
  readonly name: ServerName;
  /** Such as `http://127.0.0.1:40123`. */
  readonly endpoint: string;
  readonly pid: number;
  /** Resolves when the process has ended, with the end of its stderr. */
  readonly ended: Promise<string>;
  /** Ends the process at once. Idempotent. */
  stop(): Promise<void>;
}

/** Resolves when the server responds to requests. Rejects with `ServerUnavailable`. */
export async function startServer(name: ServerName): Promise<RunningServer> {
  const { child, pid, endpoint, ended } = await LAUNCHERS[name]();
  return { name, endpoint, pid, ended, stop: () => killGuarded(child) };
}

const LAUNCHERS: Readonly<Record<ServerName, () => Promise<LaunchedServer>>> = {
  kinesalite: () => launchNodeServer('kinesalite'),
  'kinesis-local': () => launchNodeServer('kinesis-local'),
  dynoxide: launchDynoxide,
  'dynamodb-local': launchDynamoDbLocal,
};
