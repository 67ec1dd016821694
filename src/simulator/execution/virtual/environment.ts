/**
 * An execution environment: everything that its handler waits for passes through here, so that it can be
 * frozen between invocations, stalled, and killed. What waits in a frozen one goes on when it is thawed
 * (item 16); what waits in a dead one never does.
 */
import type { Loop } from './loop.ts';

export interface Environment {
  readonly worker: string;
  /** The worker's own clock, which may be apart from the others'. */
  now(): number;
  /** The world's clock. */
  worldNow(): number;
  /** Does something in this environment at a time of the world's clock. */
  at(atMs: number, happen: () => void): () => void;
  freeze(): void;
  thaw(): void;
  kill(): void;
  /** Its code did what ends a process: an error that nobody catches, `process.exit`. */
  fail(error: string): void;
  isDead(): boolean;
}

export interface EnvironmentParts {
  readonly worker: string;
  readonly loop: Loop;
  /** How far its own clock is apart from the world's. */
  readonly skewMs: number;
  /** Told of a failure, while it lives. */
  failed(error: string): void;
}

export function createEnvironment(parts: EnvironmentParts): Environment {
  const { worker, loop, skewMs } = parts;
  let state: 'running' | 'frozen' | 'dead' = 'running';
  let held: (() => void)[] = [];
  const enter = (happen: () => void): void => {
    if (state === 'running') happen();
    else if (state === 'frozen') held.push(happen);
  };
  return {
    worker,
    now: () => loop.now() + skewMs,
    worldNow: loop.now,
    at(atMs, happen) {
      let isOff = false;
      const callOff = loop.at(atMs, () =>
        enter(() => {
          if (!isOff) happen();
        }),
      );
      return () => {
        isOff = true;
        callOff();
      };
    },
    freeze() {
      if (state === 'running') state = 'frozen';
    },
    thaw() {
      if (state !== 'frozen') return;
      state = 'running';
      const due = held;
      held = [];
      for (const happen of due) loop.at(loop.now(), () => enter(happen));
    },
    kill() {
      state = 'dead';
      held = [];
    },
    fail(error) {
      if (state !== 'dead') parts.failed(error);
    },
    isDead: () => state === 'dead',
  };
}
