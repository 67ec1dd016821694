/** Real waiting, for work on a deployed stack. */
import { setTimeout as delay } from 'node:timers/promises';

/** Rejects as soon as the signal is aborted. */
export function pauseOf(signal: AbortSignal): (ms: number) => Promise<void> {
  return (ms) => delay(ms, undefined, { signal });
}
