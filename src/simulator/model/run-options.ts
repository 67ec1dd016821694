import type { FaultProfile } from './fault-profiles.ts';
import type { FaultRatios } from './faults.ts';
import type { Entities } from './workload.ts';

/** Every option of a run, resolved: together they repeat the run. */
export interface RunOptions {
  readonly seed: string;
  /** Events in the canonical history, before copies. */
  readonly count: number;
  /** How many of each kind of thing the history is about, by the workload's names. */
  readonly entities: Entities;
  /**
   * False: in order; true: over the whole history; a number: within a window of so many positions.
   */
  readonly shuffle: boolean | number;
  /** Fractions of the events, from 0 to 1. */
  readonly duplicate: number;
  readonly delay: number;
  readonly garbage: number;
  readonly shards: number;
  /** The partition keys of the records: the workload's, or random ones. */
  readonly partition: 'key' | 'random';
  readonly batchSize: number;
  /** Seconds. */
  readonly batchWindow: number;
  readonly parallelizationFactor: number;
  /** -1: until the record expires. */
  readonly retryAttempts: number;
  readonly bisect: boolean;
  /** Fraction of the successful batches that are delivered again. */
  readonly repeatDelivery: number;
  /** How many times a worker is killed in the middle of a batch. */
  readonly kill: number;
  /** A mixture of faults. The verdict does not depend on whether each of them happened. */
  readonly faultProfile: FaultProfile;
  /** Single faults by name. If one of them never happens, the verdict is unknown. */
  readonly faults: FaultRatios;
  /** `FILE[#EXPORT]`, absolute; undefined: the shipped workload. */
  readonly workload: string | undefined;
  /** `FILE[#EXPORT]`, absolute; undefined: the shipped handler. */
  readonly handler: string | undefined;
  /** Check the workload's invariants on a handler that is not the shipped one as well. */
  readonly invariants: boolean;
  readonly world: 'local' | 'memory' | 'aws';
  readonly kinesisServer: 'kinesalite' | 'kinesis-local';
  readonly dynamodbServer: 'dynoxide' | 'dynamodb-local';
  /** URL of a running server, which is used instead of starting one. */
  readonly kinesisEndpoint: string | undefined;
  readonly dynamodbEndpoint: string | undefined;
  /** This option and the following ones belong to `world: 'aws'`. The stage of a deployed stack. */
  readonly stage: string | undefined;
  /** Distinguishes the run's rows from those of other runs. */
  readonly prefix: string;
  /** Seconds after the last put within which everything must have been applied. */
  readonly wait: number;
  /** Seconds without a change after which wrong rows count as final. */
  readonly still: number;
  /**
   * Remove the run's rows at the end, and those of an earlier run with this prefix at the start.
   */
  readonly clean: boolean;
  /** Allow a production stage. */
  readonly yes: boolean;
}

/** The value of each option that is not set. With a shuffle, `SHUFFLE_DEFAULTS` override them. */
export const RUN_DEFAULTS: Omit<RunOptions, 'seed' | 'entities'> = {
  count: 1000,
  shuffle: false,
  duplicate: 0,
  delay: 0,
  garbage: 0,
  shards: 2,
  partition: 'key',
  batchSize: 100,
  batchWindow: 0,
  parallelizationFactor: 1,
  retryAttempts: -1,
  bisect: true,
  repeatDelivery: 0,
  kill: 0,
  faultProfile: { name: 'none', ratios: {} },
  faults: {},
  workload: undefined,
  handler: undefined,
  invariants: false,
  world: 'local',
  kinesisServer: 'kinesalite',
  dynamodbServer: 'dynoxide',
  kinesisEndpoint: undefined,
  dynamodbEndpoint: undefined,
  stage: undefined,
  prefix: '',
  wait: 900,
  still: 120,
  clean: false,
  yes: false,
};

export const SHUFFLE_DEFAULTS = { duplicate: 0.1, delay: 0.05 };
