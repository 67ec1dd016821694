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
  readonly isDead: boolean;
}

export function createEnvironment(worker: string, loop: Loop, skewMs: number): Environment {
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
    get isDead() {
      return state === 'dead';
    },
  };
}
