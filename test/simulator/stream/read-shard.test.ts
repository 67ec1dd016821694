import { setImmediate as turn } from 'node:timers/promises';
import {
  ExpiredIteratorException,
  GetShardIteratorCommand,
  type KinesisClient,
} from '@aws-sdk/client-kinesis';
import { describe, expect, jest, test } from '@jest/globals';
import {
  compareSequenceNumbers,
  type StreamRecord,
} from '../../../src/simulator/model/stream-record.ts';
import { seededRandom } from '../../../src/simulator/random.ts';
import {
  LOCAL_CREDENTIALS,
  LOCAL_REGION,
} from '../../../src/simulator/servers/local-credentials.ts';
import { KINESIS_SERVERS, startServer } from '../../../src/simulator/servers/server.ts';
import { localKinesisClient } from '../../../src/simulator/stream/kinesis-client.ts';
import { createStream, listShards } from '../../../src/simulator/stream/kinesis-stream.ts';
import { pushRecords } from '../../../src/simulator/stream/push.ts';
import { putTo } from '../../../src/simulator/stream/put-records.ts';
import { readShard } from '../../../src/simulator/stream/read-shard.ts';

const LOCAL = { region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS };
// Starting a server takes longer on a busy machine.
jest.setTimeout(20_000);
const COUNT = 1_200;
const STREAM = 'dev-retail';

describe.each([...KINESIS_SERVERS])('a stream of %s', (name) => {
  test('returns the records put, in the order of each shard', async () => {
    const server = await startServer(name);
    const client = localKinesisClient({ ...LOCAL, endpoint: server.endpoint });
    try {
      const arn = await createStream(client, { name: STREAM, shards: 3, pause: () => turn() });
      expect(arn).toMatch(/^arn:aws:kinesis:us-east-1:\d+:stream\/dev-retail$/);
      const shards = await listShards(client, STREAM);
      expect(shards).toHaveLength(3);
      expect(shards[0]).toMatchObject({ parents: [], hashKeys: { first: '0' }, isClosed: false });

      const accepted = new Map<string, number>();
      await pushRecords(
        Array.from({ length: COUNT }, (_, push) => ({
          push,
          partitionKey: `é${push % 50}`,
          data: Buffer.from(JSON.stringify({ push })),
        })),
        {
          put: putTo(client, STREAM),
          random: seededRandom('seed', 'push'),
          pause: () => turn(),
          onAccepted: ({ push }, at) => accepted.set(`${at.shardId} ${at.sequenceNumber}`, push),
        },
      );
      expect(accepted.size).toBe(COUNT);

      let read = 0;
      for (const { shardId } of shards) {
        const records = await readAll(client, shardId);
        read += records.length;
        for (const [index, record] of records.entries()) {
          const push = accepted.get(`${shardId} ${record.sequenceNumber}`);
          expect(JSON.parse(Buffer.from(record.data).toString())).toEqual({ push });
          expect(record.partitionKey).toBe(`é${(push as number) % 50}`);
          expect(record.arrivedAtMs).toBeGreaterThan(1e12);
          const before = records[index - 1]?.sequenceNumber ?? '0';
          expect(compareSequenceNumbers(before, record.sequenceNumber)).toBeLessThan(0);
        }
        // From the middle on, as after a checkpoint.
        const middle = records[Math.floor(records.length / 2)] as StreamRecord;
        const rest = await readShard(client, STREAM, shardId, {
          type: 'AFTER_SEQUENCE_NUMBER',
          sequenceNumber: middle.sequenceNumber,
        }).next(2);
        const from = records.indexOf(middle) + 1;
        expect(rest.records).toEqual(records.slice(from, from + 2));
        const since = await readShard(client, STREAM, shardId, {
          type: 'AT_TIMESTAMP',
          atMs: (records[0] as StreamRecord).arrivedAtMs,
        }).next();
        expect(since.records).toEqual(records);
      }
      expect(read).toBe(COUNT);
    } finally {
      client.destroy();
      await server.stop();
    }
  });
});

test('an expired iterator is renewed after the last record read', async () => {
  const asked: unknown[] = [];
  let gets = 0;
  const client = {
    async send(command: { readonly input: object }) {
      if (command instanceof GetShardIteratorCommand) {
        asked.push(command.input);
        return { ShardIterator: `iterator-${asked.length}` };
      }
      gets++;
      if (gets === 2) throw new ExpiredIteratorException({ message: 'old', $metadata: {} });
      return {
        Records: [{ SequenceNumber: String(gets), PartitionKey: 'p', Data: new Uint8Array() }],
        ...(gets === 3 ? {} : { NextShardIterator: 'next' }),
      };
    },
  } as unknown as KinesisClient;
  const reader = readShard(client, STREAM, 'shardId-0', { type: 'TRIM_HORIZON' });
  expect(await reader.next()).toMatchObject({ records: [{ sequenceNumber: '1' }], isEnd: false });
  expect(await reader.next()).toMatchObject({ records: [{ sequenceNumber: '3' }], isEnd: true });
  expect(await reader.next()).toMatchObject({ records: [], isEnd: true });
  expect(asked).toMatchObject([
    { ShardIteratorType: 'TRIM_HORIZON' },
    { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: '1' },
  ]);
});

async function readAll(client: KinesisClient, shardId: string): Promise<readonly StreamRecord[]> {
  const reader = readShard(client, STREAM, shardId, { type: 'TRIM_HORIZON' });
  const records: StreamRecord[] = [];
  for (;;) {
    const page = await reader.next();
    if (page.records.length === 0) return records;
    records.push(...page.records);
  }
}
