/**
 * Where a run takes place: a stream to put records onto, a function that they are delivered to, and
 * tables.
 */
import type { Invariants } from '../check/invariants.ts';
import type { DeliveryWorld } from '../event-source-mapping/delivery-world.ts';
import type { EventSourceMapping } from '../event-source-mapping/settings.ts';
import type { History } from '../history/history.ts';
import type { RowReader } from '../model/observer.ts';
import type { Row, SharedTables, TableDefinition } from '../model/workload.ts';
import type { PutRecords } from '../stream/put-records.ts';

export type AnyWorld = World | RemoteWorld;

/**
 * A world that a run opens. Its clock runs already, because the history begins before the world is
 * open.
 */
export interface Opening<Opened extends AnyWorld = AnyWorld> {
  /** Milliseconds. */
  readonly now: () => number;
  /** `invariants` see every write, where the world can show them. */
  open(history: History, invariants?: WriteObserver): Promise<Opened>;
}

export type WriteObserver = Pick<Invariants<never>, 'wrote' | 'committed'>;

/** What a world knows of the workload. */
export interface WorkloadOfWorld {
  readonly name: string;
  readonly tables: readonly TableDefinition[];
  readonly shared?: MarkedRows | undefined;
}

export type MarkedRows = Pick<SharedTables<never>, 'markOf' | 'sentinel'>;

/** A simulated event source mapping delivers to a handler that the world runs. */
export interface World extends WorldBase {
  readonly delivery: DeliveryWorld;
  /** The settings of the event source mapping that differ from AWS's here. */
  readonly mapping?: Partial<EventSourceMapping>;
  /** Whether the mapping is on while records are put; otherwise it starts when all are there. */
  readonly deliversWhilePushing: boolean;
  /** Where faults can be stopped. */
  readonly quiescence?: Quiescence;
  readonly remote?: undefined;
}

/**
 * When faults stop, and by when everything must have been delivered then (liveness). Milliseconds
 * of the world's time; more records take longer.
 */
export interface Quiescence {
  /** From the last put until faults stop. */
  afterMs(): number;
  stopFaults(): void;
  /** From then on until everything must have been delivered. */
  boundMs(): number;
}

/** AWS delivers, and only the tables show what it has done. */
export interface RemoteWorld extends WorldBase {
  readonly remote: RemoteDelivery;
  readonly delivery?: undefined;
}

export interface RemoteDelivery {
  readonly stackName: string;
  /** Puts a record onto each open shard; resolves when all are stored. */
  putSentinels(round: number): Promise<readonly Sentinel[]>;
  /** Milliseconds between two reads of the tables. */
  readonly pollMs: number;
  /** How many batches Lambda has given up since the run began. */
  discarded(): Promise<number>;
}

/** A record put after all others: once it is applied, so are those before it. */
export interface Sentinel {
  /** The partition key of its record. */
  readonly name: string;
  readonly shardId: string;
  /** Whether its row is stored. */
  isApplied(): Promise<boolean>;
}

interface WorldBase extends RowReader {
  readonly put: PutRecords;
  /** How often a producer tries to put a record; undefined: as often as on a real clock. */
  readonly putAttemptsMax?: number;
  /** In front of random partition keys, where records are known by them. */
  readonly partitionKeyPrefix?: string;
  pause(ms: number): Promise<void>;
  /** All rows of one of the workload's tables, as of now. */
  scan(table: string): AsyncIterable<Row>;
  /** Removes the run's rows, where the options request it. */
  removeRows?(): Promise<void>;
  /** False once the handler did something that makes another run with this seed differ. */
  isRepeatable?(): boolean;
  /** Notes on this run, such as that the handler uses a callback. */
  readonly notes: Iterable<string>;
  /** The last lines that the handler printed. */
  readonly output: readonly string[];
  /**
   * Ends everything that was started, at once. May be called again, and while something is under
   * way.
   */
  close(): Promise<void>;
}
