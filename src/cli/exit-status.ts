/** The exit statuses. Never 1, which any program returns that crashes. */
import type { ErrorKind } from '../simulator/model/errors.ts';
import type { Verdict } from '../simulator/model/verdict.ts';

export const EXIT_OF_VERDICT: Readonly<Record<Verdict, number>> = {
  converged: 0,
  diverged: 2,
  unknown: 3,
};

/** After BSD's sysexits. */
export const EXIT_OF_FAILURE: Readonly<Record<ErrorKind, number>> = {
  usage: 64,
  unavailable: 69,
  bug: 70,
};

export type StopSignal = 'SIGHUP' | 'SIGINT' | 'SIGTERM';

/** 128 and the number of the signal, as shells have it. */
export const EXIT_OF_SIGNAL: Readonly<Record<StopSignal, number>> = {
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
};
