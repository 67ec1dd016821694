/** Past versions of items, up to the maximum lag; only for databases with stale reads. */
import type { Item } from './value.ts';

export interface Version {
  readonly item: Item;
  readonly size: number;
}

interface Change {
  readonly atMs: number;
  readonly slot: string;
  readonly before: Version | undefined;
}

export interface History {
  readonly ageMsMax: number;
  changes: Change[];
  readonly bySlot: Map<string, Change[]>;
}

const PRUNE_EVERY = 256;

export function createVersions(ageMsMax: number): History {
  return { ageMsMax, changes: [], bySlot: new Map() };
}

/** To be called before an item changes. */
export function recordChange(
  history: History,
  slot: string,
  row: Version | undefined,
  nowMs: number,
): void {
  const before = row && { item: row.item, size: row.size };
  const change: Change = { atMs: nowMs, slot, before };
  history.changes.push(change);
  const own = history.bySlot.get(slot);
  if (own) own.push(change);
  else history.bySlot.set(slot, [change]);
  if (history.changes.length % PRUNE_EVERY === 0) prune(history, nowMs - history.ageMsMax);
}

/** The version of an item at a past time; `now` if it hasn't changed since. */
export function versionAt(
  history: History,
  slot: string,
  asOfMs: number,
  now: Version | undefined,
): Version | undefined {
  const first = history.bySlot.get(slot)?.find((change) => change.atMs > asOfMs);
  return first ? first.before : now;
}

/** The items that changed since a past time, with their versions at that time. */
export function versionsAt(history: History, asOfMs: number): Map<string, Version | undefined> {
  const past = new Map<string, Version | undefined>();
  for (let index = history.changes.length - 1; index >= 0; index--) {
    const change = history.changes[index] as Change;
    if (change.atMs <= asOfMs) break;
    past.set(change.slot, change.before);
  }
  return past;
}

function prune(history: History, beforeMs: number): void {
  let count = 0;
  for (const change of history.changes) {
    if (change.atMs >= beforeMs) break;
    count++;
    const own = history.bySlot.get(change.slot);
    if (own && own.length > 1) own.shift();
    else history.bySlot.delete(change.slot);
  }
  if (count > 0) history.changes = history.changes.slice(count);
}
