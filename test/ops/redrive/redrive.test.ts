/** Real clients against local servers in place of AWS, with a delivery meanwhile. */
import { setTimeout as delay } from 'node:timers/promises';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, jest, test } from '@jest/globals';
import { discardedBatch } from '../../../src/ops/redrive/failure-queue.ts';
import { listQuarantined } from '../../../src/ops/redrive/quarantine.ts';
import { redriveQuarantined } from '../../../src/ops/redrive/redrive.ts';
import { type RedriveOptions, redriveStage } from '../../../src/ops/redrive/redrive-stage.ts';
import { compare } from '../../../src/simulator/check/check.ts';
import { readTable } from '../../../src/simulator/dynamodb/client/read.ts';
import { seededRandom } from '../../../src/simulator/random.ts';
import { pushRecords } from '../../../src/simulator/stream/push.ts';
import { type PushRecord, putTo } from '../../../src/simulator/stream/put-records.ts';
import { GARBAGE_KINDS } from '../../../src/simulator/workload/winner/garbage.ts';
import { winner } from '../../../src/simulator/workload/winner/winner.ts';
import type { Delivering, Deployed } from '../../support/deployed-servers.ts';
import { GIVES_UP, useDeployedServers } from '../../support/use-deployed-servers.ts';

jest.setTimeout(60_000);
const servers = useDeployedServers();

const source = winner.generate('redrive', { count: 80 });
const EVENTS = Array.from({ length: source.length }, (_, at) => source.at(at));
const GARBAGE = GARBAGE_KINDS.map((_, at) => winner.garbage('redrive', at));
const pause = (ms: number) => delay(ms);

function push({ streamName }: Deployed, records: readonly PushRecord[]) {
  const put = putTo(servers().kinesis, streamName);
  return pushRecords(records, { put, pause, random: seededRandom('redrive', 'push') });
}

/** What it prints, and whether all of it could be put back. */
async function redrive(
  { stage }: Deployed,
  what: RedriveOptions['what'],
  signal = new AbortController().signal,
) {
  let printed = '';
  const isWhole = await redriveStage(
    { stage, what },
    {
      environment: process.env,
      now: Date.now,
      signal,
      print: (text) => {
        printed += text;
      },
      progress: () => {},
    },
  );
  return { isWhole, printed };
}

/** Resolves when all records are delivered. */
const drained = ({ delivery }: Delivering) => delivery.drained(Date.now());

function differences({ tableName }: Deployed, events = EVENTS) {
  const stored = ['Contributions', 'Scores', 'Events'].map(
    (name) => [name, readTable(servers().dynamoDb, tableName(name))] as const,
  );
  return compare(winner, winner.reference(events), new Map(stored));
}

const inQuarantine = ({ tableName }: Deployed) =>
  listQuarantined(servers().dynamoDb, tableName('Quarantine'));

test('a discarded batch is listed, read again from the stream, put back, and applied', async () => {
  const deployed = await servers().deploy(1);
  servers().aws.messages.length = 0;
  const records = EVENTS.map((event) => winner.encode(event, 0));
  await push(deployed, records);
  const mapping = deployed.deliver(GIVES_UP, { retryAttemptsMax: 0, bisectOnFailure: false });
  await drained(mapping);
  expect((await differences(deployed)).length).toBeGreaterThan(0);

  const shown = await redrive(deployed, undefined);
  expect(shown.isWhole).toBe(true);
  expect(shown.printed).toMatch(
    /failure queue: 1 message, 80 records\n {9}1 {2}RetryAttemptsExhausted \(80 records\)\n {12}shardId-000000000000 80 records after 1 invocation: \d+ to \d+, arrived 20/,
  );
  expect(shown.printed).toContain('Nothing was put back.');
  expect(servers().aws.messages).toHaveLength(1);

  const { isWhole, printed } = await redrive(deployed, 'all');
  expect(isWhole).toBe(true);
  expect(printed).toContain(
    `put back onto ${deployed.streamName}: 0 records of the quarantine, 80 records of discarded batches`,
  );
  expect(servers().aws.messages).toEqual([]);
  await drained(mapping);
  expect(await differences(deployed)).toEqual([]);
  await mapping.stop();
});

test('discarded batches are put back by reason; if their messages stay, again as copies', async () => {
  const deployed = await servers().deploy(1);
  const { aws } = servers();
  aws.messages.length = 0;
  const half = EVENTS.slice(0, 40);
  const encoded = (events: typeof EVENTS) => events.map((event) => winner.encode(event, 0));
  await push(deployed, encoded(half));
  const impatient = deployed.deliver(undefined, { recordAgeMsMax: 1 });
  await drained(impatient);
  await impatient.stop();
  await push(deployed, encoded(EVENTS.slice(40)));
  const mapping = deployed.deliver(GIVES_UP, { retryAttemptsMax: 0, bisectOnFailure: false });
  await drained(mapping);
  const { printed } = await redrive(deployed, undefined);
  expect(printed).toMatch(/^ {9}1 {2}RecordAgeExceeded \(40 records\)$/m);
  expect(printed).toMatch(/^ {9}1 {2}RetryAttemptsExhausted \(80 records\)$/m);

  // The first redrive fails after the put, so the second one puts copies.
  const aged = { reason: 'RecordAgeExceeded' };
  aws.denied.add('AmazonSQS.DeleteMessage');
  await expect(redrive(deployed, aged)).rejects.toThrow('SQS denies access');
  expect(aws.messages).toHaveLength(2);
  aws.denied.clear();
  const again = await redrive(deployed, aged);
  expect(again).toMatchObject({
    isWhole: true,
    printed: expect.stringContaining('0 records of the quarantine, 40 records of discarded'),
  });
  expect(aws.messages).toEqual([expect.stringContaining('RetryAttemptsExhausted')]);
  await drained(mapping);
  expect(await differences(deployed, half)).toEqual([]);
  await expect(redrive(deployed, aged)).rejects.toThrow(
    '--reason: nothing has the reason "RecordAgeExceeded"; without --reason, redrive lists the',
  );

  expect((await redrive(deployed, { reason: 'RetryAttemptsExhausted' })).isWhole).toBe(true);
  expect(aws.messages).toEqual([]);
  await drained(mapping);
  expect(await differences(deployed)).toEqual([]);
  await mapping.stop();
});

test('an incomplete batch and a foreign message stay in the queue', async () => {
  const deployed = await servers().deploy(1);
  const { sequenceNumber } = await new Promise<{ sequenceNumber: string }>((resolve, reject) => {
    pushRecords([winner.encode(EVENTS[0] as never, 0)], {
      ...{
        put: putTo(servers().kinesis, deployed.streamName),
        pause,
        random: seededRandom('a', 'b'),
      },
      onAccepted: (_, at) => resolve(at),
    }).catch(reject);
  });
  const info = {
    streamArn: deployed.streamArn,
    shardId: 'shardId-000000000000',
    // A number just below, which no record has, as if that record had expired.
    startSequenceNumber: String(BigInt(sequenceNumber) - 16n),
    endSequenceNumber: sequenceNumber,
    batchSize: 2,
    approximateArrivalOfFirstRecord: '2026-01-01T00:00:00Z',
    approximateArrivalOfLastRecord: '2026-01-01T00:00:00Z',
  };
  const before = ['hello', JSON.stringify({ KinesisBatchInfo: info })];
  servers().aws.messages.splice(0, Number.POSITIVE_INFINITY, ...before);
  const { isWhole, printed } = await redrive(deployed, 'all');
  expect(isWhole).toBe(false);
  expect(printed).toContain(
    'not put back: a message that Lambda did not send about a Kinesis stream',
  );
  expect(printed).toMatch(/of 2 records the stream still has [01], which were put back/);
  expect(servers().aws.messages).toEqual(before);
  // They are visible at once.
  expect((await redrive(deployed, undefined)).printed).toContain('failure queue: 2 messages');
  servers().aws.messages.length = 0;
});

test('an interrupted redrive releases the remaining messages', async () => {
  const deployed = await servers().deploy(1);
  servers().aws.messages.splice(0, Number.POSITIVE_INFINITY, 'hello', 'there');
  await push(deployed, GARBAGE.slice(0, 2));
  const mapping = deployed.deliver();
  await drained(mapping);
  const stopped = new AbortController();
  stopped.abort();
  await expect(redrive(deployed, 'all', stopped.signal)).rejects.toThrow('aborted');
  expect((await redrive(deployed, undefined)).printed).toContain('failure queue: 2 messages');
  servers().aws.messages.length = 0;
  await mapping.stop();
});

test('records that are still malformed come back as new rows, cut records whole', async () => {
  const deployed = await servers().deploy(2);
  await push(deployed, GARBAGE);
  const mapping = deployed.deliver();
  await drained(mapping);
  const before = await inQuarantine(deployed);
  expect(before).toHaveLength(GARBAGE.length);
  expect(before.filter(({ isCut }) => isCut)).toHaveLength(1);

  await expect(redrive(deployed, { reason: 'nonsense' })).rejects.toThrow(
    '--reason: nothing has the reason "nonsense"',
  );
  const one = before.find((entry) => entry.reason.startsWith('eventId is not 1'));
  const some = before.filter((entry) => entry.reason === one?.reason);
  expect(some.length).toBeLessThan(before.length);
  const byReason = await redrive(deployed, { reason: one?.reason ?? '' });
  expect(byReason.printed).toContain(`${some.length} records of the quarantine`);
  const { isWhole, printed } = await redrive(deployed, 'all');
  expect(isWhole).toBe(true);
  expect(printed).toMatch(/quarantine t\w+-Quarantine: \d+ records\n {5,}\d+ {2}\S/);
  expect(printed).toContain('Records that are still malformed return to the quarantine');
  await drained(mapping);
  await mapping.stop();

  const after = await inQuarantine(deployed);
  const tally = (entries: typeof before) =>
    entries.map(({ reason, isCut }) => `${reason} ${isCut}`).sort();
  expect(tally(after)).toEqual(tally(before));
  const names = new Set(before.map(({ record }) => record));
  expect(after.filter(({ record }) => names.has(record))).toEqual([]);
});

test('a cut row whose record has expired is refused, and kept', async () => {
  const deployed = await servers().deploy(1);
  await quarantineByHand(
    deployed,
    'shardId-000000000000:49557000000000000000000000000000000000000000000000000002',
    new Uint8Array(9),
    true,
  );
  const { isWhole, printed } = await redrive(deployed, 'all');
  expect(isWhole).toBe(false);
  expect(printed).toMatch(
    /not put back: shardId-000000000000:49557\d+: its row has only the first bytes, and the stream/,
  );
  expect(await inQuarantine(deployed)).toHaveLength(1);
});

test('a crash between put and removal leaves a copy, which is one event', async () => {
  const deployed = await servers().deploy(1);
  for (const [at, event] of EVENTS.entries()) {
    await quarantineByHand(
      deployed,
      `shardId-000000000000:${at}`,
      winner.encode(event, 0).data,
      false,
    );
  }
  const entries = await inQuarantine(deployed);
  const failing = <Client extends { send: unknown }>(client: Client, name: string): Client =>
    new Proxy(client, {
      get(target, property, receiver) {
        if (property !== 'send') return Reflect.get(target, property, receiver);
        return (command: { readonly constructor: { readonly name: string } }) =>
          command.constructor.name === name
            ? Promise.reject(new Error(`no ${name}`))
            : (target.send as (command: unknown) => unknown).call(target, command);
      },
    });
  const parts = {
    ...{ kinesis: servers().kinesis, dynamoDb: servers().dynamoDb, pause, onProgress: () => {} },
    ...{ streamName: deployed.streamName, quarantineTable: deployed.tableName('Quarantine') },
  };
  const unput = { ...parts, kinesis: failing(servers().kinesis, 'PutRecordsCommand') };
  await expect(redriveQuarantined(entries, unput)).rejects.toThrow('no PutRecordsCommand');
  const unremoved = { ...parts, dynamoDb: failing(servers().dynamoDb, 'BatchWriteItemCommand') };
  await expect(redriveQuarantined(entries, unremoved)).rejects.toThrow('no BatchWriteItemCommand');
  expect(await inQuarantine(deployed)).toHaveLength(EVENTS.length);
  expect(await redriveQuarantined(entries, parts)).toEqual({ records: EVENTS.length, refused: [] });
  expect(await inQuarantine(deployed)).toEqual([]);
  const mapping = deployed.deliver();
  await drained(mapping);
  await mapping.stop();
  expect(await differences(deployed)).toEqual([]);
});

function quarantineByHand(
  { tableName, streamArn }: Deployed,
  record: string,
  data: Uint8Array,
  cut: boolean,
) {
  return servers().dynamoDb.send(
    new PutItemCommand({
      TableName: tableName('Quarantine'),
      Item: {
        ...{ stream: { S: streamArn }, record: { S: record }, reason: { S: 'by hand' } },
        ...{ partitionKey: { S: 'key' }, arrivedAt: { S: '2026-01-01T00:00:00.000Z' } },
        ...{ data: { B: data }, bytes: { N: String(data.byteLength) }, cut: { BOOL: cut } },
      },
    }),
  );
}

test.each([
  ['no JSON', 'x'],
  ['no object', '1'],
  ['about DynamoDB', '{"DDBStreamBatchInfo":{"shardId":"s"}}'],
  [
    'without a number',
    '{"KinesisBatchInfo":{"shardId":"s","streamArn":"a","startSequenceNumber":"x"}}',
  ],
])('a message that is %s is not one of ours', (_, body) => {
  expect(discardedBatch(body)).toBeUndefined();
});
