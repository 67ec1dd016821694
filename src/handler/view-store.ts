/**
 * What the handler asks of storage. Each function is one request, decides nothing, and never
 * rejects. All reads are strongly consistent. Every store passes test/contract/view-store.ts.
 */
import type { Commit } from './domain/commit.ts';
import type { Purchase } from './domain/event.ts';
import type { MalformedRecord } from './domain/malformed-record.ts';
import type { Product, RoleRecount } from './domain/product.ts';
import type { ScoreTransfer } from './domain/score-transfer.ts';
import type { Outcome } from './outcome.ts';

/** A store takes at least so many keys in one read, and so many rows in one write. */
export const KEYS_PER_READ = 100;
export const ROWS_PER_WRITE = 25;

export interface ViewStore {
  /** In the order of the ids. A product that is left unprocessed is not in the list. */
  readProducts(
    productIds: readonly string[],
    signal: AbortSignal,
  ): Promise<Outcome<readonly Product[]>>;

  readPurchases(keys: readonly PurchaseKey[], signal: AbortSignal): Promise<Outcome<PurchaseRows>>;

  /** Unconditional: a row always has the same content. Returns the unprocessed ones. */
  writePurchases(
    purchases: readonly CommittedPurchase[],
    signal: AbortSignal,
  ): Promise<Outcome<readonly PurchaseKey[]>>;

  /**
   * Returns the row after the commit; `conflict` if the revision or the turn is another one by now.
   */
  commit(commit: Commit, signal: AbortSignal): Promise<Outcome<Product>>;

  /** Counts one page of the purchases that the recount still covers. */
  countPage(recount: RoleRecount, signal: AbortSignal): Promise<Outcome<RecountPage>>;

  /**
   * Returns the row after the commit; `conflict` if the recount has moved since the page was
   * counted.
   */
  commitPage(page: RecountPage, signal: AbortSignal): Promise<Outcome<Product>>;

  /** All of the transfers or none; `conflict` if the turn of a product is another one by now. */
  transferScores(transfers: readonly ScoreTransfer[], signal: AbortSignal): Promise<Outcome<void>>;

  /** Unconditional. Returns the `record` of each that is left unprocessed. */
  quarantine(
    records: readonly MalformedRecord[],
    signal: AbortSignal,
  ): Promise<Outcome<readonly string[]>>;
}

export interface PurchaseKey {
  readonly productId: string;
  readonly eventId: string;
}

export interface PurchaseRows {
  readonly stored: readonly StoredPurchase[];
  readonly unprocessed: readonly PurchaseKey[];
}

export interface StoredPurchase extends PurchaseKey {
  /** The revision of its commit. */
  readonly revision: number;
}

export interface CommittedPurchase {
  readonly purchase: Purchase;
  readonly revision: number;
}

export interface RecountPage {
  /** As it was before the page. */
  readonly recount: RoleRecount;
  readonly counted: number;
  /** The last event id of the page; undefined: it was the last page. */
  readonly last: string | undefined;
}
