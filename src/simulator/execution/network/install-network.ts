/**
 * Takes every way out of the process that a handler's code can go: sockets, TLS, HTTP/2, `fetch`, name service,
 * datagrams, servers, processes and threads. HTTP gets its answer from `respond`; all else is refused by name.
 */
import { createReplacer } from '../replacer.ts';
import { connectThroughExchange } from './connections.ts';
import type { Destination } from './destination.ts';
import { createHttpExchange, type Respond } from './http-exchange.ts';
import { poolByOwner } from './pools.ts';
import { refuseOtherWays } from './refuse-other-ways.ts';

/** `Owner`: an execution environment, or what stands for it. */
export interface NetworkParts<Owner extends object> {
  /** Whose code is running; undefined: not a handler's, and everything is real. */
  owner(): Owner | undefined;
  readonly respond: Respond<Owner>;
  /** It needs what is not simulated: `what` completes "the handler uses ...". What it waits for never happens. */
  refused(what: string, owner: Owner): void;
  /** Does something in the owner's environment as soon as that runs. */
  enter(owner: Owner, happen: () => void): void;
  /** Whether a real connection may be made. */
  allows(destination: Destination): boolean;
}

/** Returns what puts everything back. */
export function installNetwork<Owner extends object>(parts: NetworkParts<Owner>): () => void {
  const { replace, publish, restore } = createReplacer();
  connectThroughExchange(parts, createHttpExchange(parts), replace);
  poolByOwner(parts.owner, replace);
  refuseOtherWays(parts, replace);
  publish();
  return restore;
}
