/**
 * Real work that has no synchronous twin: open files, streams that compress, web crypto. The virtual clock waits for
 * it, so that it takes no virtual time.
 */
import { type AsyncHook, createHook } from 'node:async_hooks';
import zlib from 'node:zlib';
import type { Replace } from '../replacer.ts';
import { currentGuest, type Guest, guests } from './guest.ts';

/** Operations that Node does on its thread pool, or that the system does: they end by themselves, soon. */
const OPERATIONS = /^(FSREQ|FILEHANDLECLOSEREQ|DIRHANDLE|(?!HTTP|UNDICI).*REQUEST$|.*Job$)/;
const REAL_MS_MAX = 5_000;

export function holdClockForOperations(): AsyncHook {
  const held = new Map<number, () => void>();
  const ended = (id: number): void => {
    held.get(id)?.();
    held.delete(id);
  };
  return createHook({
    // Promises are by far the most, and none of them is real work.
    trackPromises: false,
    init(id, type) {
      const guest = OPERATIONS.test(type) ? currentGuest() : undefined;
      if (guest !== undefined && !isSynchronous()) held.set(id, holdFor(guest, type));
    },
    after: ended,
    destroy: ended,
  } as Parameters<typeof createHook>[0]);
}

/** Streams of node:zlib: each chunk is an operation that hooks don't see. */
export function holdClockForCompression(replace: Replace): void {
  // The class of all of them is not exported.
  const streams = Object.getPrototypeOf(Object.getPrototypeOf(zlib.Gzip.prototype)) as object;
  replace(streams, '_transform', (real) => {
    return function transform(this: unknown, chunk: unknown, encoding: unknown, done: () => void) {
      const guest = currentGuest();
      const release = guest && holdFor(guest, 'compression');
      const released = (...results: unknown[]): void => {
        release?.();
        Reflect.apply(done, undefined, results);
      };
      Reflect.apply(real, this, [chunk, encoding, released]);
    };
  });
}

/** Two at once end in an order that no seed decides; one that doesn't end is no work, but something that is awaited. */
function holdFor(guest: Guest, what: string): () => void {
  if (atOnce > 0) guest.escaped(`${what} while other work was under way`);
  atOnce++;
  const release = guest.hold();
  let isReleased = false;
  // Also what keeps the process alive meanwhile.
  const timer = guests.exit(() =>
    setTimeout(() => guest.refused(`something real that does not end (${what})`), REAL_MS_MAX),
  );
  return () => {
    if (isReleased) return;
    isReleased = true;
    atOnce--;
    guests.exit(() => {
      clearTimeout(timer);
      // After the code that waits for it.
      setImmediate(release);
    });
  };
}

let atOnce = 0;

/** `pbkdf2Sync` and the like, for which nothing waits. */
function isSynchronous(): boolean {
  return /^ +at .*(?:Sync|syncBufferWrapper) \(/m.test(new Error().stack ?? '');
}
