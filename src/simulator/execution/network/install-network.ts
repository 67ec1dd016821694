/**
 * Takes every way out of the process that a handler's code can go: sockets, TLS, HTTP/2, `fetch`, name service,
 * datagrams, servers, processes and threads. HTTP gets its answer from `respond`; all else is refused by name.
 */
import { createReplacer } from '../replacer.ts';
import { connectThroughExchange } from './connections.ts';
import { createHttpExchange } from './http-exchange.ts';
import type { NetworkParts } from './network-parts.ts';
import { poolByOwner } from './pools.ts';
import { refuseOtherWays } from './refuse-other-ways.ts';

/** Returns what puts everything back. */
export function installNetwork<Owner extends object>(parts: NetworkParts<Owner>): () => void {
  const { replace, publish, restore } = createReplacer();
  connectThroughExchange(parts, createHttpExchange(parts), replace);
  poolByOwner(parts.owner, replace);
  refuseOtherWays(parts, replace);
  publish();
  return restore;
}
