/**
 * A simulated execution environment. Everything that its handler waits for passes through it, so
 * that it can be frozen between invocations, stalled and killed. Waiting callbacks of a frozen
 * environment run once it is thawed (item 16); those of a dead one never run.
 */
import type { Loop } from './loop.ts';

export interface Environment {
  readonly worker: string;
  /** The worker's own clock, which may differ from the others'. */
  now(): number;
  /** The world's clock. */
  worldNow(): number;
  /** Calls back at a time of the world's clock. Returns a function that cancels the call. */
  at(atMs: number, callback: () => void): () => void;
  freeze(): void;
  thaw(): void;
  kill(): void;
  /** Its code did something that ends a process: an uncaught error, `process.exit`. */
  fail(error: string): void;
  isDead(): boolean;
}

export interface EnvironmentParts {
  readonly worker: string;
  readonly loop: Loop;
  /** The difference of its clock from the world's. */
  readonly skewMs: number;
  /** Called with a failure, unless the environment is dead. */
  onFailed(error: string): void;
}

export function createEnvironment(parts: EnvironmentParts): Environment {
  const { worker, loop, skewMs } = parts;
  let state: 'running' | 'frozen' | 'dead' = 'running';
  let waiting: (() => void)[] = [];
  const run = (callback: () => void): void => {
    if (state === 'running') callback();
    else if (state === 'frozen') waiting.push(callback);
  };
  return {
    worker,
    now: () => loop.now() + skewMs,
    worldNow: loop.now,
    at(atMs, callback) {
      let isCancelled = false;
      const cancel = loop.at(atMs, () =>
        run(() => {
          if (!isCancelled) callback();
        }),
      );
      return () => {
        isCancelled = true;
        cancel();
      };
    },
    freeze() {
      if (state === 'running') state = 'frozen';
    },
    thaw() {
      if (state !== 'frozen') return;
      state = 'running';
      const due = waiting;
      waiting = [];
      for (const callback of due) loop.at(loop.now(), () => run(callback));
    },
    kill() {
      state = 'dead';
      waiting = [];
    },
    fail(error) {
      if (state !== 'dead') parts.onFailed(error);
    },
    isDead: () => state === 'dead',
  };
}
