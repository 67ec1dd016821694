/**
 * Pushes records onto a stream within the limits of `PutRecords`: 500 records and 5 MiB a call, 1
 * MiB a record. Refused entries are retried after a jittered pause, so they may land after later
 * records of their call, as on AWS.
 *
 * Calls go out on several lanes, one at a time on each. All records of a partition key use one
 * lane, so their order is kept from call to call. The contents of a call depend on the records, not
 * on timing.
 */
import { SimulatorError } from '../model/errors.ts';
import type { Random } from '../model/random.ts';
import { hash32 } from '../random.ts';
import {
  type AcceptedAt,
  isTransient,
  type PushRecord,
  type PutAnswerLost,
  type PutRecords,
  type PutResult,
} from './put-records.ts';

export interface PushOptions<R extends PushRecord> {
  readonly put: PutRecords;
  readonly random: Random;
  pause(ms: number): Promise<void>;
  /** Concurrent calls. */
  readonly lanes?: number;
  /** Maximum records of a call; `PutRecords` allows 500. */
  readonly recordsMax?: number;
  readonly attemptsMax?: number;
  onAccepted?(record: R, at: AcceptedAt): void;
  /** The number of refused entries of a call, which will be retried. */
  onRefused?(entries: number, error: string): void;
}

/** A record was refused at every attempt. Records accepted before stay accepted. */
export class PushFailed extends SimulatorError {
  override readonly name = 'PushFailed';

  constructor(message: string) {
    super('unavailable', message);
  }
}

/** Resolves with the number of records accepted. Rejects with {@link PushFailed}. */
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
    await Promise.all(lanes.map((lane) => lane.ended()));
  } finally {
    await Promise.allSettled(lanes.map((lane) => lane.ended()));
  }
  return pushed;
}

const RECORDS_MAX = 500;
const CALL_BYTES_MAX = 5 * 1024 * 1024;
const RECORD_BYTES_MAX = 1024 * 1024;
const PAUSE_MS_MAX = 2_000;

/** An open batch, and at most one call in flight. */
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
    if (bytes > RECORD_BYTES_MAX) {
      throw new PushFailed(`a record of ${bytes} bytes is over 1 MiB, the limit of PutRecords`);
    }
    const { recordsMax = RECORDS_MAX } = this.#options;
    if (this.#batch.length === recordsMax || this.#bytes + bytes > CALL_BYTES_MAX) {
      await this.flush();
    }
    this.#batch.push(record);
    this.#bytes += bytes;
  }

  /** Resolves when the open batch has been sent. */
  async flush(): Promise<void> {
    await this.#call;
    const batch = this.#batch;
    this.#batch = [];
    this.#bytes = 0;
    if (batch.length === 0) return;
    this.#call = this.#putAll(batch);
    // `ended` reports a rejection; it may not have been called yet.
    this.#call.catch(() => {});
  }

  ended(): Promise<void> {
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
        const records = refused.length === 1 ? '1 record' : `${refused.length} records`;
        throw new PushFailed(
          `PutRecords refused ${records} ${attempt} times; the last error was ${error}`,
        );
      }
      onRefused?.(refused.length, error);
      await pause(random() * Math.min(PAUSE_MS_MAX, 50 * 2 ** attempt));
      open = refused;
    }
  }

  /** A transient failure of the whole call counts as a refusal of every entry. */
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
