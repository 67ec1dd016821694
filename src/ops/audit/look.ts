/**
 * One look at all the tables. It keeps a score for each user and role, and what it found; products and
 * purchases pass by.
 */
import { unmarshalItem } from '../../simulator/dynamodb/client/unmarshal.ts';
import type { Row } from '../../simulator/model/workload.ts';
import {
  addScores,
  type ExpectedScore,
  type Finding,
  judgeOrphan,
  judgeProduct,
  judgeScore,
  scoreKey,
} from './judge.ts';
import { storedProduct, type Tally, tallyPurchases } from './stored.ts';
import { type AuditTables, KEYS_PER_GET } from './tables.ts';

export interface Look {
  readonly findings: readonly Finding[];
  /** Rows that were looked at. */
  readonly rows: {
    readonly Contributions: number;
    readonly Events: number;
    readonly Scores: number;
  };
}

export interface LookParts {
  readonly tables: AuditTables;
  pause(ms: number): Promise<void>;
  /** Rows so far. */
  onProgress(rows: Look['rows']): void;
}

/** Products at a time. */
const AT_ONCE = 16;
/** How often a product is looked at again because it changed meanwhile. */
const TRIES_MAX = 3;

export async function look({ tables, pause, onProgress }: LookParts): Promise<Look> {
  const findings: Finding[] = [];
  const scores = new Map<string, ExpectedScore>();
  const rows = { Contributions: 0, Events: 0, Scores: 0 };

  const lookAt = async (row: Row): Promise<void> => {
    const { product, tally, finding } = await examine(row, tables);
    if (finding !== undefined) findings.push(finding);
    addScores(scores, product, tally, finding !== undefined);
    rows.Contributions++;
    rows.Events += tally.purchases;
  };
  for await (const some of inSlices(tables.products(), AT_ONCE)) {
    await Promise.all(some.map(lookAt));
    onProgress(rows);
  }

  for await (const productIds of tables.productsOfEvents()) {
    for await (const some of inSlices(productIds, KEYS_PER_GET)) {
      for (const productId of await orphansAmong(some, tables, pause)) {
        findings.push(judgeOrphan(productId));
      }
    }
  }

  for await (const row of tables.scores()) {
    const [userId, role] = [String(row['userId']), String(row['role'])];
    const key = scoreKey(userId, role);
    const finding = judgeScore(userId, role, scores.get(key), row['score']);
    if (finding !== undefined) findings.push(finding);
    scores.delete(key);
    rows.Scores++;
  }
  for (const [key, expected] of scores) {
    const [userId = '', role = ''] = JSON.parse(key) as string[];
    const finding = judgeScore(userId, role, expected, undefined);
    if (finding !== undefined) findings.push(finding);
  }
  onProgress(rows);
  return { findings: distinct(findings), rows };
}

/** What is off counts only if the row is still the same after its purchases were read. */
export async function examine(first: Row, tables: AuditTables) {
  let row = first;
  for (let tries = 1; ; tries++) {
    const product = storedProduct(row);
    const tally: Tally = await tallyPurchases(product, tables.purchases(product.productId));
    const finding = judgeProduct(product, tally);
    if (finding === undefined || tries === TRIES_MAX) return { product, tally, finding };
    const item = await tables.product(product.productId);
    const now = item === undefined ? undefined : unmarshalItem(item);
    if (now === undefined || sameCounters(now, row)) return { product, tally, finding };
    row = now;
  }
}

function sameCounters(left: Row, right: Row): boolean {
  return left['_rev'] === right['_rev'] && left['_turn'] === right['_turn'];
}

async function orphansAmong(
  productIds: readonly string[],
  tables: AuditTables,
  pause: (ms: number) => Promise<void>,
): Promise<readonly string[]> {
  const PAUSE_MS = 200;
  for (;;) {
    const found = await tables.withRow(productIds);
    if (found !== undefined) return productIds.filter((productId) => !found.has(productId));
    await pause(PAUSE_MS);
  }
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

/** A product's purchases may lie on several pages. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((finding) => [nameOf(finding), finding])).values()];
}

/** Tells rows apart. */
export function nameOf({ table, key }: Pick<Finding, 'table' | 'key'>): string {
  return JSON.stringify([table, ...key]);
}
