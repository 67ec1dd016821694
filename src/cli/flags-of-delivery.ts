/** The flags of the stream, of its delivery, and of what goes wrong on the way. */
import { FAULT_NAMES, MEMORY_FAULT_NAMES } from '../simulator/model/faults.ts';
import { fixed, unset } from './flag.ts';
import { DELIVERY, FAULTS, type RunFlags, STREAM } from './run-flag.ts';
import { choice, fault, faultProfile, joined, onOff, ratio, whole } from './values.ts';

export const DELIVERY_FLAGS = {
  shards: {
    name: 'shards',
    group: STREAM,
    describe: 'Shards of the stream',
    ...fixed('2'),
    read: whole(1, 500, 4),
  },
  partition: {
    name: 'partition',
    group: STREAM,
    describe:
      'What spreads the records over the shards: key (the partition keys of the workload) or random',
    ...fixed('key'),
    read: choice(['key', 'random']),
  },
  batchSize: {
    name: 'batch-size',
    group: DELIVERY,
    describe: 'Records in a batch, at most (1 to 10000)',
    ...fixed('100'),
    read: whole(1, 10_000, 100),
  },
  batchWindow: {
    name: 'batch-window',
    group: DELIVERY,
    describe: 'Seconds for which a batch waits to fill (0 to 300)',
    ...fixed('0'),
    read: whole(0, 300, 1),
  },
  parallelizationFactor: {
    name: 'parallelization-factor',
    group: DELIVERY,
    describe: 'Concurrent batches of one shard (1 to 10)',
    ...fixed('1'),
    read: whole(1, 10, 2),
  },
  retryAttempts: {
    name: 'retry-attempts',
    group: DELIVERY,
    describe: 'Retries of a failed batch before it is discarded (-1: until its records expire)',
    ...fixed('-1'),
    read: whole(-1, 10_000, 3),
  },
  bisect: {
    name: 'bisect',
    group: DELIVERY,
    describe: 'Split a failed batch in two; --no-bisect leaves it whole',
    ...fixed(true),
    read: onOff,
  },
  repeatDelivery: {
    name: 'repeat-delivery',
    group: DELIVERY,
    describe: 'Share of the batches that is delivered again although they had succeeded',
    ...fixed('0'),
    read: ratio(0.2),
  },
  kill: {
    name: 'kill',
    group: FAULTS,
    describe: 'Times that a worker is killed (SIGKILL) between two writes of a batch',
    ...fixed('0'),
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
