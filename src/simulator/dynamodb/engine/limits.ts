/** DynamoDB's limits, as settings: small histories need small limits. Sizes are in bytes. */
export interface Limits {
  readonly itemBytesMax: number;
  /** What a Query or Scan reads before it returns a LastEvaluatedKey. */
  readonly pageBytesMax: number;
  readonly transactionActionsMax: number;
  readonly transactionBytesMax: number;
  readonly batchGetKeysMax: number;
  readonly batchGetBytesMax: number;
  readonly batchWriteItemsMax: number;
  readonly batchWriteBytesMax: number;
  /** How long a completed transaction is remembered by its token. */
  readonly tokenMs: number;
}

/** AWS's own. */
export const LIMITS: Limits = {
  itemBytesMax: 400 * 1024,
  pageBytesMax: 1024 * 1024,
  transactionActionsMax: 100,
  transactionBytesMax: 4 * 1024 * 1024,
  batchGetKeysMax: 100,
  batchGetBytesMax: 16 * 1024 * 1024,
  batchWriteItemsMax: 25,
  batchWriteBytesMax: 16 * 1024 * 1024,
  tokenMs: 10 * 60 * 1000,
};
