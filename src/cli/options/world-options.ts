/** Options of the handler under test, and of the world that it runs in. */
import { fixed, type RunFlagTable, SIMULATED, unset } from './option.ts';
import { choice, endpoint, moduleReference, onOff, runPrefix, stageName, whole } from './values.ts';

const WORLD = 'Handler and world';
const LOCAL = { group: WORLD, worlds: ['local'] } as const;
const AWS = { group: 'Deployed stack', worlds: ['aws'] } as const;

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
    ...fixed('900'),
    read: whole(1, 86_400, 900),
  },
  still: {
    ...AWS,
    describe: 'Seconds without a change after which a wrong row is taken to stay wrong',
    ...fixed('120'),
    read: whole(1, 86_400, 120),
  },
  clean: {
    ...AWS,
    describe: "Remove rows of the run's prefix: an earlier run's before it, its own after it",
    ...fixed(false),
    read: onOff,
  },
  yes: {
    ...AWS,
    describe: 'Allow production stages',
    ...fixed(false),
    read: onOff,
  },
} satisfies RunFlagTable;

export const WORLD_OPTIONS = {
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
    ...fixed(false),
    read: onOff,
    needs: 'handler',
    isShared: true,
  },
  world: {
    group: WORLD,
    describe:
      'Where it runs: local (real servers on this machine), memory (everything is simulated, on a virtual clock: ' +
      'the same seed gives the same run, request by request), or aws (a deployed stack)',
    ...fixed('local'),
    read: choice(['local', 'memory', 'aws']),
  },
  kinesisServer: {
    ...LOCAL,
    describe: 'Kinesis server to start: kinesalite or kinesis-local',
    ...fixed('kinesalite'),
    read: choice(['kinesalite', 'kinesis-local']),
  },
  dynamodbServer: {
    ...LOCAL,
    describe:
      'DynamoDB server to start: dynoxide or dynamodb-local (Java; listens on every interface)',
    ...fixed('dynoxide'),
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
} satisfies RunFlagTable;
