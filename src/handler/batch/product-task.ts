/**
 * The work that one batch means for one product, and what to do next about it. Pure: the batch loop
 * carries out steps and tells a task how they went.
 *
 * A task never remembers what it has done, only what it has *seen*: after any conflict, error or lost
 * answer it forgets the row and reads it again, and what is stored says what is left to do.
 */
import type { GameEvent, Purchase } from '../domain/event.ts';
import {
  type Contributor,
  isSettled,
  type Product,
  planRecording,
  planSettlement,
  precedes,
  type Recording,
  ROLES,
  type Role,
  type Settlement,
  successor,
} from '../domain/product.ts';

export type Step =
  /** Read the product's row. */
  | { readonly kind: 'read' }
  /** Find out which of these purchases are stored. */
  | { readonly kind: 'look'; readonly eventIds: readonly string[] }
  /** Write these purchases' rows. */
  | { readonly kind: 'put'; readonly revision: number; readonly purchases: readonly Purchase[] }
  /** Count the next page of purchases for a role. */
  | { readonly kind: 'recount'; readonly product: Product; readonly role: Role }
  | { readonly kind: 'record'; readonly recording: Recording }
  | { readonly kind: 'settle'; readonly settlement: Settlement; readonly bytes: number }
  | { readonly kind: 'done' };

export interface Task {
  readonly productId: string;
  /** Purchases of the batch that aren't known to be recorded, by event id. */
  readonly todo: Map<string, Purchase>;
  /** The batch's first registration for each role. */
  readonly candidates: Readonly<Partial<Record<Role, Contributor>>>;
  /** The row as last seen; undefined: to be read. */
  product: Product | undefined;
  /** Purchases of `todo` that are not stored as of `product`; undefined: to be looked up. */
  fresh: readonly Purchase[] | undefined;
  /** Those of the pending purchases that may have no row yet; undefined: to be looked up. */
  unwritten: readonly Purchase[] | undefined;
  /** The last revision whose purchases are known to have their rows. */
  written: number;
  /** Whether all pending purchases that the task has met have their rows: once a batch is enough. */
  tidied: boolean;
  /** Purchases that turned out to be recorded before. */
  copies: number;
  /** Failed attempts since the last progress. */
  attempts: number;
}

export function createTask(productId: string, events: readonly GameEvent[]): Task {
  const todo = new Map<string, Purchase>();
  const candidates: Partial<Record<Role, Contributor>> = {};
  let copies = 0;
  for (const event of events) {
    if (event.kind === 'purchase') {
      if (todo.has(event.eventId)) copies++;
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
    product: undefined,
    fresh: undefined,
    unwritten: undefined,
    written: 0,
    tidied: false,
    copies,
    attempts: 0,
  };
}

/** `purchasesMax`: how many purchases one write of the row may record. */
export function nextStep(task: Task, purchasesMax: number): Step {
  const { product } = task;
  if (product === undefined) return { kind: 'read' };
  const switching = ROLES.filter((role) => successor(product[role], task.candidates[role]));
  const recording = task.todo.size > 0 || switching.length > 0;

  // The row is about to be written, which replaces its pending purchases: these must have their rows.
  const lookPending =
    task.unwritten === undefined && product.pending.length > 0 && (recording || !task.tidied);
  const lookFresh = task.fresh === undefined && task.todo.size > 0;
  if (lookPending || lookFresh) {
    const wanted = new Set<string>();
    if (lookPending) for (const purchase of product.pending) wanted.add(purchase.eventId);
    if (lookFresh)
      for (const eventId of firstOf(task.todo.keys(), purchasesMax)) wanted.add(eventId);
    return { kind: 'look', eventIds: [...wanted] };
  }
  if (task.unwritten !== undefined && task.unwritten.length > 0) {
    return { kind: 'put', revision: product.revision, purchases: task.unwritten };
  }
  const interrupted = ROLES.filter((role) => product[role].recount);
  const first = recording ? interrupted.find((role) => switching.includes(role)) : interrupted[0];
  if (first !== undefined) return { kind: 'recount', product, role: first };
  if (recording) {
    const purchases = (task.fresh ?? []).slice(0, purchasesMax);
    return { kind: 'record', recording: planRecording(product, purchases, task.candidates) };
  }
  const pendingWritten = task.unwritten !== undefined;
  if (!isSettled(product) || (pendingWritten && product.pending.length > 0)) {
    return {
      kind: 'settle',
      settlement: planSettlement(product, pendingWritten),
      bytes: estimateBytes(product),
    };
  }
  return { kind: 'done' };
}

/** The row was read, or a write gave it back. */
export function sawProduct(task: Task, product: Product): void {
  task.product = product;
  task.fresh = undefined;
  task.unwritten = task.written === product.revision ? [] : undefined;
  // Rows in Events are only ever written after the product's row: without it there are none.
  if (product.revision === 0) saw(task, new Map(), [...task.todo.keys()]);
}

/**
 * Purchases were looked up after the row was read. `found` has the revision of each that is stored.
 * Answers false if the row has moved on since: what is stored now can't be told from it.
 */
export function saw(
  task: Task,
  found: ReadonlyMap<string, number>,
  lookedUp: readonly string[],
): boolean {
  const { product } = task;
  if (product === undefined) return false;
  for (const revision of found.values()) if (revision > product.revision) return false;
  const pending = new Set<string>();
  for (const purchase of product.pending) pending.add(purchase.eventId);
  const fresh: Purchase[] = [];
  for (const eventId of lookedUp) {
    const purchase = task.todo.get(eventId);
    if (purchase === undefined) continue;
    if (found.has(eventId) || pending.has(eventId)) {
      task.todo.delete(eventId);
      task.copies++;
    } else {
      fresh.push(purchase);
    }
  }
  task.fresh = fresh.length > 0 || task.todo.size === 0 ? fresh : undefined;
  task.unwritten ??= product.pending.filter((purchase) => !found.has(purchase.eventId));
  if (task.unwritten.length === 0) wrote(task);
  else task.tidied = false;
  return true;
}

/** The row was written as planned, and is now `product`: what it recorded has no rows yet. */
export function recorded(task: Task, recording: Recording, product: Product): void {
  for (const purchase of recording.purchases) task.todo.delete(purchase.eventId);
  task.product = product;
  task.fresh = task.todo.size > 0 ? undefined : [];
  task.unwritten = recording.purchases;
  task.tidied = recording.purchases.length === 0;
  task.attempts = 0;
}

/** A page of a recount was counted, by us or by somebody else; the row is now `product`. */
export function recounted(task: Task, product: Product): void {
  if (task.product?.revision === product.revision) task.product = product;
  else sawProduct(task, product);
  task.attempts = 0;
}

/** All that is pending has its row. */
export function wrote(task: Task): void {
  task.unwritten = [];
  task.tidied = true;
  task.written = task.product?.revision ?? 0;
}

/** Something failed, or somebody else was faster: what is stored decides what is left. */
export function startOver(task: Task): void {
  task.product = undefined;
  task.fresh = undefined;
  task.unwritten = undefined;
}

function firstOf(eventIds: Iterable<string>, most: number): string[] {
  const first: string[] = [];
  for (const eventId of eventIds) {
    if (first.length === most) break;
    first.push(eventId);
  }
  return first;
}

/** Roughly what the row takes, to keep a transaction under its 4 MB. */
function estimateBytes(product: Product): number {
  let bytes = 12_000;
  for (const { eventId, origin, timeOrigin } of product.pending) {
    bytes += eventId.length + 4 * origin.length + timeOrigin.length;
  }
  return bytes;
}
