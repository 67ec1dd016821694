import { expect, test } from '@jest/globals';
import {
  interpretResponse,
  interpretResult,
} from '../../../src/simulator/event-source-mapping/response.ts';
import { eventSourceMapping } from '../../../src/simulator/event-source-mapping/settings.ts';

const SETTINGS = eventSourceMapping();
const BATCH = ['9', '10', '11'];

test.each(['', [], null, undefined, {}, { batchItemFailures: [] }, { batchItemFailures: null }])(
  'item 7: %j is a complete success',
  (value) => {
    expect(interpretResponse(value, BATCH, SETTINGS)).toEqual({ kind: 'success' });
  },
);

test.each([
  [[{ itemIdentifier: '' }]],
  [[{ itemIdentifier: null }]],
  [[{ itemIdentifer: '10' }]],
  [[{}]],
  [[null]],
  [['10']],
  [[{ itemIdentifier: 10 }]],
  [[{ itemIdentifier: '12' }]],
  [[{ itemIdentifier: '10' }, { itemIdentifier: '' }]],
  [[{ itemIdentifier: '10' }, { itemIdentifier: '12' }]],
])('item 8: the failures %j are a complete failure', (batchItemFailures) => {
  expect(interpretResponse({ batchItemFailures }, BATCH, SETTINGS).kind).toBe('failure');
});

test('item 8: an unknown identifier is ignored with unknownItemIdentifier `ignored`', () => {
  const settings = { ...SETTINGS, unknownItemIdentifier: 'ignored' } as const;
  const response = (...identifiers: string[]) => ({
    batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })),
  });
  expect(interpretResponse(response('12'), BATCH, settings)).toEqual({ kind: 'success' });
  expect(interpretResponse(response('12', '10'), BATCH, settings)).toEqual({
    kind: 'partial',
    failed: ['10'],
  });
  expect(interpretResponse(response(''), BATCH, settings).kind).toBe('failure');
});

test('item 6: several failures are listed once each, in the order of the batch', () => {
  const batchItemFailures = ['11', '9', '11'].map((itemIdentifier) => ({ itemIdentifier }));
  expect(interpretResponse({ batchItemFailures }, BATCH, SETTINGS)).toEqual({
    kind: 'partial',
    failed: ['9', '11'],
  });
});

test('item 6: a response is ignored unless reporting is switched on', () => {
  const settings = { ...SETTINGS, reportBatchItemFailures: false };
  const value = { batchItemFailures: [{ itemIdentifier: '10' }] };
  expect(interpretResponse(value, BATCH, settings)).toEqual({ kind: 'success' });
  expect(interpretResponse('done', BATCH, settings)).toEqual({ kind: 'success' });
});

test.each(['done', 7, true, [1], { statusCode: 200 }, { batchItemFailures: '10' }])(
  'undocumented: %j fails the batch, or succeeds with unknownResponse `succeeds`',
  (value) => {
    expect(interpretResponse(value, BATCH, SETTINGS).kind).toBe('failure');
    const settings = { ...SETTINGS, unknownResponse: 'succeeds' } as const;
    expect(interpretResponse(value, BATCH, settings)).toEqual({ kind: 'success' });
  },
);

test('item 8: an exception fails the batch; other results are outcomes already', () => {
  expect(interpretResult({ kind: 'threw', error: 'boom' }, BATCH, SETTINGS)).toEqual({
    kind: 'failure',
    error: 'boom',
  });
  expect(interpretResult({ kind: 'timed-out' }, BATCH, SETTINGS)).toEqual({ kind: 'timed-out' });
  expect(interpretResult({ kind: 'throttled' }, BATCH, SETTINGS)).toEqual({ kind: 'throttled' });
});
