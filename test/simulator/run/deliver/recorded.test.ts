/** Recorded batches begin when those before them are over, and leave no record undelivered. */
import { expect, test } from '@jest/globals';
import { eventSourceMapping } from '../../../../src/simulator/event-source-mapping/settings.ts';
import { createHistory } from '../../../../src/simulator/history/history.ts';
import type { HistoryFact } from '../../../../src/simulator/model/history.ts';
import { recordKey } from '../../../../src/simulator/model/stream-record.ts';
import {
  type RecordedBatch,
  startRecorded,
} from '../../../../src/simulator/run/deliver/recorded.ts';

const SHARD = 'shardId-000000000000';

/** A function that the test answers for, and a stream with so many records. */
function stage(records: number) {
  const waiting: { readonly numbers: string; answer(value: unknown): void }[] = [];
  const facts: HistoryFact[] = [];
  const history = createHistory(
    () => 0,
    [
      ({ atMs: _, ...fact }) => {
        facts.push(fact as HistoryFact);
      },
    ],
  );
  const all = Array.from({ length: records }, (_, at) => ({
    shardId: SHARD,
    sequenceNumber: String(at + 1),
    partitionKey: 'k',
    data: new Uint8Array(),
    arrivedAtMs: 0,
  }));
  const begin = (batches: readonly RecordedBatch[], readable = records) => {
    let isRead = false;
    return startRecorded({
      batches,
      pushOf: new Map(all.map((record, push) => [recordKey(record), push])),
      pushes: records,
      settings: eventSourceMapping({ batchSize: 2 }),
      history,
      world: {
        now: () => 0,
        at: () => () => {},
        discover: async () => [{ shardId: SHARD, parents: [] }],
        async poll() {
          const some = isRead ? [] : all.slice(0, readable);
          isRead = true;
          return { type: 'polled', records: some, millisBehindLatest: 0, endOfShard: false };
        },
        invoke: (command, assigned) =>
          new Promise((resolve) => {
            assigned('worker');
            const numbers = command.records.map(({ sequenceNumber }) => sequenceNumber).join();
            waiting.push({ numbers, answer: (value) => resolve({ kind: 'returned', value }) });
          }),
        discard: async () => {},
      },
    });
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const atWork = async () => {
    await turn();
    return waiting.map(({ numbers }) => numbers);
  };
  const answer = async (numbers: string, value: unknown = null) => {
    await turn();
    const at = waiting.findIndex((each) => each.numbers === numbers);
    waiting.splice(at, 1)[0]?.answer(value);
  };
  return { begin, atWork, answer, facts };
}

test('one begins when those before it are over, and no sooner', async () => {
  const { begin, atWork, answer, facts } = stage(3);
  const delivery = begin([
    { records: [0], attempt: 1, repeated: false, after: [] },
    { records: [1, 2], attempt: 1, repeated: false, after: [] },
    { records: [0], attempt: 2, repeated: true, after: [0] },
  ]);
  expect(await atWork()).toEqual(['1', '2,3']);
  await answer('1');
  expect(await atWork()).toEqual(['2,3', '1']);
  await answer('1');
  await answer('2,3');
  await delivery.drained(0);
  expect(facts.filter(({ type }) => type === 'invoked')).toMatchObject([
    { attempt: 1, repeated: false },
    { attempt: 1, repeated: false },
    { attempt: 2, repeated: true },
  ]);
});

test('what is left over is delivered until nothing is', async () => {
  const { begin, atWork, answer } = stage(3);
  const delivery = begin([{ records: [0, 1], attempt: 1, repeated: false, after: [] }]);
  await answer('1,2', { batchItemFailures: [{ itemIdentifier: '2' }] });
  // The second, which failed, and the third, which never was in a batch.
  expect(await atWork()).toEqual(['2,3']);
  await answer('2,3', { batchItemFailures: [{ itemIdentifier: '3' }] });
  await answer('3');
  await delivery.drained(0);
  expect(await atWork()).toEqual([]);
});

test('rejects where a record can’t be read', async () => {
  const { begin } = stage(3);
  await expect(begin([], 2).drained(0)).rejects.toThrow(
    /3 records were put, and only 2 could be read/,
  );
});

test('after it was stopped nothing more begins', async () => {
  const { begin, atWork, answer } = stage(2);
  const delivery = begin([
    { records: [0], attempt: 1, repeated: false, after: [] },
    { records: [1], attempt: 1, repeated: false, after: [0] },
  ]);
  expect(await atWork()).toEqual(['1']);
  const stopped = delivery.stop();
  await answer('1');
  await stopped;
  expect(await atWork()).toEqual([]);
});
