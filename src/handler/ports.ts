/** What the handler is passed from outside: time, randomness, a log, and its limits. */

export interface Clock {
  /** Milliseconds since the epoch, for back-offs and logs: what is stored never depends on it. */
  now(): number;
  /** Resolves after `ms`, or as soon as the signal is aborted. Never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** A number in [0, 1). */
export type Random = () => number;

/** No payload is logged: no product id, no origin, no record. */
export interface Log {
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
  error(message: string, fields: Readonly<Record<string, unknown>>): void;
  counted(counts: Readonly<Counts>): void;
}

/** What one invocation did. */
export interface Counts {
  /** Records in the batch. */
  records: number;
  /** Purchases committed, and registrations that took a role. */
  applied: number;
  /** Purchases that had been committed before. */
  copies: number;
  /** Valid events of other services. */
  skipped: number;
  quarantined: number;
  /** Roles that changed from one holder to an earlier one. */
  recredited: number;
  /** Writes that another invocation came before, and plans from a row that was out of date. */
  conflicts: number;
  /** Requests that were throttled, had no known outcome, or left items unprocessed. */
  retries: number;
  /** Records reported as failed. */
  failed: number;
  /** The time since the oldest record of the batch arrived at the stream, milliseconds. */
  oldestRecordAgeMs: number;
}

export interface Limits {
  /** Products in progress: more share requests, fewer conflict with other invocations. */
  readonly productsAtOnce: number;
  /** Purchases of one commit: they must fit into the product's row of at most 400 KB. */
  readonly purchasesPerWrite: number;
  /** DynamoDB's limits are 100 actions and 4 MB. */
  readonly transactionActionsMax: number;
  readonly transactionBytesMax: number;
  /** After so many failures in a row a product is left to the next delivery. */
  readonly attemptsMax: number;
  /** The upper bound of the first back-off; it doubles with each attempt, up to the maximum. */
  readonly backoffMsFirst: number;
  readonly backoffMsMax: number;
  /** The part of the invocation's time that is kept for the response. */
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
