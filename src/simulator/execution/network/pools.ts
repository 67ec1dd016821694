/** Pools of kept connections that a process has once. Environments must not share them, so each gets its own. */
import http from 'node:http';
import https from 'node:https';
import type { Replace, Replaceable } from '../replacer.ts';

export function poolByOwner<Owner extends object>(
  ownerOf: () => Owner | undefined,
  replace: Replace,
): void {
  agentByOwner(http, ownerOf, replace);
  agentByOwner(https, ownerOf, replace);
  replace(globalThis, 'fetch', (real) => fetchByOwner(real, ownerOf));
}

/** As Node makes its global agents. */
const AGENT = { keepAlive: true, timeout: 5_000 };

function agentByOwner<Owner extends object>(
  { globalAgent, Agent }: typeof http | typeof https,
  ownerOf: () => Owner | undefined,
  replace: Replace,
): void {
  const agents = new WeakMap<Owner, object>();
  replace(globalAgent, 'addRequest', (real) => {
    return function addRequest(this: unknown, ...words: unknown[]) {
      const owner = ownerOf();
      if (owner === undefined) return Reflect.apply(real, this, words);
      const agent = agents.get(owner) ?? new Agent(AGENT);
      agents.set(owner, agent);
      return Reflect.apply(real, agent, words);
    };
  });
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
