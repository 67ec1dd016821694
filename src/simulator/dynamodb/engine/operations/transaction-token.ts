/** Tokens that make transactions idempotent. */
import { hash } from 'node:crypto';
import type { CompletedTransaction, State } from '../state.ts';

/** The transaction with this token, if it completed recently. Forgets older ones. */
export function completedTransaction(
  state: State,
  token: string,
): CompletedTransaction | undefined {
  // Tokens are in the order in which their transactions completed.
  for (const [old, { completedMs }] of state.tokens) {
    if (state.now() - completedMs < state.limits.tokenMs) break;
    state.tokens.delete(old);
  }
  return state.tokens.get(token);
}

/** Equal for equal contents, whatever the order of names. */
export function fingerprintOf(actions: readonly object[]): string {
  const text = JSON.stringify(actions, (_, value: unknown) => {
    if (ArrayBuffer.isView(value)) return Buffer.from(value as Uint8Array).toString('base64');
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
  return hash('sha1', text);
}
