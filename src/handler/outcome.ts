/** The outcome of a storage request: its value, or a failure that says whether it happened. */
import type { ScoreKey } from './domain/score-transfer.ts';

export type Outcome<Value> = { readonly kind: 'done'; readonly value: Value } | Failure;

/**
 * - `conflict`: did not happen, because another invocation wrote first. Read again and plan again.
 * - `throttled`: did not happen. Try again later.
 * - `unknown`: may have happened, now or later: a lost answer, a server error, a time-out.
 * - `fatal`: did not happen, and will not at the next attempt either.
 */
export interface Failure {
  readonly kind: 'conflict' | 'throttled' | 'unknown' | 'fatal';
  /** The name of the error; it contains no payload. */
  readonly error: string;
  /** Of a score transfer: what it was refused for, if the store names it. */
  readonly refused?: Refused;
}

export interface Refused {
  readonly productIds: readonly string[];
  readonly scores: readonly ScoreKey[];
}

export function done<Value>(value: Value): Outcome<Value> {
  return { kind: 'done', value };
}
