/** What the handler is given from outside: time, chance, a place to report to, and its limits. */

export interface Clock {
  /** Milliseconds since the epoch. Only logged; what is stored never depends on it. */
  now(): number;
  /** Resolves after `ms`, or as soon as the signal is aborted. Never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** A number in [0, 1). */
export type Random = () => number;

/** What one invocation amounted to. */
export interface Counts {
  /** Records in the batch. */
  records: number;
  /** Purchases recorded, and registrations that took a role. */
  applied: number;
  /** Purchases that had been recorded before. */
  copies: number;
  /** Valid events of other services. */
  skipped: number;
  quarantined: number;
  /** Roles that went from one holder to another, earlier one. */
  recredited: number;
  /** Writes that lost against somebody else's. */
  conflicts: number;
  /** Requests that failed in passing, or left items unprocessed. */
  retries: number;
  /** Records reported as failed. */
  failed: number;
  /** How long ago the oldest record of the batch arrived at the stream, milliseconds. */
  oldestRecordAgeMs: number;
}

/** Receives no payload: no product id, no origin, no record. */
export interface Log {
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
  error(message: string, fields: Readonly<Record<string, unknown>>): void;
  counted(counts: Readonly<Counts>): void;
}

export interface Limits {
  /** Products worked on at a time: more save requests, fewer collide less with other invocations. */
  readonly productsAtOnce: number;
  /** Purchases recorded by one write of a product's row, which has at most 400 KB. */
  readonly purchasesPerWrite: number;
  /** DynamoDB's limits are 100 and 4 MB. */
  readonly transactionActionsMax: number;
  readonly transactionBytesMax: number;
  /** Failures in a row after which a product is left to the next delivery. */
  readonly attemptsMax: number;
  /** The first back-off's upper bound, doubled with each attempt up to the last. */
  readonly backoffMsFirst: number;
  readonly backoffMsMax: number;
  /** What must be left of the invocation's time to answer in. */
  readonly reserveMs: number;
}

export const LIMITS: Limits = {
  productsAtOnce: 16,
  purchasesPerWrite: 100,
  transactionActionsMax: 100,
  transactionBytesMax: 3_500_000,
  attemptsMax: 12,
  backoffMsFirst: 10,
  backoffMsMax: 2_000,
  reserveMs: 1_000,
};

/**
 * Situations that a test wants to know it has met: told where they arise, to a port that production
 * leaves out.
 */
export const SITUATIONS = [
  'late registration took credit back',
  'copy in the same batch',
  'copy of an earlier batch',
  'copy in a concurrent batch',
  'row lost to another invocation',
  'stale plan noticed',
  'pending rows finished for another',
  'purchases split over writes',
  'recount resumed',
  'count went over a page',
  'score fought for',
  'transaction split',
  'settle finished by another invocation',
  'lost answer had been applied',
  'rows came back unprocessed',
  'left to the next delivery',
  'time was up',
] as const;

export type Situation = (typeof SITUATIONS)[number];
