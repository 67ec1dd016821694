/** Runs the stages of a run in order, and appends the start and end of each to the history. */
import type { History } from '../history/history.ts';
import type { StageChanged } from '../model/history.ts';

type Stage = StageChanged['stage'];

export interface Stages {
  /** By stage, how long it took on the wall clock. */
  readonly wallMs: Readonly<Partial<Record<Stage, number>>>;
  /** Rejects as soon as the run is aborted. */
  run<T>(stage: Stage, work: () => T | Promise<T>): Promise<T>;
  /** No longer listens to the signal, which may outlive a million runs. */
  dispose(): void;
}

export function createStages(history: History, signal: AbortSignal, wallNow: () => number): Stages {
  const wallMs: Partial<Record<Stage, number>> = {};
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  aborted.catch(() => {});
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  return {
    wallMs,
    dispose: () => signal.removeEventListener('abort', abort),
    async run(stage, work) {
      const startedAt = wallNow();
      history.append({ type: 'stage-started', stage });
      const result = await Promise.race([work(), aborted]);
      history.append({ type: 'stage-ended', stage });
      wallMs[stage] = wallNow() - startedAt;
      return result;
    },
  };
}
