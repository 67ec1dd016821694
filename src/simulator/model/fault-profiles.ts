/** Named mixtures of faults, for `--faults`. */
import { FAULT_NAMES, type FaultRatios, MEMORY_FAULT_NAMES } from './faults.ts';

export interface FaultProfile {
  /** As on the command line: `none`, `light`, `heavy`, or a file. */
  readonly name: string;
  readonly ratios: FaultRatios;
}

export const PROFILES: Readonly<Record<'none' | 'light' | 'heavy', FaultRatios>> = {
  none: {},
  /** A busy day. */
  light: {
    throttled: 0.01,
    conflict: 0.01,
    'internal-error-before': 0.002,
    'internal-error-after': 0.002,
    'answer-lost': 0.002,
    slow: 0.005,
    'unprocessed-items': 0.02,
    'small-pages': 0.05,
    crash: 0.0005,
    'lands-late': 0.002,
    'stale-read': 0.05,
    'time-out': 0.001,
    'worker-lost': 0.02,
    'clock-skew': 0.1,
    reshard: 0.002,
    'put-refused': 0.005,
    'put-answer-lost': 0.01,
    'expired-iterator': 0.01,
    rebatch: 0.1,
    'repeat-delivery': 0.02,
  },
  /** An hour worse than any year. */
  heavy: {
    throttled: 0.05,
    conflict: 0.05,
    'internal-error-before': 0.02,
    'internal-error-after': 0.02,
    'answer-lost': 0.02,
    slow: 0.05,
    'unprocessed-items': 0.1,
    'small-pages': 0.3,
    crash: 0.005,
    'lands-late': 0.02,
    'stale-read': 0.3,
    'time-out': 0.02,
    'worker-lost': 0.1,
    'clock-skew': 0.3,
    reshard: 0.05,
    'put-refused': 0.02,
    'put-answer-lost': 0.05,
    'expired-iterator': 0.05,
    rebatch: 0.5,
    'repeat-delivery': 0.1,
  },
};

/** The options of a run that set its faults. */
export interface FaultOptions {
  readonly world: string;
  readonly faultProfile: FaultProfile;
  readonly faults: FaultRatios;
  /** Fraction of the batches. */
  readonly repeatDelivery: number;
}

/**
 * The faults of a run: those of its profile that its world can inject, and those requested by name.
 */
export function faultsOf({
  world,
  faultProfile,
  faults,
  repeatDelivery,
}: FaultOptions): FaultRatios {
  const possible: readonly string[] =
    world === 'memory' ? [...FAULT_NAMES, ...MEMORY_FAULT_NAMES] : FAULT_NAMES;
  const ofProfile = Object.entries(faultProfile.ratios).filter(([name]) => possible.includes(name));
  const repeats = repeatDelivery > 0 ? { 'repeat-delivery': repeatDelivery } : {};
  return { ...Object.fromEntries(ofProfile), ...repeats, ...faults };
}
