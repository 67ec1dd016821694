/**
 * One pass over all tables. Keeps a score for each user and role, and what is off; products and purchases are
 * streamed.
 */
import type { Row } from '../../simulator/model/workload.ts';
import type { AuditTables } from './audit-tables.ts';
import {
  addScores,
  checkOrphan,
  checkProduct,
  checkScore,
  type ExpectedScore,
  type Finding,
  nameOf,
  scoreKey,
} from './findings.ts';
import { storedProduct, type Tally, tallyPurchases } from './stored-product.ts';

export interface Pass {
  readonly findings: readonly Finding[];
  /** Rows read. */
  readonly rows: {
    readonly Contributions: number;
    readonly Events: number;
    readonly Scores: number;
  };
}

export interface PassParts {
  readonly tables: AuditTables;
  /** Rows so far. */
  onProgress(rows: Pass['rows']): void;
}

/** Products that are examined at once. */
const PRODUCTS_AT_ONCE = 16;
const ORPHANS_AT_ONCE = 100;
/** How often a product is read again because it changed meanwhile. */
const TRIES_MAX = 3;

export async function readPass({ tables, onProgress }: PassParts): Promise<Pass> {
  const findings = new Map<string, Finding>();
  const add = (finding: Finding | undefined): void => {
    if (finding !== undefined) findings.set(nameOf(finding), finding);
  };
  const scores = new Map<string, ExpectedScore>();
  const rows = { Contributions: 0, Events: 0, Scores: 0 };

  const readProduct = async (row: Row): Promise<void> => {
    const { product, tally, finding } = await examine(row, tables);
    add(finding);
    addScores(scores, product, tally, finding !== undefined);
    rows.Contributions++;
    rows.Events += tally.purchases;
  };
  for await (const some of inSlices(tables.products(), PRODUCTS_AT_ONCE)) {
    await Promise.all(some.map(readProduct));
    onProgress(rows);
  }

  for await (const productIds of tables.productsOfEvents()) {
    for await (const some of inSlices(productIds, ORPHANS_AT_ONCE)) {
      for (const productId of await tables.withoutRow(some)) add(checkOrphan(productId));
    }
  }

  for await (const row of tables.scores()) {
    const [userId, role] = [String(row['userId']), String(row['role'])];
    const key = scoreKey(userId, role);
    add(checkScore(userId, role, scores.get(key), row['score']));
    scores.delete(key);
    rows.Scores++;
  }
  for (const [key, expected] of scores) {
    const [userId = '', role = ''] = JSON.parse(key) as string[];
    add(checkScore(userId, role, expected, undefined));
  }
  onProgress(rows);
  return { findings: [...findings.values()], rows };
}

/** A finding counts only if the row is unchanged after its purchases were read. */
export async function examine(first: Row, tables: AuditTables) {
  let row = first;
  for (let tries = 1; ; tries++) {
    const product = storedProduct(row);
    const tally: Tally = await tallyPurchases(product, tables.purchases(product.productId));
    const finding = checkProduct(product, tally);
    if (finding === undefined || tries === TRIES_MAX) return { product, tally, finding };
    const now = await tables.product(product.productId);
    if (now === undefined || sameCounters(now, row)) return { product, tally, finding };
    row = now;
  }
}

function sameCounters(left: Row, right: Row): boolean {
  return left['_rev'] === right['_rev'] && left['_turn'] === right['_turn'];
}

async function* inSlices<T>(list: AsyncIterable<T> | Iterable<T>, size: number) {
  let slice: T[] = [];
  for await (const each of list) {
    slice.push(each);
    if (slice.length < size) continue;
    yield slice;
    slice = [];
  }
  if (slice.length > 0) yield slice;
}
