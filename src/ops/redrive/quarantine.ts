/** The quarantine table: what lies in it, and its records' bytes. */
import { BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { scanTable } from '../../simulator/dynamodb/client/scan.ts';
import { unmarshalItem } from '../../simulator/dynamodb/client/unmarshal.ts';
import type { Row } from '../../simulator/model/workload.ts';

/** A malformed record, without its bytes. */
export interface Quarantined {
  /** The stream's ARN, and `shardId:sequenceNumber`. */
  readonly stream: string;
  readonly record: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly arrivedAt: string;
  /** Whether the row has only the beginning of its bytes. */
  readonly isCut: boolean;
}

export interface QuarantinedBytes extends Quarantined {
  readonly partitionKey: string;
  readonly data: Uint8Array;
}

const ATTRIBUTES = ['stream', 'record', 'reason', 'arrivedAt', 'cut'];

/** Scanning costs the rows' whole size, whatever is asked for of them. */
export function listQuarantined(
  client: DynamoDBClient,
  table: string,
): Promise<readonly Quarantined[]> {
  return Array.fromAsync(scanTable(client, table, ATTRIBUTES), quarantined);
}

/** At most 100; one that somebody has removed meanwhile is left out. */
export async function readQuarantined(
  client: DynamoDBClient,
  table: string,
  entries: readonly Quarantined[],
): Promise<readonly QuarantinedBytes[]> {
  const read: QuarantinedBytes[] = [];
  let keys = entries.map(keyOf);
  // An answer holds 16 MB at most.
  while (keys.length > 0) {
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [table]: { Keys: keys, ConsistentRead: true } } }),
    );
    for (const item of Responses?.[table] ?? []) {
      const row = unmarshalItem(item);
      const data = row['data'];
      read.push({
        ...quarantined(row),
        partitionKey: String(row['partitionKey']),
        data: data instanceof Uint8Array ? data : new Uint8Array(),
      });
    }
    keys = (UnprocessedKeys?.[table]?.Keys ?? []).map((key) => ({
      stream: { S: key['stream']?.S ?? '' },
      record: { S: key['record']?.S ?? '' },
    }));
  }
  return read;
}

export function keyOf({ stream, record }: Pick<Quarantined, 'stream' | 'record'>) {
  return { stream: { S: stream }, record: { S: record } };
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
