/** Each situation is derived from the observation that shows it, and from no other. */
import { expect, test } from '@jest/globals';
import type { Observation } from '../../../src/handler/batch/context.ts';
import {
  advance,
  createTask,
  type ProductTask,
  type StepOutcome,
} from '../../../src/handler/batch/product-task.ts';
import { SITUATIONS, type Situation, situationsOf } from '../../../src/handler/batch/situations.ts';
import { planCommit } from '../../../src/handler/domain/commit.ts';
import type { Purchase } from '../../../src/handler/domain/event.ts';
import { emptyProduct, type Product } from '../../../src/handler/domain/product.ts';

const purchase = (eventId: string): Purchase => ({
  ...{ kind: 'purchase', productId: 'p', eventId },
  ...{ origin: 'customer', timeOrigin: '2017-03-28T23:52:53.763Z' },
});

const STORED: Product = { ...emptyProduct('p'), revision: 2 };
const RECOUNTING: Product = {
  ...STORED,
  creator: {
    holder: { origin: 'ann', eventId: '1' },
    sales: 3,
    transferred: 3,
    recount: { revision: 2, after: '1', upTo: undefined },
  },
};

/** A task for purchases 5 and 6 that has read this row. */
function taskWith(product: Product, change: Partial<ProductTask> = {}): ProductTask {
  const task = createTask('p', [purchase('5'), purchase('6')]);
  advance(task, { kind: 'product-read', product });
  return Object.assign(task, change);
}

const step = (
  outcome: StepOutcome,
  product = STORED,
  change: Partial<ProductTask> = {},
): Observation => ({ kind: 'step', task: taskWith(product, change), outcome });

const found = (...eventIds: string[]): StepOutcome => ({
  kind: 'purchases-read',
  eventIds: ['5', '6'],
  stored: new Map(eventIds.map((eventId) => [eventId, 1])),
});

const commit = (purchases: readonly Purchase[], product: Product): StepOutcome => ({
  kind: 'committed',
  commit: planCommit(product, purchases, { creator: { origin: 'new', eventId: '0' } }),
  product,
});

const page = (last: string | undefined): StepOutcome => ({
  kind: 'page-committed',
  page: {
    recount: { productId: 'p', role: 'creator', revision: 2, after: '1', upTo: undefined },
    counted: 1,
    last,
  },
  product: STORED,
});

const error = 'an error';
const OBSERVED: readonly (readonly [Situation | undefined, Observation])[] = [
  [undefined, step({ kind: 'product-read', product: STORED })],
  ['recount resumed', step({ kind: 'product-read', product: RECOUNTING })],
  [undefined, step(found())],
  ['copy of an earlier batch', step(found('5'))],
  ['copy of an earlier batch', step(found('5'), STORED, { lastFailure: 'throttled' })],
  ['copy in a concurrent batch', step(found('5'), STORED, { lastFailure: 'conflict' })],
  ['lost answer had been applied', step(found('5'), STORED, { lastFailure: 'unknown' })],
  ['pending rows written for others', step(found(), { ...STORED, pending: [purchase('1')] })],
  [undefined, step(found(), { ...STORED, pending: [purchase('1')] }, { unwritten: [] })],
  ['stale plan noticed', step({ kind: 'stale' })],
  ['rows came back unprocessed', step({ kind: 'unprocessed' })],
  [undefined, step({ kind: 'purchases-written' })],
  [undefined, step(commit([purchase('5'), purchase('6')], STORED))],
  ['purchases split over writes', step(commit([purchase('5')], STORED))],
  ['late registration took credit back', step(commit([purchase('5'), purchase('6')], RECOUNTING))],
  [undefined, step(page(undefined))],
  ['count went over a page', step(page('5'))],
  [undefined, step({ kind: 'scores-transferred' })],
  ['row lost to another invocation', step({ kind: 'conflict', error })],
  ['score contended', step({ kind: 'throttled', error, refused: refusedScore() })],
  [undefined, step({ kind: 'unknown', error })],
  [undefined, step({ kind: 'fatal', error })],
  [undefined, { kind: 'transfers', planned: 2, needed: 2, transactions: 1 }],
  [
    'transfer made by another invocation',
    { kind: 'transfers', planned: 2, needed: 1, transactions: 1 },
  ],
  ['transaction split', { kind: 'transfers', planned: 2, needed: 2, transactions: 2 }],
  [undefined, { kind: 'end', task: taskWith(STORED), end: 'done' }],
  [undefined, { kind: 'end', task: taskWith(STORED), end: 'fatal' }],
  ['left to the next delivery', { kind: 'end', task: taskWith(STORED), end: 'attempts-exhausted' }],
  ['time was up', { kind: 'end', task: taskWith(STORED), end: 'deadline' }],
  [
    'copy in the same batch',
    { kind: 'end', task: createTask('p', [purchase('5'), purchase('5')]), end: 'done' },
  ],
];

test.each(OBSERVED)('%s', (situation, observation) => {
  expect(situationsOf(observation)).toEqual(situation === undefined ? [] : [situation]);
});

test('each situation has its observation', () => {
  const shown = new Set(OBSERVED.map(([situation]) => situation));
  expect(SITUATIONS.filter((situation) => !shown.has(situation))).toEqual([]);
});

function refusedScore() {
  return { productIds: [], scores: [{ userId: 'ann', role: 'creator' }] } as const;
}
