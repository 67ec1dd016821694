/** What every ViewStore must do. One suite, run for each store. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type Commit, planCommit } from '../../src/handler/domain/commit.ts';
import type { Contributor } from '../../src/handler/domain/contributor.ts';
import type { Purchase } from '../../src/handler/domain/event.ts';
import type { MalformedRecord } from '../../src/handler/domain/malformed-record.ts';
import { emptyProduct, type Product, type RoleRecount } from '../../src/handler/domain/product.ts';
import { planScoreTransfer, type ScoreTransfer } from '../../src/handler/domain/score-transfer.ts';
import type { Outcome } from '../../src/handler/outcome.ts';
import { KEYS_PER_READ, ROWS_PER_WRITE, type ViewStore } from '../../src/handler/view-store.ts';
import type { Row } from '../../src/simulator/model/workload.ts';

export interface StoreUnderTest {
  /** Of empty tables. Pages of a recount have at most three purchases. */
  readonly store: ViewStore;
  /** Of tables that do not exist. */
  readonly missing: ViewStore;
  rows(table: 'Contributions' | 'Scores' | 'Events' | 'Quarantine'): Promise<readonly Row[]>;
}

export const PAGE_ITEMS_MAX = 3;

export function viewStoreContract(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`the view store contract: ${name}`, () => {
    let store: ViewStore;
    let opened: StoreUnderTest;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    const rows = (table: Parameters<StoreUnderTest['rows']>[0]) => opened.rows(table);
    const read = async (productId: string): Promise<Product> =>
      expectDone(await store.readProducts([productId], SIGNAL))[0] as Product;
    const commit = async (planned: Commit) => expectDone(await store.commit(planned, SIGNAL));

    describe('products', () => {
      test('are read in the order of their ids, with or without a row', async () => {
        const stored = await commit(planCommit(emptyProduct('b'), [purchaseOf('b', '1')], {}));
        expect(expectDone(await store.readProducts(['c', 'b', 'a'], SIGNAL))).toEqual([
          emptyProduct('c'),
          stored,
          emptyProduct('a'),
        ]);
      });

      test('are read in the number that one read takes', async () => {
        const ids = Array.from({ length: KEYS_PER_READ }, (_, at) => `p${at}`);
        expect(expectDone(await store.readProducts(ids, SIGNAL))).toEqual(ids.map(emptyProduct));
      });

      test('are what the commits have made of them', async () => {
        const first = await commit(
          planCommit(emptyProduct('p'), [purchaseOf('p', '4')], { creator: by('late', '3') }),
        );
        expect(first).toMatchObject({
          revision: 1,
          turn: 1,
          creator: { holder: by('late', '3'), sales: 1, transferred: 0, recount: undefined },
          photographer: emptyProduct('p').photographer,
          pending: [purchaseOf('p', '4')],
          debts: [],
        });
        expect(await read('p')).toEqual(first);
        const second = await commit(
          planCommit(first, [purchaseOf('p', '2')], { creator: by('early', '1') }),
        );
        expect(second).toMatchObject({
          revision: 2,
          turn: 2,
          creator: { holder: by('early', '1'), sales: 2, transferred: 0 },
          // The list replaces that of the commit before.
          pending: [purchaseOf('p', '2')],
        });
        expect(second.creator.recount).toEqual({ revision: 2, after: '1', upTo: '3' });
        expect(await read('p')).toEqual(second);
      });

      test.each(['#c', ':v', '__proto__', 'constructor', '🛒 and 🎉', 'a.b[0]'])(
        'may have any text as id, user or event id: %s',
        async (text) => {
          const purchases = [{ ...purchaseOf(text, '#1:é.'), origin: text }];
          const committed = await commit(
            planCommit(emptyProduct(text), purchases, { photographer: by(text, ' ') }),
          );
          expect(committed.pending).toEqual(purchases);
          await store.transferScores([planScoreTransfer(committed, false)], SIGNAL);
          expect(await rows('Scores')).toMatchObject([
            { userId: text, role: 'photographer', score: 1 },
          ]);
          expect(await read(text)).toMatchObject({ photographer: { transferred: 1 } });
        },
      );
    });

    describe('a commit', () => {
      test('conflicts with another of the same revision, and then changes nothing', async () => {
        const planned = planCommit(emptyProduct('p'), [purchaseOf('p', '1')], {});
        const committed = await commit(planned);
        const other = planCommit(emptyProduct('p'), [purchaseOf('p', '2')], {});
        for (const again of [planned, other]) {
          expect(await store.commit(again, SIGNAL)).toMatchObject({ kind: 'conflict' });
        }
        expect(await read('p')).toEqual(committed);
      });

      test('that changes a holder conflicts with a score transfer, and no other does', async () => {
        const committed = await sold('p', 'old', '2', ['3']);
        expectDone(await store.transferScores([planScoreTransfer(committed, false)], SIGNAL));
        const switching = planCommit(committed, [], { creator: by('new', '1') });
        expect(await store.commit(switching, SIGNAL)).toMatchObject({ kind: 'conflict' });
        const adding = planCommit(committed, [purchaseOf('p', '4')], {});
        expect(await commit(adding)).toMatchObject({ creator: { sales: 2, transferred: 1 } });
      });

      test('turns what is transferred to a former holder into a debt', async () => {
        await transfer([await sold('p', 'old', '2', ['3', '4'])]);
        const switching = planCommit(await read('p'), [], { creator: by('new', '1') });
        expect(await commit(switching)).toMatchObject({
          creator: { holder: by('new', '1'), sales: 2, transferred: 0 },
          debts: [{ role: 'creator', userId: 'old', score: 2 }],
        });
      });
    });

    describe('purchases', () => {
      test('are stored once, each with its revision', async () => {
        const purchases = Array.from({ length: ROWS_PER_WRITE }, (_, at) => ({
          purchase: purchaseOf('p', `e${at}`),
          revision: 1 + (at % 2),
        }));
        for (let time = 1; time <= 2; time++) {
          expect(expectDone(await store.writePurchases(purchases, SIGNAL))).toEqual([]);
        }
        expect(await rows('Events')).toHaveLength(ROWS_PER_WRITE);
        const keys = [...purchases.map(({ purchase }) => purchase), purchaseOf('p', 'absent')];
        const { stored, unprocessed } = expectDone(await store.readPurchases(keys, SIGNAL));
        expect(unprocessed).toEqual([]);
        const expected = purchases.map(({ purchase: { productId, eventId }, revision }) => ({
          ...{ productId, eventId, revision },
        }));
        expect(new Set(stored)).toEqual(new Set(expected));
      });

      test('are stored with nothing but what is in the event, and bookkeeping', async () => {
        const { kind: _, ...event } = purchaseOf('p', '1');
        await store.writePurchases([{ purchase: purchaseOf('p', '1'), revision: 7 }], SIGNAL);
        expect(await rows('Events')).toEqual([{ ...event, _rev: 7 }]);
      });
    });

    describe('a recount', () => {
      const EVENT_IDS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

      /** A product with ten purchases, whose holder from event id 8 is replaced by one from 1. */
      async function switched(): Promise<Product> {
        const former = await sold('p', 'old', '8', EVENT_IDS);
        const late = purchaseOf('p', '75');
        const committed = await commit(planCommit(former, [late], { creator: by('new', '1') }));
        await store.writePurchases([{ purchase: late, revision: committed.revision }], SIGNAL);
        return committed;
      }

      test('counts what is between the holders and older than the switch, page by page', async () => {
        let product = await switched();
        expect(product.creator.sales).toBe(2);
        const counted: number[] = [];
        for (;;) {
          const recount = recountOf(product);
          if (recount === undefined) break;
          const page = expectDone(await store.countPage(recount, SIGNAL));
          product = expectDone(await store.commitPage(page, SIGNAL));
          expect(await read('p')).toEqual(product);
          counted.push(page.counted);
        }
        // 2 to 8: not 1, the new holder's own event id, and not 75, which came with the switch.
        expect(counted.reduce((sum, each) => sum + each, 0)).toBe(7);
        expect(counted.length).toBeGreaterThan(2);
        expect(product.creator).toMatchObject({ sales: 9, recount: undefined });
      });

      test('counts all later purchases where there was no former holder', async () => {
        const product = await sold('p', undefined, '', ['1', '2', '3']);
        const committed = await commit(planCommit(product, [], { creator: by('new', '1') }));
        const recount = recountOf(committed) as RoleRecount;
        const page = expectDone(await store.countPage(recount, SIGNAL));
        expect(page).toMatchObject({ recount, counted: 2 });
      });

      test('counts no page twice', async () => {
        const recount = recountOf(await switched()) as RoleRecount;
        const page = expectDone(await store.countPage(recount, SIGNAL));
        const committed = expectDone(await store.commitPage(page, SIGNAL));
        expect(await store.commitPage(page, SIGNAL)).toMatchObject({ kind: 'conflict' });
        expect(await read('p')).toEqual(committed);
      });
    });

    describe('a score transfer', () => {
      test('brings the scores of several products up to their sales, and drops pending rows', async () => {
        const products = [
          await sold('p', 'ann', '1', ['2', '3']),
          await sold('q', 'ann', '1', ['2']),
          await sold('r', 'bob', '1', ['2']),
        ];
        await transfer(products, true);
        expect(new Set(await rows('Scores'))).toEqual(
          new Set([
            { userId: 'ann', role: 'creator', score: 3 },
            { userId: 'bob', role: 'creator', score: 1 },
          ]),
        );
        expect(await read('p')).toMatchObject({
          turn: 2,
          creator: { sales: 2, transferred: 2 },
          pending: [],
        });
      });

      test('pays debts', async () => {
        await transfer([await sold('p', 'old', '2', ['3'])]);
        await transfer([
          await commit(planCommit(await read('p'), [], { creator: by('new', '2') })),
        ]);
        await transfer([
          await commit(planCommit(await read('p'), [], { creator: by('a new', '2') })),
        ]);
        const scores = (await rows('Scores')).filter(({ score }) => score !== 0);
        expect(scores).toEqual([{ userId: 'a new', role: 'creator', score: 1 }]);
        expect(await read('p')).toMatchObject({ debts: [] });
      });

      test('is made once, as a whole or not at all', async () => {
        const product = await sold('p', 'ann', '1', ['2']);
        const other = await sold('q', 'ann', '1', ['2']);
        const planned = [product, other].map((each) => planScoreTransfer(each, true));
        await transfer([product]);
        const before = await rows('Scores');
        const outcome = await store.transferScores(planned, SIGNAL);
        expect(outcome).toMatchObject({ kind: 'conflict' });
        if (outcome.kind !== 'done' && outcome.refused !== undefined) {
          expect(outcome.refused).toEqual({ productIds: ['p'], scores: [] });
        }
        expect(await rows('Scores')).toEqual(before);
        expect(await read('q')).toEqual(other);
      });

      test('without a change of a score only drops the pending rows of its own revision', async () => {
        const product = await sold('p', undefined, '', ['2']);
        const later = await commit(planCommit(product, [purchaseOf('p', '3')], {}));
        await transfer([product], true);
        expect(await read('p')).toEqual(later);
        await transfer([later], true);
        expect(await read('p')).toEqual({ ...later, pending: [] });
        expect(await rows('Scores')).toEqual([]);
      });
    });

    describe('the quarantine', () => {
      const malformed: MalformedRecord = {
        stream: 'arn:aws:kinesis:us-east-1:000000000000:stream/test',
        record: 'shardId-000000000000:1',
        sequenceNumber: '1',
        reason: 'not valid JSON',
        partitionKey: 'key',
        arrivedAt: 1_490_745_173.125,
        data: new Uint8Array([0, 255, 7]),
      };

      test('has a row for each record, however often it is delivered', async () => {
        for (let time = 1; time <= 2; time++) {
          expect(expectDone(await store.quarantine([malformed], SIGNAL))).toEqual([]);
        }
        const [row, ...others] = await rows('Quarantine');
        expect(others).toEqual([]);
        expect(row).toMatchObject({
          stream: malformed.stream,
          record: malformed.record,
          reason: malformed.reason,
          partitionKey: 'key',
          arrivedAt: '2017-03-28T23:52:53.125Z',
          bytes: 3,
          cut: false,
        });
      });

      test('keeps the beginning of a record that is too large for a row', async () => {
        const data = new Uint8Array(1_000_000).fill(7);
        expectDone(await store.quarantine([{ ...malformed, data }], SIGNAL));
        expect(await rows('Quarantine')).toMatchObject([{ bytes: 1_000_000, cut: true }]);
      });
    });

    describe('never rejects', () => {
      const [product] = [emptyProduct('p')];
      const recount = {
        productId: 'p',
        role: 'creator',
        revision: 1,
        after: '1',
        upTo: '2',
      } as const;
      const requests: Readonly<
        Record<keyof ViewStore, (of: ViewStore, signal: AbortSignal) => Promise<Outcome<unknown>>>
      > = {
        readProducts: (of, signal) => of.readProducts(['p'], signal),
        readPurchases: (of, signal) => of.readPurchases([purchaseOf('p', '1')], signal),
        writePurchases: (of, signal) =>
          of.writePurchases([{ purchase: purchaseOf('p', '1'), revision: 1 }], signal),
        commit: (of, signal) => of.commit(planCommit(product as Product, [], {}), signal),
        countPage: (of, signal) => of.countPage(recount, signal),
        commitPage: (of, signal) => of.commitPage({ recount, counted: 1, last: undefined }, signal),
        transferScores: (of, signal) => of.transferScores([owed()], signal),
        quarantine: (of, signal) =>
          of.quarantine(
            [
              {
                ...{ stream: 's', record: 'r', sequenceNumber: '1', reason: 'none' },
                ...{ partitionKey: 'k', arrivedAt: 0, data: new Uint8Array() },
              },
            ],
            signal,
          ),
      };
      const owed = (): ScoreTransfer =>
        planScoreTransfer(
          {
            ...emptyProduct('p'),
            creator: { holder: by('ann', '1'), sales: 1, transferred: 0, recount: undefined },
          },
          false,
        );

      test.each(Object.entries(requests))(
        '%s of a table that is missing is fatal',
        async (_, request) => {
          expect(await request(opened.missing, SIGNAL)).toMatchObject({
            kind: 'fatal',
            error: 'ResourceNotFoundException',
          });
        },
      );

      test.each(Object.entries(requests))('%s that is aborted is unknown', async (_, request) => {
        expect(await request(store, AbortSignal.abort())).toMatchObject({ kind: 'unknown' });
      });
    });

    /** A product with purchases that have their rows, and a creator if there is one. */
    async function sold(
      productId: string,
      creator: string | undefined,
      creatorEventId: string,
      eventIds: readonly string[],
    ): Promise<Product> {
      const purchases = eventIds.map((eventId) => purchaseOf(productId, eventId));
      const candidates = creator === undefined ? {} : { creator: by(creator, creatorEventId) };
      const product = await commit(planCommit(emptyProduct(productId), purchases, candidates));
      const { revision } = product;
      const written = purchases.map((purchase) => ({ purchase, revision }));
      expect(expectDone(await store.writePurchases(written, SIGNAL))).toEqual([]);
      return product;
    }

    async function transfer(products: readonly Product[], isPendingWritten = false): Promise<void> {
      const transfers = products.map((product) => planScoreTransfer(product, isPendingWritten));
      expectDone(await store.transferScores(transfers, SIGNAL));
    }
  });
}

const SIGNAL = new AbortController().signal;

function expectDone<Value>(outcome: Outcome<Value>): Value {
  if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
  return outcome.value;
}

function by(origin: string, eventId: string): Contributor {
  return { origin, eventId };
}

function purchaseOf(productId: string, eventId: string): Purchase {
  return {
    kind: 'purchase',
    productId,
    eventId,
    origin: 'customer',
    timeOrigin: '2017-03-28T23:52:53.763Z',
  };
}

function recountOf({ productId, creator: { recount } }: Product): RoleRecount | undefined {
  return recount && { productId, role: 'creator', ...recount };
}
