/**
 * An event loop with a virtual clock. It runs one callback at a time: the earliest that is due,
 * then everything that follows from it without waiting. Only then does the clock move. Callers draw
 * the time of a callback from a random source, and thus the order of events.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import TinyQueue from 'tinyqueue';

export interface Loop {
  /** Milliseconds since the epoch; moves only between two callbacks. */
  now(): number;
  /** Calls back at this time, or soon if it has passed. The returned function cancels the call. */
  at(atMs: number, callback: () => void): () => void;
  /** Resolves after this many virtual milliseconds. */
  pause(ms: number): Promise<void>;
  /** Waits for real work, and stops the virtual clock meanwhile. */
  inRealTime<T>(work: () => Promise<T>): Promise<T>;
  /** Stops the virtual clock until the returned function is called. */
  hold(): () => void;
  /** No more callbacks are run. */
  stop(): void;
}

/** Every virtual clock starts here, so that a run is the same whenever it is repeated. */
export const VIRTUAL_START_MS = Date.parse('2017-03-28T23:52:53.763Z');

/** Callbacks between two yields to the real event loop, which drives progress bars and Ctrl-C. */
export const STEPS_PER_YIELD = 500;

/**
 * `stepsPerYield` 1 yields to the real event loop after every callback, for code that does more
 * than await promises, such as a chain of `process.nextTick`.
 */
export function createLoop(startMs: number, stepsPerYield = STEPS_PER_YIELD): Loop {
  let now = startMs;
  let isStopped = false;
  let isRunning = false;
  let holds = 0;
  let steps = 0;
  const queue = createDueQueue();

  const step = (): void => {
    const due = holds > 0 || isStopped ? undefined : queue.next();
    if (due === undefined) {
      isRunning = false;
      return;
    }
    now = Math.max(now, due.atMs);
    try {
      due.callback?.();
    } finally {
      next();
    }
  };
  /** Schedules the next step after everything that can continue without the clock. */
  const next = (): void => {
    if (++steps % stepsPerYield === 0) setImmediate(step);
    else process.nextTick(afterAllPromises, step);
  };
  // Otherwise the loop, and all that it runs, would have the async context of whatever started it.
  const inOwnContext = AsyncLocalStorage.snapshot();
  const start = (): void => {
    if (isRunning || isStopped || holds > 0) return;
    isRunning = true;
    inOwnContext(next);
  };

  const loop: Loop = {
    now: () => now,
    at(atMs, callback) {
      const cancel = queue.add(atMs, callback);
      start();
      return cancel;
    },
    pause: (ms) =>
      new Promise((resolve) => {
        loop.at(now + Math.max(0, ms), resolve);
      }),
    async inRealTime(work) {
      const release = loop.hold();
      try {
        return await work();
      } finally {
        release();
      }
    },
    hold() {
      let isHeld = true;
      holds++;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        holds--;
        start();
      };
    },
    stop() {
      isStopped = true;
    },
  };
  return loop;
}

interface Due {
  readonly atMs: number;
  /** Callbacks due at the same time run in the order in which they were added. */
  readonly order: number;
  /** Undefined once cancelled. */
  callback: (() => void) | undefined;
}

function createDueQueue() {
  let added = 0;
  const queue = new TinyQueue<Due>(
    [],
    (left, right) => left.atMs - right.atMs || left.order - right.order,
  );
  return {
    /** Returns a function that cancels the callback. */
    add(atMs: number, callback: () => void): () => void {
      const due: Due = { atMs, order: added++, callback };
      queue.push(due);
      return () => {
        due.callback = undefined;
      };
    },
    next(): Due | undefined {
      let due = queue.pop();
      while (due !== undefined && due.callback === undefined) due = queue.pop();
      return due;
    },
  };
}

/** Ticks run after all promises; other ticks, and what follows from them, go first. */
function afterAllPromises(step: () => void): void {
  void READY.then(step);
}

const READY = Promise.resolve();

/** Lets the real event loop run once. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
