/** Reads the quarantine table. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readRows, readTable } from '../../simulator/dynamodb/client/read.ts';
import type { Row } from '../../simulator/model/workload.ts';

/** A malformed record, without its bytes. */
export interface Quarantined {
  /** The stream's ARN, and `shardId:sequenceNumber`. */
  readonly stream: string;
  readonly record: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly arrivedAt: string;
  /** Whether the row has only the first of its bytes. */
  readonly isCut: boolean;
}

export interface QuarantinedBytes extends Quarantined {
  readonly partitionKey: string;
  readonly data: Uint8Array;
}

const ATTRIBUTES = ['stream', 'record', 'reason', 'arrivedAt', 'cut'];

/** Reads whole rows, whatever attributes are requested: the cost is that of all bytes. */
export function listQuarantined(
  client: DynamoDBClient,
  table: string,
): Promise<readonly Quarantined[]> {
  return Array.fromAsync(readTable(client, table, ATTRIBUTES), quarantined);
}

/** Without those that were removed meanwhile. */
export async function readQuarantined(
  client: DynamoDBClient,
  table: string,
  entries: readonly Quarantined[],
  pause: (ms: number) => Promise<void>,
): Promise<readonly QuarantinedBytes[]> {
  const keys = entries.map((entry) => ({ table, key: keyOf(entry) }));
  const rows = await readRows(client, keys, pause);
  return rows
    .filter((row) => row !== undefined)
    .map((row) => ({
      ...quarantined(row),
      partitionKey: String(row['partitionKey']),
      data: row['data'] instanceof Uint8Array ? row['data'] : new Uint8Array(),
    }));
}

export function keyOf({ stream, record }: Pick<Quarantined, 'stream' | 'record'>): Row {
  return { stream, record };
}

function quarantined(row: Row): Quarantined {
  return {
    stream: String(row['stream']),
    record: String(row['record']),
    reason: String(row['reason']),
    arrivedAt: String(row['arrivedAt']),
    isCut: row['cut'] === true,
  };
}
