/** The faults of any world, in the order in which they are listed and drawn. */

export const FAULT_NAMES = [
  'throttled',
  'conflict',
  'internal-error-before',
  'internal-error-after',
  'answer-lost',
  'slow',
  'unprocessed-items',
  'index-lag',
  'small-pages',
] as const;

export type FaultName = (typeof FAULT_NAMES)[number];

/** The faults of a world that has the clock, the stream and the workers: `--world memory`. */
export const MEMORY_FAULT_NAMES = [
  'crash',
  'lands-late',
  'stale-read',
  'time-out',
  'worker-lost',
  'clock-skew',
  'reshard',
  'put-refused',
  'put-answer-lost',
  'expired-iterator',
  'rebatch',
  'repeat-delivery',
] as const;

export type MemoryFaultName = (typeof MEMORY_FAULT_NAMES)[number];

/** By fault, the fraction of the eligible requests that fail this way; in (0, 1]. */
export type FaultRatios = Readonly<Partial<Record<FaultName | MemoryFaultName, number>>>;
