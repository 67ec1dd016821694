/** Detects what is not simulated: real resources that a guest opens, starts or reads. */
import { type AsyncHook, createHook } from 'node:async_hooks';
import { currentGuest, guests } from './guest.ts';
import type { AnyFunction } from './timers.ts';

/** Async resources of the operating system, as opposed to promises, ticks and virtual timers. */
const REAL_RESOURCES =
  /^(FS|FILEHANDLE|TCP|TLS|UDP|PIPE|PROCESSWRAP|GETADDRINFO|GETNAMEINFO|QUERYWRAP|HTTP|WORKER|STATWATCHER|ZLIB|DIRHANDLE|.*REQUEST$|.*Job$|Timeout$|Immediate$)/;
const HELD_MS_MAX = 2_000;
/** Resources that end soon by themselves. */
const SHORT = /^(FSREQ|FILEHANDLECLOSEREQ|GETADDRINFO|GETNAMEINFO|ZLIB|.*REQUEST$|.*Job$)/;

export function watchForEscapes(): AsyncHook {
  const held = new Map<number, () => void>();
  const ended = (id: number): void => {
    const release = held.get(id);
    held.delete(id);
    // After the code that waits for the resource.
    if (release !== undefined) guests.exit(() => setImmediate(release));
  };
  return createHook({
    init(id, type) {
      if (!REAL_RESOURCES.test(type)) return;
      const guest = currentGuest();
      if (guest === undefined || isComputedAtOnce(type)) return;
      guest.escaped(type);
      if (!SHORT.test(type)) return;
      const release = guest.hold();
      held.set(id, release);
      // In case it doesn't end; this timer may also be all that keeps the process alive.
      guests.exit(() => setTimeout(release, HELD_MS_MAX));
    },
    after: ended,
    destroy: ended,
  });
}

/** `gunzipSync`, `pbkdf2Sync` and the like are deterministic, and nothing waits for them. */
function isComputedAtOnce(type: string): boolean {
  return (
    /^ZLIB|REQUEST$|Job$/.test(type) &&
    /^ +at .*(?:Sync|syncBufferWrapper) \(/m.test(new Error().stack ?? '')
  );
}

/** A synchronous call keeps the order of events, but its result may differ between runs. */
export function virtualSync(name: string) {
  return (real: AnyFunction): AnyFunction =>
    Object.assign(function (this: unknown, ...args: unknown[]) {
      const guest = currentGuest();
      if (guest !== undefined && !isLoadingModule()) guest.escaped(name);
      return Reflect.apply(real, this, args);
    }, real);
}

function isLoadingModule(): boolean {
  return /node:internal\/modules\//.test(new Error().stack ?? '');
}
