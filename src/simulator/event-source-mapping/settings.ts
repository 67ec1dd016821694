/**
 * Settings of an event source mapping: those of Lambda's API, and one for each behaviour that AWS
 * leaves undocumented. Item numbers in this folder refer to docs/reference/event-source-mapping.md.
 */

export interface EventSourceMapping {
  /** Item 20. Read from the oldest record, or only those put after the first poll. */
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  /** Item 2. Maximum records in an invocation, 1 to 10,000. */
  readonly batchSize: number;
  /** Item 2. How long a batch gathers records, at most 300,000; 0: not at all. */
  readonly batchWindowMs: number;
  /** Item 3. Concurrent batches (lanes) of a shard, 1 to 10; a partition key stays in one lane. */
  readonly parallelizationFactor: number;
  /** Item 9. N allows N + 1 invocations, at most 10,000; -1 retries until the record expires. */
  readonly retryAttemptsMax: number;
  /** Item 13. The age past which a record is discarded (Lambda's minimum is 60 s); -1: no limit. */
  readonly recordAgeMsMax: number;
  /** Item 12. Off by default in Lambda; on is recommended. */
  readonly bisectOnFailure: boolean;
  /** Item 6. Off by default in Lambda: any returned value is then a success. */
  readonly reportBatchItemFailures: boolean;

  /** Item 1: "about once a second". The local world polls more often. */
  readonly pollIntervalMs: number;
  /** Maximum records of a poll; GetRecords allows 10,000. */
  readonly pollRecordsMax: number;
  /** Item 2. Maximum size of the whole event, in which data is base64. */
  readonly payloadBytesMax: number;
  /** The size of a record's metadata in the event. */
  readonly recordMetadataBytes: number;
  /**
   * Polling stops while a shard has this many records past its checkpoint. Undocumented; it bounds
   * memory, and how far other lanes run ahead of a failing one.
   */
  readonly bufferRecordsMax: number;
  /** Item 20. The stream's retention; -1: unlimited. */
  readonly retentionMs: number;

  /** Item 17. The fraction of successful batches that are delivered once more. */
  readonly repeatDeliveryRatio: number;
  /** Maximum delay of a repeat; at 0 it runs beside the next batch. */
  readonly repeatDelayMsMax: number;

  /**
   * Item 5. Whether a failing batch blocks all lanes of its shard. Undocumented; false is harsher:
   * the other lanes run ahead.
   */
  readonly blocksShard: boolean;
  /** Item 19. Whether a parent is drained before its children. Widely stated, so true. */
  readonly parentFirst: boolean;
  /**
   * Item 20. Whether a mapping that is switched on again rereads from its checkpoint, with new
   * batches, new retries, and records that other lanes had finished. Undocumented; true is harsher.
   */
  readonly rereadOnResume: boolean;
  /**
   * The fraction of retries whose batch gets new boundaries. Undocumented and not seen in
   * recordings, so 0. Records that join a batch share its used retries.
   */
  readonly rebatchOnRetryRatio: number;
  /** Item 10. Seen in recordings, so true. */
  readonly resetRetriesOnProgress: boolean;
  /**
   * Item 12. Whether a partial response that names the first record halves the batch. Undocumented;
   * false is harsher: the whole batch is retried, and finally discarded.
   */
  readonly bisectWithoutProgress: boolean;
  /** Item 8. AWS fails the batch; one emulator ignores the identifier. */
  readonly unknownItemIdentifier: 'fails-batch' | 'ignored';
  /**
   * A response that items 7 and 8 don't cover, such as a string or an object with other keys.
   * Undocumented; failing is harsher. Used only with `reportBatchItemFailures`.
   */
  readonly unknownResponse: 'fails-batch' | 'succeeds';
  /**
   * Item 18. AWS sends a record too large for any invocation to the on-failure destination;
   * `invoke-alone` shows what a handler would do with it.
   */
  readonly oversizedRecord: 'discard' | 'invoke-alone';
  /** Item 15. Undocumented; short is harsher. */
  readonly retryBackoff: RetryBackoff;
}

/** The n-th failure in a row waits `firstMs * factor ** (n - 1)` to `maxMs`, less the jitter. */
export interface RetryBackoff {
  readonly firstMs: number;
  readonly maxMs: number;
  readonly factor: number;
  /** The fraction of the wait that is random: 0 waits all of it, 1 any part of it. */
  readonly jitterRatio: number;
}

const DEFAULTS: EventSourceMapping = {
  startingPosition: 'TRIM_HORIZON',
  batchSize: 100,
  batchWindowMs: 0,
  parallelizationFactor: 1,
  retryAttemptsMax: -1,
  recordAgeMsMax: -1,
  bisectOnFailure: true,
  reportBatchItemFailures: true,
  pollIntervalMs: 1000,
  pollRecordsMax: 10_000,
  payloadBytesMax: 6 * 1024 * 1024,
  recordMetadataBytes: 550,
  bufferRecordsMax: 10_000,
  retentionMs: 24 * 3600 * 1000,
  repeatDeliveryRatio: 0,
  repeatDelayMsMax: 2000,
  blocksShard: false,
  parentFirst: true,
  rereadOnResume: true,
  rebatchOnRetryRatio: 0,
  resetRetriesOnProgress: true,
  bisectWithoutProgress: false,
  unknownItemIdentifier: 'fails-batch',
  unknownResponse: 'fails-batch',
  oversizedRecord: 'discard',
  retryBackoff: { firstMs: 100, maxMs: 10_000, factor: 2, jitterRatio: 0.5 },
};

/** The defaults with overrides. Throws a RangeError for values that Lambda would refuse. */
export function eventSourceMapping(
  overrides: Partial<EventSourceMapping> = {},
): EventSourceMapping {
  const settings = { ...DEFAULTS, ...overrides };
  whole(settings, 'batchSize', 1, 10_000);
  whole(settings, 'batchWindowMs', 0, 300_000);
  whole(settings, 'parallelizationFactor', 1, 10);
  whole(settings, 'retryAttemptsMax', -1, 10_000);
  // Lambda's minimum is 60 s; small histories under a virtual clock need less.
  whole(settings, 'recordAgeMsMax', -1, 604_800_000);
  whole(settings, 'pollIntervalMs', 1, Number.MAX_SAFE_INTEGER);
  whole(settings, 'pollRecordsMax', 1, 10_000);
  whole(settings, 'payloadBytesMax', 1, Number.MAX_SAFE_INTEGER);
  whole(settings, 'recordMetadataBytes', 0, Number.MAX_SAFE_INTEGER);
  whole(settings, 'bufferRecordsMax', 1, Number.MAX_SAFE_INTEGER);
  whole(settings, 'retentionMs', -1, Number.MAX_SAFE_INTEGER);
  whole(settings, 'repeatDelayMsMax', 0, Number.MAX_SAFE_INTEGER);
  ratio('repeatDeliveryRatio', settings.repeatDeliveryRatio);
  ratio('rebatchOnRetryRatio', settings.rebatchOnRetryRatio);
  ratio('retryBackoff.jitterRatio', settings.retryBackoff.jitterRatio);
  const { firstMs, maxMs, factor } = settings.retryBackoff;
  if (!(firstMs >= 0 && maxMs >= firstMs && factor >= 1)) {
    throw new RangeError('retryBackoff: needs 0 <= firstMs <= maxMs and factor >= 1');
  }
  return settings;
}

type NumberSetting = {
  [Name in keyof EventSourceMapping]: EventSourceMapping[Name] extends number ? Name : never;
}[keyof EventSourceMapping];

function whole(settings: EventSourceMapping, name: NumberSetting, min: number, max: number): void {
  const value = settings[name];
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`${name} must be a whole number from ${min} to ${max}, not ${value}`);
  }
}

function ratio(name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw new RangeError(`${name} must be 0 to 1, not ${value}`);
}
