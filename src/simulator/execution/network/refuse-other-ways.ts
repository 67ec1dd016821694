/** Ways out of a process beside connections of a client: refused by name, but for traces to the X-Ray daemon. */
import childProcess, { ChildProcess } from 'node:child_process';
import dgram from 'node:dgram';
import dns from 'node:dns';
import net from 'node:net';
import workerThreads from 'node:worker_threads';
import type { Replace, Replaceable } from '../replacer.ts';
import { type Destination, nameOf } from './destination.ts';
import type { NetworkParts } from './network-parts.ts';

export function refuseOtherWays<Owner extends object>(
  parts: NetworkParts<Owner>,
  replace: Replace,
): void {
  /** `describe` completes "the handler uses ..."; `result` is what its code gets, if it goes on at all. */
  const refuse = (describe: Describe, result: () => unknown) => (real: Replaceable) =>
    function refused(this: unknown, ...words: unknown[]) {
      const owner = parts.owner();
      if (owner === undefined) return Reflect.apply(real, this, words);
      parts.refused(describe(words), owner);
      return result();
    };

  for (const [holder, result] of NAME_SERVICES) {
    for (const name of Object.getOwnPropertyNames(holder).filter((each) => LOOKUPS.test(each))) {
      replace(
        holder,
        name,
        refuse(([host]) => `a DNS query for ${host}`, result),
      );
    }
  }
  const server = refuse(() => 'a server that listens', nothing);
  replace(net.Server.prototype, 'listen', server);
  replace(dgram.Socket.prototype, 'bind', server);
  const process = refuse(([file]) => `a child process (${nameOfProcess(file)})`, fail);
  replace(ChildProcess.prototype, 'spawn', process);
  for (const name of ['execSync', 'execFileSync', 'spawnSync']) {
    replace(childProcess, name, process);
  }
  const thread = refuse(([file]) => `a worker thread (${file})`, fail);
  replace(workerThreads, 'Worker', (Real) => {
    const construct = thread((...words) => Reflect.construct(Real, words));
    return new Proxy(Real, { construct: (_Real, words) => construct(...words) as object });
  });
  const datagram = refuse(
    (words) => `a datagram to ${nameOf(datagramDestination(words))}`,
    nothing,
  );
  replace(dgram.Socket.prototype, 'send', (real) => {
    const refused = datagram(real);
    return function send(this: unknown, ...words: unknown[]) {
      const isTrace = datagramDestination(words).port === XRAY_DAEMON_PORT;
      if (parts.owner() === undefined || !isTrace) return Reflect.apply(refused, this, words);
      const sent = words.findLast((word) => typeof word === 'function') as Replaceable | undefined;
      if (sent !== undefined) queueMicrotask(() => Reflect.apply(sent, undefined, [null, 0]));
      return undefined;
    };
  });
}

type Describe = (words: readonly unknown[]) => string;

const nothing = (): undefined => undefined;
const never = (): Promise<never> => new Promise(() => {});
const fail = (): never => {
  throw new Error('this is not simulated: the run ends here');
};

const LOOKUPS = /^(lookup|lookupService|resolve\w*|reverse)$/;
const NAME_SERVICES: readonly (readonly [object, () => unknown])[] = [
  [dns, nothing],
  [dns.Resolver.prototype, nothing],
  [dns.promises, never],
  [dns.promises.Resolver.prototype, never],
];

/** In Lambda it takes traces by UDP, and says nothing. */
const XRAY_DAEMON_PORT = 2000;

/** Of `send(message[, offset, length][, port][, address][, callback])`. */
function datagramDestination(words: readonly unknown[]): Destination {
  const plain = words.slice(1).filter((word) => typeof word !== 'function');
  const host = plain.findLast((word) => typeof word === 'string') as string | undefined;
  const port = plain.findLast((word) => typeof word === 'number') as number | undefined;
  return { host: host ?? 'localhost', port: port ?? 0 };
}

/** Of `spawn(options)` and `execSync(command)`. */
function nameOfProcess(word: unknown): string {
  const { file } = Object(word) as { readonly file?: unknown };
  return String(file ?? word);
}
