/** The local world: real servers over HTTP, the handler in worker processes, real time. */
import { setTimeout as delay } from 'node:timers/promises';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readRows, readTable } from '../dynamodb/client/read.ts';
import { deliverToPool } from '../execution/process/deliver-to-pool.ts';
import type { History } from '../history/history.ts';
import type { RunOptions } from '../model/run-options.ts';
import type { TableDefinition } from '../model/workload.ts';
import type { RunningServer } from '../servers/server.ts';
import { readFunctionDefinition } from '../stack-template.ts';
import { putTo } from '../stream/put-records.ts';
import { type Closing, createClosing } from './closing.ts';
import { openLocalServers } from './local-servers.ts';
import { openLocalWorkers } from './local-workers.ts';
import type { World } from './world.ts';

export interface LocalWorldParts {
  readonly options: RunOptions;
  readonly tables: readonly TableDefinition[];
  readonly history: History;
  /** The environment of this process. */
  readonly environment: NodeJS.ProcessEnv;
  /** A name that tells this run's stream and tables from others on the same servers. */
  readonly stage: string;
  /** Producers outside of the run put the records while they are delivered. */
  readonly deliversWhilePushing?: boolean;
}

export interface LocalWorld extends World {
  /** Where producers and consumers outside of the run find the stream and the tables. */
  readonly addresses: {
    readonly stream: string;
    readonly kinesisEndpoint: string;
    readonly dynamoDb: DynamoDBClient;
    /** The real name of one of the workload's tables. */
    tableName(name: string): string;
    /** Those that were started for this world. */
    readonly servers: readonly RunningServer[];
  };
}

/** Rejects with `ServerUnavailable` or `HandlerUnusable`, and leaves nothing behind. */
export async function openLocalWorld(parts: LocalWorldParts): Promise<LocalWorld> {
  const closing = createClosing();
  try {
    return await open(parts, closing);
  } catch (error) {
    await closing.close();
    throw error;
  }
}

async function open(parts: LocalWorldParts, closing: Closing): Promise<LocalWorld> {
  const { stage, deliversWhilePushing = false } = parts;
  const pause = (ms: number): Promise<void> => delay(ms);
  const servers = await openLocalServers({ ...parts, closing, pause });
  const { pool, gateway, notes, output } = await openLocalWorkers({
    ...parts,
    ...{ servers, closing, pause },
  });
  const { kinesis, kinesisEndpoint, dynamoDb, stream, streamArn, tableName, lost } = servers;
  const { timeoutMs } = readFunctionDefinition(stage);
  return {
    put: putTo(kinesis, stream),
    pause,
    delivery: deliverToPool({ kinesis, stream, streamArn, pool, timeoutMs, lost }),
    deliversWhilePushing,
    addresses: { stream, kinesisEndpoint, dynamoDb, tableName, servers: servers.started },
    mapping: FAST_MAPPING,
    readRows: (rows) =>
      readRows(
        dynamoDb,
        rows.map(({ table, keyRow }) => ({ table: tableName(table), key: keyRow })),
        pause,
      ),
    async *scan(table) {
      // A request may outlive its worker, and its writes belong to the table.
      await gateway.idle();
      yield* readTable(dynamoDb, tableName(table));
    },
    notes,
    output,
    close: closing.close,
  };
}

/**
 * Lambda polls about once a second and backs off for longer, which would only make a run longer
 * here.
 */
const FAST_MAPPING = {
  pollIntervalMs: 50,
  repeatDelayMsMax: 500,
  retryBackoff: { firstMs: 20, maxMs: 200, factor: 2, jitterRatio: 0.5 },
};
