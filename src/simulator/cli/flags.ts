/**
 * The flags of a run: one entry for each option, from which the parser, the help, the header and the
 * command that repeats a run are made. The type asks for an entry for every field of `RunOptions`.
 */
import { hash32 } from '../dice.ts';
import { FAULT_NAMES, MEMORY_FAULT_NAMES } from '../faults/names.ts';
import type { RunOptions } from '../run/options.ts';
import {
  choice,
  endpoint,
  fault,
  faultProfile,
  type Given,
  joinedFaults,
  moduleReference,
  onOff,
  ratio,
  runPrefix,
  stageName,
  text,
  whole,
} from './values.ts';

export interface Flag<Value> {
  readonly name: string;
  readonly group: (typeof GROUPS)[number];
  readonly describe: string;
  /** The default as the help shows it; the values are in `defaultOptions`. */
  readonly byDefault: string;
  /** The value that was given, or a `SimulatorError` in one line; `folder`: what paths start from. */
  read(flag: string, given: Given, folder: string): Value;
  /** For a flag that may be given several times: the values read so far, and one more. */
  join?(flag: string, values: Value, value: Value): Value;
}

export const GROUPS = [
  'History:',
  'Disorder:',
  'Stream:',
  'Delivery (the event source mapping):',
  'Faults:',
  'Handler and world:',
  'A deployed stack (--world aws):',
] as const;

const [HISTORY, DISORDER, STREAM, DELIVERY, FAULTS, WORLD, AWS] = GROUPS;

/** More events than any run is meant for; a slip of the finger meets it before memory does. */
const COUNT_MAX = 100_000_000;

export const FLAGS: { readonly [Key in keyof RunOptions]: Flag<RunOptions[Key]> } = {
  count: {
    name: 'count',
    group: HISTORY,
    describe: 'Events in the canonical history, before copies',
    byDefault: '1000',
    read: whole(1, COUNT_MAX, 1000),
  },
  seed: {
    name: 'seed',
    group: HISTORY,
    describe: 'Any text; the same seed and flags make the same history, disorder and pushes',
    byDefault: 'drawn and printed',
    read: text,
  },
  products: {
    name: 'products',
    group: HISTORY,
    describe: 'Distinct products',
    byDefault: 'in proportion to the count',
    read: whole(1, COUNT_MAX, 40),
  },
  users: {
    name: 'users',
    group: HISTORY,
    describe: 'Distinct users',
    byDefault: 'in proportion to the count',
    read: whole(1, COUNT_MAX, 10),
  },
  shuffle: {
    name: 'shuffle',
    group: DISORDER,
    describe:
      'Shuffle the whole history, or within a window of so many positions; ' +
      'brings --duplicate 0.1 --delay 0.05 unless they are given',
    byDefault: 'off',
    read: (flag, given, folder) =>
      typeof given === 'boolean' ? given : whole(1, COUNT_MAX, 50)(flag, given, folder),
  },
  duplicate: {
    name: 'duplicate',
    group: DISORDER,
    describe: 'Share of the events that is pushed again, one to three times, anywhere later',
    byDefault: '0',
    read: ratio(0.1),
  },
  delay: {
    name: 'delay',
    group: DISORDER,
    describe: 'Share of the events that is held back until the last fifth of the pushes',
    byDefault: '0',
    read: ratio(0.05),
  },
  garbage: {
    name: 'garbage',
    group: DISORDER,
    describe: 'Malformed records added, as a share of the events',
    byDefault: '0',
    read: ratio(0.1),
  },
  shards: {
    name: 'shards',
    group: STREAM,
    describe: 'Shards of the stream',
    byDefault: '2',
    read: whole(1, 500, 4),
  },
  partition: {
    name: 'partition',
    group: STREAM,
    describe: 'What spreads the records over the shards: product or random',
    byDefault: 'product',
    read: choice(['product', 'random']),
  },
  batchSize: {
    name: 'batch-size',
    group: DELIVERY,
    describe: 'Records in a batch, at most (1 to 10000)',
    byDefault: '100',
    read: whole(1, 10_000, 100),
  },
  batchWindow: {
    name: 'batch-window',
    group: DELIVERY,
    describe: 'Seconds for which a batch waits to fill (0 to 300)',
    byDefault: '0',
    read: whole(0, 300, 1),
  },
  parallelizationFactor: {
    name: 'parallelization-factor',
    group: DELIVERY,
    describe: 'Concurrent batches of one shard (1 to 10)',
    byDefault: '1',
    read: whole(1, 10, 2),
  },
  retryAttempts: {
    name: 'retry-attempts',
    group: DELIVERY,
    describe: 'Retries of a failed batch before it is discarded (-1: until its records expire)',
    byDefault: '-1',
    read: whole(-1, 10_000, 3),
  },
  bisect: {
    name: 'bisect',
    group: DELIVERY,
    describe: 'Split a failed batch in two; --no-bisect leaves it whole',
    byDefault: 'on',
    read: onOff,
  },
  repeatDelivery: {
    name: 'repeat-delivery',
    group: DELIVERY,
    describe: 'Share of the batches that is delivered again although they had succeeded',
    byDefault: '0',
    read: ratio(0.2),
  },
  kill: {
    name: 'kill',
    group: FAULTS,
    describe: 'Times that a worker is killed (SIGKILL) between two writes of a batch',
    byDefault: '0',
    read: whole(0, 10_000, 5),
  },
  faults: {
    name: 'fault',
    group: FAULTS,
    describe:
      'NAME=RATIO, once for each kind: what befalls this share of the requests that it can befall. ' +
      `NAME is one of ${FAULT_NAMES.join(', ')}; ` +
      `with --world memory also ${MEMORY_FAULT_NAMES.join(', ')}`,
    byDefault: 'none',
    read: fault,
    join: joinedFaults,
  },
  faultProfile: {
    name: 'faults',
    group: FAULTS,
    describe:
      'A mixture of all faults that the world can do: none, light, heavy, or a JSON FILE of {"NAME": RATIO}',
    byDefault: 'none',
    read: faultProfile,
  },
  workload: {
    name: 'workload',
    group: WORLD,
    describe:
      "FILE[#EXPORT]: another view's events, tables and reference (`simulate init` writes one to start from); " +
      'takes --handler',
    byDefault: 'the winner game',
    read: moduleReference('a workload', 'workload.ts'),
  },
  handler: {
    name: 'handler',
    group: WORLD,
    describe:
      'FILE[#EXPORT]: any handler that takes a Kinesis event and uses the AWS SDK; or a packaged one, ' +
      'FILE.zip[#MODULE.EXPORT]',
    byDefault: 'the shipped one',
    read: moduleReference('a handler', 'my-handler.ts'),
  },
  invariants: {
    name: 'invariants',
    group: WORLD,
    describe:
      'Hold a --handler to the invariants while it runs (--world memory), as the shipped one is',
    byDefault: 'off',
    read: onOff,
  },
  world: {
    name: 'world',
    group: WORLD,
    describe:
      'Where it runs: local (real servers on this machine), memory (all simulated, a virtual clock: ' +
      'the same seed gives the same run, request by request), or aws (a deployed stack)',
    byDefault: 'local',
    read: choice(['local', 'memory', 'aws']),
  },
  kinesisServer: {
    name: 'kinesis-server',
    group: WORLD,
    describe: 'The Kinesis API that is started: kinesalite or kinesis-local',
    byDefault: 'kinesalite',
    read: choice(['kinesalite', 'kinesis-local']),
  },
  dynamodbServer: {
    name: 'dynamodb-server',
    group: WORLD,
    describe: 'The DynamoDB API that is started: dynoxide or dynamodb-local',
    byDefault: 'dynoxide',
    read: choice(['dynoxide', 'dynamodb-local']),
  },
  kinesisEndpoint: {
    name: 'kinesis-endpoint',
    group: WORLD,
    describe: 'URL of a Kinesis API on this machine that runs already, instead of starting one',
    byDefault: 'none',
    read: endpoint(4567),
  },
  dynamodbEndpoint: {
    name: 'dynamodb-endpoint',
    group: WORLD,
    describe: 'URL of a DynamoDB API on this machine that runs already, instead of starting one',
    byDefault: 'none',
    read: endpoint(8000),
  },
  stage: {
    name: 'stage',
    group: AWS,
    describe: 'The stage of the stack, winner-view-STAGE',
    byDefault: 'none',
    read: stageName,
  },
  prefix: {
    name: 'prefix',
    group: AWS,
    describe: "What the run's product and user ids begin with, and its rows are known by",
    byDefault: 'made from the seed',
    read: runPrefix,
  },
  wait: {
    name: 'wait',
    group: AWS,
    describe: 'Seconds after the last put within which everything must have been applied',
    byDefault: '900',
    read: whole(1, 86_400, 900),
  },
  still: {
    name: 'still',
    group: AWS,
    describe: 'Seconds without a change after which rows that are wrong are taken to stay so',
    byDefault: '120',
    read: whole(1, 86_400, 120),
  },
  clean: {
    name: 'clean',
    group: AWS,
    describe: "Remove the run's rows in the end, and first those of an earlier run of its prefix",
    byDefault: 'off',
    read: onOff,
  },
  yes: {
    name: 'yes',
    group: AWS,
    describe: 'Also on a stage that is called prod',
    byDefault: 'off',
    read: onOff,
  },
};

/** Flags that say nothing to a deployed stack, whose stream, delivery, faults and handler are its own. */
export const NOT_OF_AWS = [
  'shards',
  ...keysOf(DELIVERY),
  ...keysOf(FAULTS),
  ...keysOf(WORLD).filter((key) => key !== 'world'),
] as const;
export const OF_AWS_ALONE = keysOf(AWS);

function keysOf(group: (typeof GROUPS)[number]): readonly (keyof RunOptions)[] {
  return (Object.keys(FLAGS) as (keyof RunOptions)[]).filter((key) => FLAGS[key].group === group);
}

/** In the order of the help. */
export const FLAG_KEYS = Object.keys(FLAGS) as (keyof RunOptions)[];

/** How many products and users a workload takes for a count, where nobody says. */
export type WorkloadDefaults = (count: number) => {
  readonly products: number;
  readonly users: number;
};

/** What the options are where only these three are given. */
export function defaultOptions(
  given: Pick<RunOptions, 'seed' | 'count' | 'shuffle'>,
  workloadDefaults: WorkloadDefaults,
): RunOptions {
  const { products, users } = workloadDefaults(given.count);
  const shuffled = given.shuffle !== false;
  return {
    seed: given.seed,
    count: given.count,
    products,
    users,
    shuffle: given.shuffle,
    duplicate: shuffled ? 0.1 : 0,
    delay: shuffled ? 0.05 : 0,
    garbage: 0,
    shards: 2,
    partition: 'product',
    batchSize: 100,
    batchWindow: 0,
    parallelizationFactor: 1,
    retryAttempts: -1,
    bisect: true,
    repeatDelivery: 0,
    kill: 0,
    faults: {},
    faultProfile: { name: 'none', ratios: {} },
    invariants: false,
    workload: undefined,
    handler: undefined,
    world: 'local',
    kinesisServer: 'kinesalite',
    dynamodbServer: 'dynoxide',
    kinesisEndpoint: undefined,
    dynamodbEndpoint: undefined,
    stage: undefined,
    prefix: hash32(given.seed).toString(36),
    wait: 900,
    still: 120,
    clean: false,
    yes: false,
  };
}
