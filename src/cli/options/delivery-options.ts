/** Options of the stream, of its delivery, and of the faults. */
import { FAULT_NAMES, MEMORY_FAULT_NAMES } from '../../simulator/model/faults.ts';
import { fixed, type RunFlagTable, SIMULATED, unset } from './option.ts';
import { choice, fault, faultProfile, merged, onOff, ratio, whole } from './values.ts';

const STREAM = 'Stream';
const DELIVERY = { group: 'Delivery (event source mapping)', ...SIMULATED };
const FAULTS = { group: 'Faults', ...SIMULATED };

export const DELIVERY_OPTIONS = {
  shards: {
    group: STREAM,
    ...SIMULATED,
    describe: 'Shards of the stream',
    ...fixed('2'),
    read: whole(1, 500, 4),
  },
  partition: {
    group: STREAM,
    describe: "Spread records over the shards by the workload's partition keys, or at random",
    ...fixed('key'),
    read: choice(['key', 'random']),
  },
  batchSize: {
    ...DELIVERY,
    describe: 'Maximum records in a batch (1 to 10000)',
    ...fixed('100'),
    read: whole(1, 10_000, 100),
  },
  batchWindow: {
    ...DELIVERY,
    describe: 'Maximum seconds to wait for a batch to fill (0 to 300)',
    ...fixed('0'),
    read: whole(0, 300, 1),
  },
  parallelizationFactor: {
    ...DELIVERY,
    describe: 'Concurrent batches of each shard (1 to 10)',
    ...fixed('1'),
    read: whole(1, 10, 2),
  },
  retryAttempts: {
    ...DELIVERY,
    describe: 'Retries of a failed batch before it is discarded (-1: until its records expire)',
    ...fixed('-1'),
    read: whole(-1, 10_000, 3),
  },
  bisect: {
    ...DELIVERY,
    describe: 'Split a failed batch in two before it is retried; --no-bisect retries it whole',
    ...fixed(true),
    read: onOff,
  },
  repeatDelivery: {
    ...DELIVERY,
    describe: 'Fraction of the successful batches that are delivered again',
    ...fixed('0'),
    read: ratio(0.2),
  },
  kill: {
    ...FAULTS,
    describe: 'How many times a worker is killed (SIGKILL) between two writes of a batch',
    ...fixed('0'),
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
    ...fixed('none'),
    read: faultProfile,
    isShared: true,
  },
} satisfies RunFlagTable;
