/** The flags of whose handler runs where. */
import { RUN_DEFAULTS } from '../simulator/model/run-options.ts';
import { fixed, unset } from './flag.ts';
import { AWS, type RunFlags, WORLD } from './run-flag.ts';
import { choice, endpoint, moduleReference, onOff, runPrefix, stageName, whole } from './values.ts';

export const WORLD_FLAGS = {
  workload: {
    name: 'workload',
    group: WORLD,
    describe:
      "FILE[#EXPORT]: another view's events, tables and reference (`simulate init` writes one to start from); " +
      'takes --handler',
    ...unset('the winner game'),
    read: moduleReference('a workload', 'workload.ts'),
  },
  handler: {
    name: 'handler',
    group: WORLD,
    describe:
      'FILE[#EXPORT]: any handler that takes a Kinesis event and uses the AWS SDK; or a packaged one, ' +
      'FILE.zip[#MODULE.EXPORT]',
    ...unset('the shipped one'),
    read: moduleReference('a handler', 'my-handler.ts'),
  },
  invariants: {
    name: 'invariants',
    group: WORLD,
    describe:
      'Hold a --handler to the invariants while it runs (--world memory), as the shipped one is',
    ...fixed(RUN_DEFAULTS.invariants),
    read: onOff,
  },
  world: {
    name: 'world',
    group: WORLD,
    describe:
      'Where it runs: local (real servers on this machine), memory (all simulated, a virtual clock: ' +
      'the same seed gives the same run, request by request), or aws (a deployed stack)',
    ...fixed(RUN_DEFAULTS.world),
    read: choice(['local', 'memory', 'aws']),
  },
  kinesisServer: {
    name: 'kinesis-server',
    group: WORLD,
    describe: 'The Kinesis API that is started: kinesalite or kinesis-local',
    ...fixed(RUN_DEFAULTS.kinesisServer),
    read: choice(['kinesalite', 'kinesis-local']),
  },
  dynamodbServer: {
    name: 'dynamodb-server',
    group: WORLD,
    describe:
      'The DynamoDB API that is started: dynoxide or dynamodb-local (Java; listens on every interface)',
    ...fixed(RUN_DEFAULTS.dynamodbServer),
    read: choice(['dynoxide', 'dynamodb-local']),
  },
  kinesisEndpoint: {
    name: 'kinesis-endpoint',
    group: WORLD,
    describe: 'URL of a Kinesis API on this machine that runs already, instead of starting one',
    ...unset(),
    read: endpoint(4567),
  },
  dynamodbEndpoint: {
    name: 'dynamodb-endpoint',
    group: WORLD,
    describe: 'URL of a DynamoDB API on this machine that runs already, instead of starting one',
    ...unset(),
    read: endpoint(8000),
  },
  stage: {
    name: 'stage',
    group: AWS,
    describe: 'The stage of the stack, winner-view-STAGE',
    ...unset(),
    read: stageName,
  },
  prefix: {
    name: 'prefix',
    group: AWS,
    describe: "What the run's product and user ids begin with, and its rows are known by",
    ...unset('made from the seed'),
    read: runPrefix,
  },
  wait: {
    name: 'wait',
    group: AWS,
    describe: 'Seconds after the last put within which everything must have been applied',
    ...fixed(RUN_DEFAULTS.wait),
    read: whole(1, 86_400, 900),
  },
  still: {
    name: 'still',
    group: AWS,
    describe: 'Seconds without a change after which rows that are wrong are taken to stay so',
    ...fixed(RUN_DEFAULTS.still),
    read: whole(1, 86_400, 120),
  },
  clean: {
    name: 'clean',
    group: AWS,
    describe: "Remove the run's rows in the end, and first those of an earlier run of its prefix",
    ...fixed(RUN_DEFAULTS.clean),
    read: onOff,
  },
  yes: {
    name: 'yes',
    group: AWS,
    describe: 'Also on a stage that is called prod',
    ...fixed(RUN_DEFAULTS.yes),
    read: onOff,
  },
} satisfies Partial<RunFlags>;
