/** Local Kinesis and DynamoDB servers: child processes on free ports, of loopback but for DynamoDB Local; in memory only. */
import type { ChildProcess } from 'node:child_process';
import { launchDynamoDbLocal, launchDynoxide } from './dynamodb.ts';
import { killGuarded } from './guard.ts';
import { launchNodeServer } from './kinesis.ts';
import { ServerUnavailable } from './unavailable.ts';

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
  /** Resolves when the process is gone, by `stop` or on its own, to the last it said on stderr. */
  readonly ended: Promise<string>;
  /** Ends it at once; may be called again. */
  stop(): Promise<void>;
}

/** What a launcher hands over: a child that answers at an endpoint. */
export interface Launched {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly endpoint: string;
  readonly ended: Promise<string>;
}

/** Resolves when the server really answers. Rejects with {@link ServerUnavailable}. */
export async function startServer(name: ServerName): Promise<RunningServer> {
  const { child, pid, endpoint, ended } = await LAUNCHERS[name]();
  return { name, endpoint, pid, ended, stop: () => killGuarded(child) };
}

export { ServerUnavailable };

const LAUNCHERS: Readonly<Record<ServerName, () => Promise<Launched>>> = {
  kinesalite: () => launchNodeServer('kinesalite'),
  'kinesis-local': () => launchNodeServer('kinesis-local'),
  dynoxide: launchDynoxide,
  'dynamodb-local': launchDynamoDbLocal,
};
