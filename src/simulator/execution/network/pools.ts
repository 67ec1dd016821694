/**
 * The pool of connections of `fetch`, which a process has once. Environments must not share it, so each gets its own.
 * (Those of node:http keep no connection, because the exchange closes each after its response.)
 */
import type { Replace, Replaceable } from '../replacer.ts';

export function poolByOwner<Owner extends object>(
  ownerOf: () => Owner | undefined,
  replace: Replace,
): void {
  replace(globalThis, 'fetch', (real) => fetchByOwner(real, ownerOf));
}

function fetchByOwner<Owner extends object>(
  real: Replaceable,
  ownerOf: () => Owner | undefined,
): Replaceable {
  const dispatchers = new WeakMap<Owner, object>();
  const dispatcherOf = (owner: Owner): object => {
    const dispatcher = dispatchers.get(owner) ?? createDispatcher();
    dispatchers.set(owner, dispatcher);
    return dispatcher;
  };
  return function fetch(this: unknown, input: unknown, init?: object) {
    const owner = ownerOf();
    const own = owner === undefined ? init : { dispatcher: dispatcherOf(owner), ...init };
    return Reflect.apply(real, this, [input, own]);
  };
}

/** Of the class of the one that Node has for all. */
function createDispatcher(): object {
  // Node loads its fetch, and with it that dispatcher, when one of its classes is first used.
  void globalThis.Response;
  const shared = (globalThis as unknown as Record<symbol, object>)[GLOBAL_DISPATCHER] as object;
  return Reflect.construct(shared.constructor as new () => object, []);
}

const GLOBAL_DISPATCHER = Symbol.for('undici.globalDispatcher.1');
