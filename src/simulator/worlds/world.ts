/** Where a run takes place: a stream to push to, a function to deliver to, tables to look at. */
import type { DeliveryWorld } from '../event-source-mapping/delivery-world.ts';
import type { EventSourceMapping } from '../event-source-mapping/settings.ts';
import type { Sight } from '../model/observer.ts';
import type { Row } from '../model/workload.ts';
import type { PutRecords } from '../stream/put-records.ts';

export type AnyWorld = World | RemoteWorld;

/** Delivery is ours: the event source mapping is simulated, in front of a handler that we run. */
export interface World extends Base {
  readonly delivery: DeliveryWorld;
  readonly remote?: undefined;
}

/** Delivery is AWS's own, and nothing tells what it does but the tables. */
export interface RemoteWorld extends Base {
  readonly delivery?: undefined;
  readonly remote: RemoteDelivery;
}

export interface RemoteDelivery {
  /** What everything begins with by which the run's rows are known. */
  readonly mark: string;
  /** Puts a record onto each shard that takes records; resolves when all are there. */
  putSentinels(round: number): Promise<readonly Sentinel[]>;
  /** Milliseconds between two looks. */
  readonly pollMs: number;
  /** Batches that Lambda gave up since the run began. */
  discarded(): Promise<number>;
  /** What a person looks at if nothing comes of what was put. */
  readonly whereToLook: string;
  /** Removes the run's rows, if it was asked for. */
  clean(): Promise<void>;
}

export interface Sentinel {
  /** The partition key of its record. */
  readonly name: string;
  readonly shardId: string;
  /** Whether its row is there. */
  isApplied(): Promise<boolean>;
}

interface Base extends Sight {
  readonly put: PutRecords;
  /** How often a producer puts a record before it gives up, where waiting costs less than it does on a wall's clock. */
  readonly putAttemptsMax?: number;
  pause(ms: number): Promise<void>;
  /** How fast Lambda is here, where it isn't as AWS's. */
  readonly pace?: Partial<EventSourceMapping>;
  /** Whether the mapping is on while records are being put; otherwise it starts when all are there. */
  readonly deliversWhilePushing: boolean;
  /**
   * Where faults can stop: so long after the last put they do, and so long after that everything must
   * have been delivered (liveness). Milliseconds of the world's time; longer, the more there is to do.
   */
  readonly calm?: { afterMs(): number; boundMs(): number; begin(): void };
  /** All rows of one of the workload's tables, as of now. */
  scan(table: string): AsyncIterable<Row>;
  /** Whether the handler did what is not simulated, so that the run can't be repeated exactly. */
  hasEscaped?(): boolean;
  /** What a user should know about this run, such as a handler in callback style. */
  readonly notes: Iterable<string>;
  /** The last lines that the handler printed, for whoever looks for the cause of a failure. */
  readonly output: readonly string[];
  /** Ends all that was started, at once. May be called again, and while anything is under way. */
  close(): Promise<void>;
}
