/** The flags of the stream, of its delivery, and of what goes wrong on the way. */
import { FAULT_NAMES, MEMORY_FAULT_NAMES } from '../simulator/model/faults.ts';
import { RUN_DEFAULTS } from '../simulator/model/run-options.ts';
import { fixed, unset } from './flag.ts';
import { DELIVERY, FAULTS, type RunFlags, STREAM } from './run-flag.ts';
import { choice, fault, faultProfile, joined, onOff, ratio, whole } from './values.ts';

export const DELIVERY_FLAGS = {
  shards: {
    name: 'shards',
    group: STREAM,
    describe: 'Shards of the stream',
    ...fixed(RUN_DEFAULTS.shards),
    read: whole(1, 500, 4),
  },
  partition: {
    name: 'partition',
    group: STREAM,
    describe:
      'What spreads the records over the shards: key (the partition keys of the workload) or random',
    ...fixed(RUN_DEFAULTS.partition),
    read: choice(['key', 'random']),
  },
  batchSize: {
    name: 'batch-size',
    group: DELIVERY,
    describe: 'Records in a batch, at most (1 to 10000)',
    ...fixed(RUN_DEFAULTS.batchSize),
    read: whole(1, 10_000, 100),
  },
  batchWindow: {
    name: 'batch-window',
    group: DELIVERY,
    describe: 'Seconds for which a batch waits to fill (0 to 300)',
    ...fixed(RUN_DEFAULTS.batchWindow),
    read: whole(0, 300, 1),
  },
  parallelizationFactor: {
    name: 'parallelization-factor',
    group: DELIVERY,
    describe: 'Concurrent batches of one shard (1 to 10)',
    ...fixed(RUN_DEFAULTS.parallelizationFactor),
    read: whole(1, 10, 2),
  },
  retryAttempts: {
    name: 'retry-attempts',
    group: DELIVERY,
    describe: 'Retries of a failed batch before it is discarded (-1: until its records expire)',
    ...fixed(RUN_DEFAULTS.retryAttempts),
    read: whole(-1, 10_000, 3),
  },
  bisect: {
    name: 'bisect',
    group: DELIVERY,
    describe: 'Split a failed batch in two; --no-bisect leaves it whole',
    ...fixed(RUN_DEFAULTS.bisect),
    read: onOff,
  },
  repeatDelivery: {
    name: 'repeat-delivery',
    group: DELIVERY,
    describe: 'Share of the batches that is delivered again although they had succeeded',
    ...fixed(RUN_DEFAULTS.repeatDelivery),
    read: ratio(0.2),
  },
  kill: {
    name: 'kill',
    group: FAULTS,
    describe: 'Times that a worker is killed (SIGKILL) between two writes of a batch',
    ...fixed(RUN_DEFAULTS.kill),
    read: whole(0, 10_000, 5),
  },
  faults: {
    name: 'fault',
    group: FAULTS,
    describe:
      'NAME=RATIO, once for each kind: what befalls this share of the requests that it can befall. ' +
      `NAME is one of ${FAULT_NAMES.join(', ')}; ` +
      `with --world memory also ${MEMORY_FAULT_NAMES.join(', ')}`,
    ...unset(),
    read: fault,
    join: joined,
  },
  faultProfile: {
    name: 'faults',
    group: FAULTS,
    describe:
      'A mixture of all faults that the world can do: none, light, heavy, or a JSON FILE of {"NAME": RATIO}',
    ...fixed('none'),
    read: faultProfile,
  },
} satisfies Partial<RunFlags>;
