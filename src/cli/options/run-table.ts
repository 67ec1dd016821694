/** The table of the options of a run. */
import { FAULT_NAMES, MEMORY_FAULT_NAMES } from '../../simulator/model/faults.ts';
import { RUN_DEFAULTS, SHUFFLE_DEFAULTS } from '../../simulator/model/run-options.ts';
import { entities, type GameEntity } from '../../simulator/workload/winner/entities.ts';
import { fixed, type Option, type RunFlagTable, SIMULATED, unset } from './option.ts';
import {
  choice,
  endpoint,
  entityCount,
  fault,
  faultProfile,
  merged,
  moduleReference,
  onOff,
  ratio,
  runPrefix,
  stageName,
  text,
  whole,
} from './values.ts';

const HISTORY = 'History';
const DISORDER = 'Disorder';
const STREAM = 'Stream';
const DELIVERY = { group: 'Delivery (event source mapping)', ...SIMULATED };
const FAULTS = { group: 'Faults', ...SIMULATED };
const WORLD = 'Handler and world';
const LOCAL = { group: WORLD, worlds: ['local'] } as const;
const AWS = { group: 'Deployed stack', worlds: ['aws'] } as const;

/** More events than any run is meant for: a slip of the finger is refused before it runs out of memory. */
const COUNT_MAX = 100_000_000;

/** A flag for each entity of the shipped workload, by its name. */
export const ENTITY_OPTIONS = Object.fromEntries(
  Object.keys(entities(1)).map((name) => [
    name,
    {
      group: HISTORY,
      describe: `Distinct ${name}; short for --entity ${name}=COUNT`,
      ...unset('in proportion to --count'),
      read: whole(1, COUNT_MAX, 40),
    },
  ]),
  // As many as there are names.
) as Readonly<Record<GameEntity, Option<number> & ReturnType<typeof unset>>>;

/** Of a deployed stack alone. */
export const AWS_OPTIONS = {
  stage: {
    ...AWS,
    describe: 'Stage of the stack, which is called winner-view-STAGE',
    ...unset(),
    read: stageName,
  },
  prefix: {
    ...AWS,
    describe: "Prefix of the run's ids, by which its rows are told from others",
    ...unset('made from the seed'),
    read: runPrefix,
  },
  wait: {
    ...AWS,
    describe: 'Seconds after the last put within which everything must be applied',
    ...fixed(RUN_DEFAULTS.wait),
    read: whole(1, 86_400, 900),
  },
  still: {
    ...AWS,
    describe: 'Seconds without a change after which a wrong row is taken to stay wrong',
    ...fixed(RUN_DEFAULTS.still),
    read: whole(1, 86_400, 120),
  },
  clean: {
    ...AWS,
    describe: "Remove rows of the run's prefix: an earlier run's before it, its own after it",
    ...fixed(RUN_DEFAULTS.clean),
    read: onOff,
  },
  yes: {
    ...AWS,
    describe: 'Allow production stages',
    ...fixed(RUN_DEFAULTS.yes),
    read: onOff,
  },
} satisfies RunFlagTable;

/** In the order of the help. The type asks for an entry for every option of a run. */
export const RUN_OPTIONS = {
  count: {
    group: HISTORY,
    describe: 'Events in the canonical history, before copies',
    ...fixed(RUN_DEFAULTS.count),
    read: whole(1, COUNT_MAX, 1000),
  },
  seed: {
    group: HISTORY,
    describe: 'Any text; the same seed and options give the same history, disorder and puts',
    ...unset('drawn and printed'),
    read: text,
    isShared: true,
  },
  entity: {
    group: HISTORY,
    describe: "NAME=COUNT: how many of the workload's entities of this name; may be repeated",
    ...unset('by the workload, for --count'),
    read: entityCount(COUNT_MAX),
    join: merged,
  },
  shuffle: {
    group: DISORDER,
    describe:
      'Shuffle the whole history, or within a window of this many positions; ' +
      `implies --duplicate ${SHUFFLE_DEFAULTS.duplicate} --delay ${SHUFFLE_DEFAULTS.delay} unless they are given`,
    ...fixed(RUN_DEFAULTS.shuffle),
    read: (written, place) =>
      typeof written === 'boolean' ? written : whole(1, COUNT_MAX, 50)(written, place),
  },
  duplicate: {
    group: DISORDER,
    describe: 'Fraction of the events that are put again, one to three times, at a later position',
    ...unset('0'),
    read: ratio(0.1),
  },
  delay: {
    group: DISORDER,
    describe: 'Fraction of the events that are held back until the last fifth of the puts',
    ...unset('0'),
    read: ratio(0.05),
  },
  garbage: {
    group: DISORDER,
    describe: 'Malformed records to add, as a fraction of the events',
    ...fixed(RUN_DEFAULTS.garbage),
    read: ratio(0.1),
  },
  shards: {
    group: STREAM,
    ...SIMULATED,
    describe: 'Shards of the stream',
    ...fixed(RUN_DEFAULTS.shards),
    read: whole(1, 500, 4),
  },
  partition: {
    group: STREAM,
    describe: "Spread records over the shards by the workload's partition keys, or at random",
    ...fixed(RUN_DEFAULTS.partition),
    read: choice(['key', 'random']),
  },
  batchSize: {
    ...DELIVERY,
    describe: 'Maximum records in a batch (1 to 10000)',
    ...fixed(RUN_DEFAULTS.batchSize),
    read: whole(1, 10_000, 100),
  },
  batchWindow: {
    ...DELIVERY,
    describe: 'Maximum seconds to wait for a batch to fill (0 to 300)',
    ...fixed(RUN_DEFAULTS.batchWindow),
    read: whole(0, 300, 1),
  },
  parallelizationFactor: {
    ...DELIVERY,
    describe: 'Concurrent batches of each shard (1 to 10)',
    ...fixed(RUN_DEFAULTS.parallelizationFactor),
    read: whole(1, 10, 2),
  },
  retryAttempts: {
    ...DELIVERY,
    describe: 'Retries of a failed batch before it is discarded (-1: until its records expire)',
    ...fixed(RUN_DEFAULTS.retryAttempts),
    read: whole(-1, 10_000, 3),
  },
  bisect: {
    ...DELIVERY,
    describe: 'Split a failed batch in two before it is retried; --no-bisect retries it whole',
    ...fixed(RUN_DEFAULTS.bisect),
    read: onOff,
  },
  repeatDelivery: {
    ...DELIVERY,
    describe: 'Fraction of the successful batches that are delivered again',
    ...fixed(RUN_DEFAULTS.repeatDelivery),
    read: ratio(0.2),
  },
  kill: {
    ...FAULTS,
    describe: 'How many times a worker is killed (SIGKILL) between two writes of a batch',
    ...fixed(RUN_DEFAULTS.kill),
    read: whole(0, 10_000, 5),
  },
  fault: {
    ...FAULTS,
    describe:
      'NAME=RATIO: fraction of eligible requests that fail this way; may be repeated. ' +
      `NAME is one of ${FAULT_NAMES.join(', ')}; ` +
      `with --world memory also ${MEMORY_FAULT_NAMES.join(', ')}`,
    ...unset(),
    read: fault,
    join: merged,
  },
  faults: {
    ...FAULTS,
    describe:
      'A mix of all faults that the world can inject: none, light, heavy, or a JSON FILE of {"NAME": RATIO}',
    ...fixed(RUN_DEFAULTS.faultProfile.name),
    read: faultProfile,
    isShared: true,
  },
  workload: {
    group: WORLD,
    ...SIMULATED,
    describe:
      "FILE[#EXPORT]: another view's events, tables and reference; `simulate init` writes one to start from",
    ...unset('the shipped one'),
    read: moduleReference('a workload', 'workload.ts'),
    needs: 'handler',
    isShared: true,
  },
  handler: {
    group: WORLD,
    ...SIMULATED,
    describe:
      'FILE[#EXPORT]: a handler that takes a Kinesis event and uses the AWS SDK for JavaScript v3; ' +
      'or FILE.zip[#MODULE.EXPORT], a packaged one',
    ...unset('the shipped one'),
    read: moduleReference('a handler', 'my-handler.ts'),
    isShared: true,
  },
  invariants: {
    group: WORLD,
    worlds: ['memory'],
    describe: 'Check the invariants while a --handler runs, as they are for the shipped one',
    ...fixed(RUN_DEFAULTS.invariants),
    read: onOff,
    needs: 'handler',
    isShared: true,
  },
  world: {
    group: WORLD,
    describe:
      'Where it runs: local (real servers on this machine), memory (everything is simulated, on a virtual clock: ' +
      'the same seed gives the same run, request by request), or aws (a deployed stack)',
    ...fixed(RUN_DEFAULTS.world),
    read: choice(['local', 'memory', 'aws']),
  },
  kinesisServer: {
    ...LOCAL,
    describe: 'Kinesis server to start: kinesalite or kinesis-local',
    ...fixed(RUN_DEFAULTS.kinesisServer),
    read: choice(['kinesalite', 'kinesis-local']),
  },
  dynamodbServer: {
    ...LOCAL,
    describe:
      'DynamoDB server to start: dynoxide or dynamodb-local (Java; listens on every interface)',
    ...fixed(RUN_DEFAULTS.dynamodbServer),
    read: choice(['dynoxide', 'dynamodb-local']),
  },
  kinesisEndpoint: {
    ...LOCAL,
    describe: 'URL of a running Kinesis server on this machine, to use instead of starting one',
    ...unset(),
    read: endpoint(4567),
    excludes: ['kinesis-server'],
  },
  dynamodbEndpoint: {
    ...LOCAL,
    describe: 'URL of a running DynamoDB server on this machine, to use instead of starting one',
    ...unset(),
    read: endpoint(8000),
    excludes: ['dynamodb-server'],
  },
  ...AWS_OPTIONS,
} satisfies Required<RunFlagTable>;
