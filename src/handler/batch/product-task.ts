/**
 * The work of one batch for one product. Pure: `nextStep` decides, the batch layer carries the step
 * out, and `advance` takes its outcome in.
 *
 * A task does not remember what it has done, only what it has read. After a failure it forgets the
 * row and reads it again: what is stored decides what is left to do.
 */
import { type Commit, planCommit } from '../domain/commit.ts';
import { type Contributor, precedes, ROLES, type Role, successor } from '../domain/contributor.ts';
import type { GameEvent, Purchase } from '../domain/event.ts';
import type { Product, RoleRecount } from '../domain/product.ts';
import { isTransferred, planScoreTransfer, type ScoreTransfer } from '../domain/score-transfer.ts';
import type { Failure } from '../outcome.ts';
import type { RecountPage } from '../view-store.ts';

export type Step =
  | { readonly kind: 'read-product' }
  /** Find out which of these purchases have rows in Events. */
  | { readonly kind: 'read-purchases'; readonly eventIds: readonly string[] }
  | {
      readonly kind: 'write-purchases';
      readonly revision: number;
      readonly purchases: readonly Purchase[];
    }
  /** Count the next page, and commit it. */
  | { readonly kind: 'recount'; readonly recount: RoleRecount }
  | { readonly kind: 'commit'; readonly commit: Commit }
  | { readonly kind: 'transfer-scores'; readonly transfer: ScoreTransfer; readonly bytes: number }
  | { readonly kind: 'done' };

export type StepOutcome = Progress | Setback | { readonly kind: 'scores-transferred' };

export type Progress =
  | { readonly kind: 'product-read'; readonly product: Product }
  | PurchasesRead
  | { readonly kind: 'purchases-written' }
  | Committed
  | { readonly kind: 'page-committed'; readonly page: RecountPage; readonly product: Product };

export interface PurchasesRead {
  readonly kind: 'purchases-read';
  readonly eventIds: readonly string[];
  /** The revision of each that is stored, by event id. */
  readonly stored: ReadonlyMap<string, number>;
}

export interface Committed {
  readonly kind: 'committed';
  readonly commit: Commit;
  readonly product: Product;
}

export type Setback =
  | Failure
  /** The store left rows of this product unprocessed: they were throttled. */
  | { readonly kind: 'unprocessed' }
  /** A purchase was read that is newer than the product's row: the plan is out of date. */
  | { readonly kind: 'stale' };

/** Why no more steps follow. All but `done` are reported as failed. */
export type TaskEnd = 'done' | 'attempts-exhausted' | 'fatal' | 'deadline';

export interface ProductTask {
  readonly productId: string;
  /** Purchases of the batch that are not known to be committed, by event id. */
  readonly todo: Map<string, Purchase>;
  /** The first registration of the batch for each role. */
  readonly candidates: Readonly<Partial<Record<Role, Contributor>>>;
  readonly copiesInBatch: number;
  /** Purchases that were committed before this batch. */
  copiesStored: number;
  /** The row as last read; undefined: to be read. */
  product: Product | undefined;
  /** Purchases of `todo` that are not committed as of `product`; undefined: to be read. */
  fresh: readonly Purchase[] | undefined;
  /** Pending purchases that may have no row in Events; undefined: to be read. */
  unwritten: readonly Purchase[] | undefined;
  /** The last revision whose purchases all have their rows. */
  written: number;
  /** Whether the pending purchases last read all have their rows: once in a batch is enough. */
  tidied: boolean;
  /** Failures since the last progress, and the kind of the last failure since the last commit. */
  attempts: number;
  lastFailure: Failure['kind'] | undefined;
  /** Not to be continued before this time, milliseconds since the epoch. */
  notBeforeMs: number;
  /** The id of the score for which a transfer of this task was last refused. */
  contendedScore: string | undefined;
  end: TaskEnd | undefined;
}

export function createTask(productId: string, events: readonly GameEvent[]): ProductTask {
  const todo = new Map<string, Purchase>();
  const candidates: Partial<Record<Role, Contributor>> = {};
  let copiesInBatch = 0;
  for (const event of events) {
    if (event.kind === 'purchase') {
      if (todo.has(event.eventId)) copiesInBatch++;
      todo.set(event.eventId, event);
      continue;
    }
    const role = event.kind === 'creation' ? 'creator' : 'photographer';
    const other = candidates[role];
    if (other === undefined || precedes(event, other)) candidates[role] = event;
  }
  return {
    productId,
    todo,
    candidates,
    copiesInBatch,
    copiesStored: 0,
    product: undefined,
    fresh: undefined,
    unwritten: undefined,
    written: 0,
    tidied: false,
    attempts: 0,
    lastFailure: undefined,
    notBeforeMs: 0,
    contendedScore: undefined,
    end: undefined,
  };
}

/** `purchasesMax`: of one commit. */
export function nextStep(task: ProductTask, purchasesMax: number): Step {
  const { product } = task;
  if (product === undefined) return { kind: 'read-product' };
  const switching = ROLES.filter((role) => successor(product[role].holder, task.candidates[role]));
  const isCommitting = task.todo.size > 0 || switching.length > 0;

  // A commit replaces the row's pending purchases, so these must have their rows first.
  const readPending =
    task.unwritten === undefined && product.pending.length > 0 && (isCommitting || !task.tidied);
  const readFresh = task.fresh === undefined && task.todo.size > 0;
  if (readPending || readFresh) {
    const eventIds = new Set<string>();
    if (readPending) for (const { eventId } of product.pending) eventIds.add(eventId);
    if (readFresh) for (const id of firstOf(task.todo.keys(), purchasesMax)) eventIds.add(id);
    return { kind: 'read-purchases', eventIds: [...eventIds] };
  }
  if (task.unwritten !== undefined && task.unwritten.length > 0) {
    return { kind: 'write-purchases', revision: product.revision, purchases: task.unwritten };
  }
  const recounts = recountsOf(product);
  const first = isCommitting ? recounts.find(({ role }) => switching.includes(role)) : recounts[0];
  if (first !== undefined) return { kind: 'recount', recount: first };
  if (isCommitting) {
    const purchases = (task.fresh ?? []).slice(0, purchasesMax);
    return { kind: 'commit', commit: planCommit(product, purchases, task.candidates) };
  }
  const isPendingWritten = task.unwritten !== undefined;
  if (!isTransferred(product) || (isPendingWritten && product.pending.length > 0)) {
    const transfer = planScoreTransfer(product, isPendingWritten);
    return { kind: 'transfer-scores', transfer, bytes: estimateBytes(product) };
  }
  return { kind: 'done' };
}

export function advance(task: ProductTask, outcome: Progress): void {
  switch (outcome.kind) {
    case 'product-read':
      setProduct(task, outcome.product);
      break;
    case 'purchases-read':
      sortPurchases(task, outcome);
      break;
    case 'purchases-written':
      setWritten(task);
      break;
    case 'committed':
      setCommitted(task, outcome);
      break;
    case 'page-committed':
      if (task.product?.revision === outcome.product.revision) task.product = outcome.product;
      else setProduct(task, outcome.product);
      task.attempts = 0;
  }
}

/** After a failure, what is stored decides what is left to do. */
export function startOver(task: ProductTask): void {
  task.product = undefined;
  task.fresh = undefined;
  task.unwritten = undefined;
}

/** Whether a purchase that was read after the product's row is newer than the row. */
export function isStale(task: ProductTask, stored: PurchasesRead['stored']): boolean {
  const revision = task.product?.revision ?? 0;
  return [...stored.values()].some((other) => other > revision);
}

/** Purchases that are known to be committed: they are stored, or pending in the row. */
export function committedIds(
  { pending }: Product,
  stored: PurchasesRead['stored'],
): ReadonlySet<string> {
  return new Set([...stored.keys(), ...pending.map(({ eventId }) => eventId)]);
}

function setProduct(task: ProductTask, product: Product): void {
  task.product = product;
  task.fresh = undefined;
  task.unwritten = task.written === product.revision ? [] : undefined;
  // A purchase gets its row after the commit: a product without a row has none in Events.
  if (product.revision === 0) {
    sortPurchases(task, {
      kind: 'purchases-read',
      eventIds: [...task.todo.keys()],
      stored: new Map(),
    });
  }
}

/** The purchases of the commit have no rows yet. */
function setCommitted(task: ProductTask, { commit: { purchases }, product }: Committed): void {
  for (const { eventId } of purchases) task.todo.delete(eventId);
  task.product = product;
  task.fresh = task.todo.size > 0 ? undefined : [];
  task.unwritten = purchases;
  task.tidied = purchases.length === 0;
  task.attempts = 0;
  task.lastFailure = undefined;
}

/** Tells copies from fresh purchases, and pending purchases without rows from those with rows. */
function sortPurchases(task: ProductTask, { eventIds, stored }: PurchasesRead): void {
  const { product } = task;
  if (product === undefined) return;
  const committed = committedIds(product, stored);
  const fresh: Purchase[] = [];
  for (const eventId of eventIds) {
    const purchase = task.todo.get(eventId);
    if (purchase === undefined) continue;
    if (committed.has(eventId)) {
      task.todo.delete(eventId);
      task.copiesStored++;
    } else {
      fresh.push(purchase);
    }
  }
  task.fresh = fresh.length > 0 || task.todo.size === 0 ? fresh : undefined;
  task.unwritten ??= product.pending.filter(({ eventId }) => !stored.has(eventId));
  if (task.unwritten.length === 0) setWritten(task);
  else task.tidied = false;
}

/** All pending purchases have their rows. */
function setWritten(task: ProductTask): void {
  task.unwritten = [];
  task.tidied = true;
  task.written = task.product?.revision ?? 0;
}

function recountsOf(product: Product): RoleRecount[] {
  const { productId } = product;
  return ROLES.flatMap((role) => {
    const { recount } = product[role];
    return recount === undefined ? [] : [{ productId, role, ...recount }];
  });
}

function firstOf(eventIds: Iterable<string>, most: number): string[] {
  const first: string[] = [];
  for (const eventId of eventIds) {
    if (first.length === most) break;
    first.push(eventId);
  }
  return first;
}

/** An upper estimate of the row's size, to keep a transaction under its 4 MB. */
function estimateBytes(product: Product): number {
  let bytes = 12_000;
  for (const { eventId, origin, timeOrigin } of product.pending) {
    bytes += eventId.length + 4 * origin.length + timeOrigin.length;
  }
  return bytes;
}
