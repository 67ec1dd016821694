/**
 * Puts records onto a stream, within the limits of `PutRecords`: 500 records and 5 MiB a call, 1 MiB
 * a record. Refused entries are tried again after a jittered pause, so that a record may come after
 * later ones of its call, as it may on AWS.
 *
 * Calls go out on several lanes, one at a time on each, and all records of a partition key on one
 * lane: their order is kept from call to call, and what a call holds depends on the records alone,
 * not on timing.
 */
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { SimulatorError } from '../model/errors.ts';
import type { Random } from '../model/random.ts';
import { hash32 } from '../random.ts';

/** A record to be put; whatever else it carries comes back with `onAccepted`. */
export interface PushRecord {
  readonly partitionKey: string;
  /** The shard by its hash keys, in place of the partition key's own; decimal. */
  readonly explicitHashKey?: string;
  readonly data: Uint8Array;
  /** Of the data, where it is known without making it. */
  readonly bytes?: number;
}

export interface AcceptedAt {
  readonly shardId: string;
  readonly sequenceNumber: string;
}

/** The outcome of one entry of a call. */
export type PutResult = AcceptedAt | { readonly error: string };

/** One call of `PutRecords`. Rejects when the call as a whole failed. */
export type PutRecords = (records: readonly PushRecord[]) => Promise<readonly PutResult[]>;

export interface PushOptions<R extends PushRecord> {
  readonly put: PutRecords;
  readonly random: Random;
  pause(ms: number): Promise<void>;
  /** Calls at once. */
  readonly lanes?: number;
  /** Records in a call, where they are to be fewer than `PutRecords` takes. */
  readonly recordsMax?: number;
  readonly attemptsMax?: number;
  onAccepted?(record: R, at: AcceptedAt): void;
  /** Entries of one call that were refused, and are tried again. */
  onRefused?(entries: number, error: string): void;
}

/**
 * The answer to a call was lost after its records were stored, so that they are put twice. Only a
 * simulated stream can tell; `onAccepted` then hears of both.
 */
export class PutAnswerLost extends Error {
  override readonly name = 'TimeoutError';
  readonly stored: readonly PutResult[];

  constructor(stored: readonly PutResult[]) {
    super('the answer was lost');
    this.stored = stored;
  }
}

/** A record was refused until the attempts were used up. What was accepted before stays so. */
export class PushFailed extends SimulatorError {
  override readonly name = 'PushFailed';

  constructor(message: string) {
    super('unavailable', message);
  }
}

/** Resolves with the number of records put. Rejects with {@link PushFailed}. */
export async function pushRecords<R extends PushRecord>(
  records: Iterable<R> | AsyncIterable<R>,
  options: PushOptions<R>,
): Promise<number> {
  const lanes = Array.from({ length: options.lanes ?? 2 }, () => new Lane(options));
  let pushed = 0;
  try {
    for await (const record of records) {
      const lane = lanes[hash32(record.partitionKey) % lanes.length] as Lane<R>;
      await lane.add(record);
      pushed++;
    }
    await Promise.all(lanes.map((lane) => lane.flush()));
    await Promise.all(lanes.map((lane) => lane.settled()));
  } finally {
    await Promise.allSettled(lanes.map((lane) => lane.settled()));
  }
  return pushed;
}

/** The put of {@link PushOptions} for a stream. */
export function putTo(client: KinesisClient, stream: string): PutRecords {
  return async (records) => {
    const Records = records.map(({ partitionKey, explicitHashKey, data }) => ({
      PartitionKey: partitionKey,
      ...(explicitHashKey === undefined ? {} : { ExplicitHashKey: explicitHashKey }),
      Data: data,
    }));
    const answer = await client.send(new PutRecordsCommand({ StreamName: stream, Records }));
    return (answer.Records ?? []).map(({ ShardId, SequenceNumber, ErrorCode }) =>
      ShardId === undefined || SequenceNumber === undefined
        ? { error: ErrorCode ?? 'unknown error' }
        : { shardId: ShardId, sequenceNumber: SequenceNumber },
    );
  };
}

const RECORDS_MAX = 500;
const CALL_BYTES_MAX = 5 * 1024 * 1024;
const RECORD_BYTES_MAX = 1024 * 1024;
const PAUSE_MS_MAX = 2_000;

/** One open batch, and at most one call under way. */
class Lane<R extends PushRecord> {
  readonly #options: PushOptions<R>;
  #batch: R[] = [];
  #bytes = 0;
  #call: Promise<void> = Promise.resolve();

  constructor(options: PushOptions<R>) {
    this.#options = options;
  }

  async add(record: R): Promise<void> {
    const bytes = (record.bytes ?? record.data.byteLength) + Buffer.byteLength(record.partitionKey);
    if (bytes > RECORD_BYTES_MAX) throw new PushFailed(`a record of ${bytes} bytes is over 1 MiB`);
    const { recordsMax = RECORDS_MAX } = this.#options;
    if (this.#batch.length === recordsMax || this.#bytes + bytes > CALL_BYTES_MAX) {
      await this.flush();
    }
    this.#batch.push(record);
    this.#bytes += bytes;
  }

  /** Resolves when the open batch is under way. */
  async flush(): Promise<void> {
    await this.#call;
    const batch = this.#batch;
    this.#batch = [];
    this.#bytes = 0;
    if (batch.length === 0) return;
    this.#call = this.#putAll(batch);
    // Whoever waits for the lane hears of it; nobody may be waiting yet.
    this.#call.catch(() => {});
  }

  settled(): Promise<void> {
    return this.#call;
  }

  async #putAll(batch: readonly R[]): Promise<void> {
    const { random, pause, onAccepted, onRefused, attemptsMax = 10 } = this.#options;
    let open = batch;
    for (let attempt = 1; ; attempt++) {
      const results = await this.#put(open);
      const refused: R[] = [];
      let error = '';
      open.forEach((record, index) => {
        const result = results[index] ?? { error: 'no result' };
        if ('error' in result) {
          refused.push(record);
          error = result.error;
        } else {
          onAccepted?.(record, result);
        }
      });
      if (refused.length === 0) return;
      if (attempt === attemptsMax) {
        throw new PushFailed(`${refused.length} records refused ${attempt} times, last: ${error}`);
      }
      onRefused?.(refused.length, error);
      await pause(random() * Math.min(PAUSE_MS_MAX, 50 * 2 ** attempt));
      open = refused;
    }
  }

  /** A call that failed as a whole and may succeed yet is as good as all its entries refused. */
  async #put(records: readonly R[]): Promise<readonly PutResult[]> {
    try {
      return await this.#options.put(records);
    } catch (error) {
      if (!isTransient(error)) throw error;
      const { name, stored = [] } = error as PutAnswerLost;
      for (const [index, result] of stored.entries()) {
        const record = records[index];
        if (record !== undefined && 'shardId' in result) this.#options.onAccepted?.(record, result);
      }
      return records.map(() => ({ error: name }));
    }
  }
}

/** Throttled, a server's own fault, or no answer at all (then the records may be on the stream). */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { $metadata } = error as { $metadata?: { readonly httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  const code = (error as { code?: unknown }).code;
  if (/Throughput|Throttl|LimitExceeded|Timeout/.test(error.name)) return true;
  if (status === undefined) return typeof code === 'string' && /^E[A-Z]+$/.test(code);
  return status >= 500;
}
