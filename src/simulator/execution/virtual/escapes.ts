/** Notices what can't be virtual: whatever real an inhabitant opens, starts or reads. */
import { type AsyncHook, createHook } from 'node:async_hooks';
import { currentInhabitant, inhabitants } from './inhabitant.ts';
import type { AnyFunction } from './timers.ts';

/** Handles of the operating system; promises, ticks and virtual timers are none. */
const REAL_RESOURCES =
  /^(FS|FILEHANDLE|TCP|TLS|UDP|PIPE|PROCESSWRAP|GETADDRINFO|GETNAMEINFO|QUERYWRAP|WORKER|STATWATCHER|ZLIB|DIRHANDLE|(?!HTTP).*REQUEST$|.*Job$|Timeout$|Immediate$)/;
/** Those that end by themselves, soon. */
const HELD_MS_MAX = 2_000;
const SHORT = /^(FSREQ|FILEHANDLECLOSEREQ|GETADDRINFO|GETNAMEINFO|ZLIB|(?!HTTP).*REQUEST$|.*Job$)/;

export function watchForEscapes(): AsyncHook {
  const underWay = new Map<number, () => void>();
  const ended = (id: number): void => {
    const goOn = underWay.get(id);
    underWay.delete(id);
    // What waits for it goes on first.
    if (goOn !== undefined) inhabitants.exit(() => setImmediate(goOn));
  };
  return createHook({
    init(id, type) {
      if (!REAL_RESOURCES.test(type)) return;
      const inhabitant = currentInhabitant();
      if (inhabitant === undefined || isComputedAtOnce(type)) return;
      inhabitant.escaped(type);
      if (!SHORT.test(type)) return;
      const goOn = inhabitant.hold();
      underWay.set(id, goOn);
      // Whether it ends is not ours to say. Nothing else may be left that keeps the process going.
      inhabitants.exit(() => setTimeout(goOn, HELD_MS_MAX));
    },
    after: ended,
    destroy: ended,
  });
}

/** Of zlib and crypto: `gunzipSync`, `pbkdf2Sync` and the like give the same each time, and nobody waits for them. */
function isComputedAtOnce(type: string): boolean {
  return (
    /^ZLIB|REQUEST$|Job$/.test(type) &&
    /^ +at .*(?:Sync|syncBufferWrapper) \(/m.test(new Error().stack ?? '')
  );
}

/** Done at once, so that it does no harm to the order of things; what it finds is another matter. */
export function virtualSync(name: string) {
  return (real: AnyFunction): AnyFunction =>
    Object.assign(function (this: unknown, ...words: unknown[]) {
      const inhabitant = currentInhabitant();
      if (inhabitant !== undefined && !isOfModules()) inhabitant.escaped(name);
      return Reflect.apply(real, this, words);
    }, real);
}

/** Whether a module is being loaded. */
function isOfModules(): boolean {
  return /node:internal\/modules\//.test(new Error().stack ?? '');
}
