/**
 * The virtual clock and everything that waits for it. One thing happens at a time: the earliest that is
 * due, then all that follows from it without waiting, and only then does the clock move. Whoever
 * schedules throws the random source for *when*, and so the random source decide who goes next.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import TinyQueue from 'tinyqueue';

export interface Loop {
  /** Milliseconds since the epoch; moves only between two things that happen. */
  now(): number;
  /** Does something at that time, or as soon as possible if it has passed; answers how to call it off. */
  at(atMs: number, happen: () => void): () => void;
  /** A pause of so many virtual milliseconds. */
  pause(ms: number): Promise<void>;
  /** Waits in real time, and holds the virtual clock meanwhile: for what can't be virtual. */
  outside<T>(work: () => Promise<T>): Promise<T>;
  /** Holds the virtual clock until the returned function is called. */
  hold(): () => void;
  /** Nothing happens any more. */
  stop(): void;
}

interface Due {
  readonly atMs: number;
  /** Of two that are due at once, the one that was scheduled first. */
  readonly order: number;
  happen: (() => void) | undefined;
}

/** Where every virtual clock starts, so that a run is the same whenever it is repeated. */
export const VIRTUAL_START_MS = Date.parse('2017-03-28T23:52:53.763Z');

/** So often the real world has its turn: a progress bar, a Ctrl-C. */
const STEPS_PER_TURN = 500;

/**
 * `stepsPerTurn` 1: the real event loop goes round between any two things that happen, for code that does
 * more than await promises, such as `process.nextTick` after `process.nextTick`.
 */
export function createLoop(startMs: number, stepsPerTurn = STEPS_PER_TURN): Loop {
  let now = startMs;
  let scheduled = 0;
  let isStopped = false;
  let running = false;
  let held = 0;
  let steps = 0;
  const queue = new TinyQueue<Due>(
    [],
    (left, right) => left.atMs - right.atMs || left.order - right.order,
  );

  const step = (): void => {
    const due = held > 0 || isStopped ? undefined : nextDue();
    if (due === undefined) {
      running = false;
      return;
    }
    now = Math.max(now, due.atMs);
    try {
      due.happen?.();
    } finally {
      next();
    }
  };
  const nextDue = (): Due | undefined => {
    let due = queue.pop();
    // Those that were called off.
    while (due !== undefined && due.happen === undefined) due = queue.pop();
    return due;
  };
  /** Once whatever can go on without waiting for the clock has done so, and may have scheduled. */
  const next = (): void => {
    if (++steps % stepsPerTurn === 0) setImmediate(step);
    else process.nextTick(afterAllPromises, step);
  };
  // Whoever schedules something must not have the loop, and all that it does, in his own async context.
  const asOurselves = AsyncLocalStorage.snapshot();
  const start = (): void => {
    if (running || isStopped || held > 0) return;
    running = true;
    asOurselves(next);
  };

  const loop: Loop = {
    now: () => now,
    at(atMs, happen) {
      const due: Due = { atMs, order: scheduled++, happen };
      queue.push(due);
      start();
      return () => {
        due.happen = undefined;
      };
    },
    pause: (ms) =>
      new Promise((resolve) => {
        loop.at(now + Math.max(0, ms), resolve);
      }),
    async outside(work) {
      const goOn = loop.hold();
      try {
        return await work();
      } finally {
        goOn();
      }
    },
    hold() {
      let isHeld = true;
      held++;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        held--;
        start();
      };
    },
    stop() {
      isStopped = true;
    },
  };
  return loop;
}

/** Called in a tick, which comes after all promises; other ticks, and what follows from them, go first. */
function afterAllPromises(step: () => void): void {
  void READY.then(step);
}

const READY = Promise.resolve();

/** The real world's turn: for whoever does many runs on end, too. */
export function realTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
