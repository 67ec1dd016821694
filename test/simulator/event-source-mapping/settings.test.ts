import { expect, test } from '@jest/globals';
import { eventSourceMapping } from '../../../src/simulator/event-source-mapping/settings.ts';

test('the defaults are those of event-source-mapping.md', () => {
  expect(eventSourceMapping()).toMatchObject({
    batchSize: 100,
    batchWindowMs: 0,
    parallelizationFactor: 1,
    retryAttemptsMax: -1,
    recordAgeMsMax: -1,
    bisectOnFailure: true,
    reportBatchItemFailures: true,
    startingPosition: 'TRIM_HORIZON',
    pollIntervalMs: 1000,
    payloadBytesMax: 6 * 1024 * 1024,
    repeatDeliveryRatio: 0,
    unknownItemIdentifier: 'fails-batch',
    parentFirst: true,
    resetRetriesOnProgress: true,
  });
});

test.each([
  { batchSize: 0 },
  { batchSize: 10_001 },
  { batchSize: 1.5 },
  { batchWindowMs: 300_001 },
  { parallelizationFactor: 0 },
  { parallelizationFactor: 11 },
  { retryAttemptsMax: -2 },
  { retryAttemptsMax: 10_001 },
  { recordAgeMsMax: 604_800_001 },
  { pollIntervalMs: 0 },
  { repeatDeliveryRatio: 1.1 },
  { repeatDeliveryRatio: Number.NaN },
  { retryBackoff: { firstMs: 10, maxMs: 5, factor: 2, jitterRatio: 0 } },
])('refuses what Lambda would refuse: %j', (overrides) => {
  expect(() => eventSourceMapping(overrides)).toThrow(RangeError);
});
