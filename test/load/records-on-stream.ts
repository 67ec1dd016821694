/** Reads all records of a stream. */
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { StreamRecord } from '../../src/simulator/model/stream-record.ts';
import { listShards } from '../../src/simulator/stream/kinesis-stream.ts';
import { readShard } from '../../src/simulator/stream/read-shard.ts';

export async function recordsOnStream(
  client: KinesisClient,
  stream: string,
): Promise<readonly StreamRecord[]> {
  const records: StreamRecord[] = [];
  for (const { shardId } of await listShards(client, stream)) {
    const reader = readShard(client, stream, shardId, { type: 'TRIM_HORIZON' });
    for (let page = await reader.next(); page.records.length > 0; page = await reader.next()) {
      records.push(...page.records);
    }
  }
  return records;
}
