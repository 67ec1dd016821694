import type { FaultProfile } from './fault-profiles.ts';
import type { FaultRatios } from './faults.ts';
import type { Entities } from './workload.ts';

/** Every option of a run, resolved: what it takes, with the seed, to repeat it. */
export interface RunOptions {
  readonly seed: string;
  /** Events in the canonical history, before copies. */
  readonly count: number;
  readonly entities: Entities;
  /** False: in order; true: over the whole history; a number: within a window of so many positions. */
  readonly shuffle: boolean | number;
  /** Ratios in [0, 1]. */
  readonly duplicate: number;
  readonly delay: number;
  readonly garbage: number;
  readonly shards: number;
  readonly partition: 'key' | 'random';
  readonly batchSize: number;
  /** Seconds. */
  readonly batchWindow: number;
  readonly parallelizationFactor: number;
  /** -1: until the record expires. */
  readonly retryAttempts: number;
  readonly bisect: boolean;
  /** Share of the batches delivered again although they had succeeded. */
  readonly repeatDelivery: number;
  /** How many times a worker is killed in mid-batch. */
  readonly kill: number;
  /** A mixture of faults; one of it that never happens is no reason for doubt. */
  readonly faultProfile: FaultProfile;
  /** Faults asked for one by one, by name; each must happen. */
  readonly faults: FaultRatios;
  /** `FILE[#EXPORT]`, absolute: somebody's workload; undefined: the game of the shipped handler. */
  readonly workload: string | undefined;
  /** `FILE[#EXPORT]`, absolute; undefined: the shipped handler. */
  readonly handler: string | undefined;
  /** Hold a handler that is not the shipped one to the workload's invariants as well. */
  readonly invariants: boolean;
  readonly world: 'local' | 'memory' | 'aws';
  readonly kinesisServer: 'kinesalite' | 'kinesis-local';
  readonly dynamodbServer: 'dynoxide' | 'dynamodb-local';
  /** A server that runs already, instead of one that is started. */
  readonly kinesisEndpoint: string | undefined;
  readonly dynamodbEndpoint: string | undefined;
  /** What follows is of `world: 'aws'` alone. The stage of a deployed stack. */
  readonly stage: string | undefined;
  /** Sets the run's rows apart from those of other runs. */
  readonly prefix: string;
  /** Seconds after the last put within which everything must have been applied. */
  readonly wait: number;
  /** Seconds without a change after which rows that are wrong stay so. */
  readonly still: number;
  /** Remove the run's rows at the end, and at the start what an earlier run of this prefix left. */
  readonly clean: boolean;
  /** Also on a stage that is called prod. */
  readonly yes: boolean;
}

/** The value of each option that is not set. With a shuffle, `SHUFFLE_DEFAULTS` come first. */
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
