/**
 * The settings of an event source mapping: those that Lambda's API has, and those that stand for what
 * AWS leaves undocumented. Item numbers here and in this folder are those of event-source-mapping.md.
 */

export interface EventSourceMapping {
  /** Item 20. The oldest record kept, or only what comes after the first poll. */
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  /** Item 2. Records an invocation holds at most; 1 to 10,000. */
  readonly batchSize: number;
  /** Item 2. How long a batch gathers, at most 300,000; 0 delivers what there is at once. */
  readonly batchWindowMs: number;
  /** Item 3. Lanes of a shard, 1 to 10: batches that run at once, each partition key in one lane. */
  readonly parallelizationFactor: number;
  /** Item 9. N means N + 1 invocations, at most 10,000; -1 goes on until the record expires. */
  readonly retryAttemptsMax: number;
  /** Item 13. -1, or the age past which a record is discarded (Lambda takes 60 s to 604,800 s). */
  readonly recordAgeMsMax: number;
  /** Item 12. Lambda's own default is off; on is what a deployment should have. */
  readonly bisectOnFailure: boolean;
  /** Item 6. Lambda's own default is off, and then whatever a function returns is a success. */
  readonly reportBatchItemFailures: boolean;

  /** Item 1: "about once a second". A local world sets less, to be quick. */
  readonly pollIntervalMs: number;
  /** What one poll asks for at most; 10,000 is the limit of GetRecords. */
  readonly pollRecordsMax: number;
  /** Item 2. 6 MiB: all of the event, so the data counts as base64, a third more than it is. */
  readonly payloadBytesMax: number;
  /** What a record's names, ARNs and numbers add to the event; 550 is a typical record's. */
  readonly recordMetadataBytes: number;
  /**
   * Polling stops while so many records of a shard lie between its checkpoint and the last one read.
   * Undocumented; it bounds memory, and how far the other lanes run ahead of one that fails.
   */
  readonly bufferRecordsMax: number;
  /** Item 20. When the stream itself forgets a record, and the mapping with it; -1 for never. */
  readonly retentionMs: number;

  /** Item 17. The share of successful batches delivered once more. */
  readonly repeatDeliveryRatio: number;
  /** How much later a repeat starts at most: at 0 it runs beside the batch that follows. */
  readonly repeatDelayMsMax: number;

  /**
   * Item 5. Whether, with several lanes, a failing batch holds up all of them. Undocumented; false is
   * harsher: the others run ahead, and records arrive further out of order.
   */
  readonly blocksShard: boolean;
  /** Item 19. Whether a parent is drained before its children. Widely stated, so true. */
  readonly parentFirst: boolean;
  /**
   * Item 20. Whether a mapping that is switched on reads again from its checkpoint, with other batch
   * bounds, new retries, and copies of what other lanes had done. Undocumented; true is harsher.
   */
  readonly rereadOnResume: boolean;
  /**
   * The share of retries for which the lane is cut into batches anew, longer or shorter. Undocumented
   * and not seen in recordings, so 0. A batch that grew keeps its used retries: the newcomers share them.
   */
  readonly rebatchOnRetryRatio: number;
  /** Item 10. Seen in recordings, so true. */
  readonly resetRetriesOnProgress: boolean;
  /**
   * Item 12. Whether a partial response that names the first record halves the batch. Undocumented
   * ("bisected at the returned sequence number"); false is harsher: all of it is retried, and lost.
   */
  readonly bisectWithoutProgress: boolean;
  /** Item 8. AWS says that it fails the batch; one emulator ignores it. */
  readonly unknownItemIdentifier: 'fails-batch' | 'ignored';
  /**
   * A response that items 7 and 8 don't name, such as a text or an object with other keys.
   * Undocumented; failing is harsher. Read only with `reportBatchItemFailures`.
   */
  readonly unknownResponse: 'fails-batch' | 'succeeds';
  /**
   * Item 18. A record that doesn't fit an invocation on its own goes to the on-failure destination,
   * says AWS; `invoke-alone` shows a handler what it would do with one.
   */
  readonly oversizedRecord: 'discard' | 'invoke-alone';
  /** Item 15. Undocumented; short is harsher, as a handler gets less relief. */
  readonly retryBackoff: RetryBackoff;
}

/** The n-th setback in a row waits `firstMs * factor ** (n - 1)`, at most `maxMs`, less the jitter. */
export interface RetryBackoff {
  readonly firstMs: number;
  readonly maxMs: number;
  readonly factor: number;
  /** The share of the wait that is left to the random source: 0 always waits all of it, 1 any part. */
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

/** All settings, the defaults where none is given. Throws a RangeError at what Lambda would refuse. */
export function eventSourceMapping(given: Partial<EventSourceMapping> = {}): EventSourceMapping {
  const settings = { ...DEFAULTS, ...given };
  whole(settings, 'batchSize', 1, 10_000);
  whole(settings, 'batchWindowMs', 0, 300_000);
  whole(settings, 'parallelizationFactor', 1, 10);
  whole(settings, 'retryAttemptsMax', -1, 10_000);
  // Lambda takes no less than 60 s; small histories under a virtual clock want less.
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
