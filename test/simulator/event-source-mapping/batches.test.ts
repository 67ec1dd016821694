import { expect, test } from '@jest/globals';
import {
  closedBatchLength,
  payloadBytes,
} from '../../../src/simulator/event-source-mapping/batches.ts';
import { records, run } from './run-mapping.ts';

const LIMITS = { batchSize: 4, payloadBytesMax: 40, recordMetadataBytes: 0 };

test('item 2: the payload counts the data as base64, and the metadata', () => {
  const [record] = records(1, { bytes: 4 });
  expect(record && payloadBytes(record, { recordMetadataBytes: 0 })).toBe(8);
  expect(record && payloadBytes(record, { recordMetadataBytes: 550 })).toBe(558);
});

test('item 2: a batch closes at the first of window, size and payload', () => {
  const queue = (count: number, bytes = 3) => ({ items: records(count, { bytes }), head: 0 });
  expect(closedBatchLength(queue(3), false, LIMITS)).toBe(0);
  expect(closedBatchLength(queue(3), true, LIMITS)).toBe(3);
  expect(closedBatchLength(queue(4), false, LIMITS)).toBe(4);
  expect(closedBatchLength(queue(9), false, LIMITS)).toBe(4);
  // 12 bytes are 16 in base64: two fit into 40, and the third closes the batch.
  expect(closedBatchLength(queue(2, 12), false, LIMITS)).toBe(0);
  expect(closedBatchLength(queue(3, 12), false, LIMITS)).toBe(2);
  // A batch that is full to the last byte closes at once.
  expect(closedBatchLength(queue(1, 30), false, LIMITS)).toBe(1);
  // A record too large for any payload is a batch by itself.
  expect(closedBatchLength(queue(2, 300), false, LIMITS)).toBe(1);
  expect(
    closedBatchLength(
      { items: [...records(1), ...records(1, { bytes: 300 })], head: 0 },
      false,
      LIMITS,
    ),
  ).toBe(1);
});

test('item 2: size and payload, end to end', () => {
  const bySize = run({ shards: { A: { records: records(10) } }, settings: { batchSize: 4 } });
  expect(bySize.batches).toEqual(['1 2 3 4', '5 6 7 8', '9 10']);
  const byPayload = run({
    shards: { A: { records: records(5, { bytes: 12 }) } },
    settings: { payloadBytesMax: 32 },
  });
  expect(byPayload.batches).toEqual(['1 2', '3 4', '5']);
});

test('item 2: the window opens with the first record, and size closes it early', () => {
  const late = [...records(2), ...records(1, { first: 3, atMs: 1500 })];
  const settings = { batchWindowMs: 5000, batchSize: 4 };
  const byWindow = run({ shards: { A: { records: late } }, settings });
  expect(byWindow.batches).toEqual(['1 2 3']);
  expect(byWindow.invokes[0]?.atMs).toBe(5001);
  const bySize = run({
    shards: { A: { records: [...late, ...records(3, { first: 4, atMs: 1500 })] } },
    settings,
  });
  expect(bySize.batches).toEqual(['1 2 3 4', '5 6']);
  expect(bySize.invokes[0]?.atMs).toBe(2001);
});

test('item 18: a record too large for Lambda is discarded or invoked alone, and blocks nothing', () => {
  const stream = [
    ...records(2),
    ...records(1, { first: 3, bytes: 500 }),
    ...records(2, { first: 4 }),
  ];
  const settings = { payloadBytesMax: 100 };
  const discarded = run({ shards: { A: { records: stream } }, settings });
  expect(discarded.batches).toEqual(['1 2', '4 5']);
  expect(discarded.discards).toMatchObject([{ reason: 'payload-exceeded', invocations: 0 }]);
  expect(discarded.drained).toBe(true);
  const alone = run({
    shards: { A: { records: stream } },
    settings: { ...settings, oversizedRecord: 'invoke-alone' },
  });
  expect(alone.batches).toEqual(['1 2', '3', '4 5']);
});
