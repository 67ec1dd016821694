/**
 * Takes every way out of the process that code can go: sockets, TLS, HTTP/2, `fetch`, name service, datagrams,
 * servers, other processes and threads. HTTP gets an answer from `respond`; everything else is refused by name.
 */
import childProcess, { ChildProcess } from 'node:child_process';
import dgram from 'node:dgram';
import dns from 'node:dns';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import tls from 'node:tls';
import workerThreads from 'node:worker_threads';
import { type Destination, hostWithoutBrackets, isMetadataService, nameOf } from './destination.ts';
import { createHttpExchange, type Respond } from './http-exchange.ts';
import { connectionError, connectSimulated, type Line } from './simulated-socket.ts';

export interface NetworkParts<Owner extends object> {
  /** Whose code is running; undefined: not a handler's. */
  owner(): Owner | undefined;
  readonly respond: Respond<Owner>;
  /** It wants what is not simulated: `what` completes "the handler uses ...". What it waits for never happens. */
  refused(what: string, owner: Owner): void;
  /** Does something in the owner's environment as soon as that runs. */
  enter(owner: Owner, happen: () => void): void;
  /** Connections that may really be made. */
  allows(destination: Destination): boolean;
}

type Callable = (...parameters: never[]) => unknown;

/** Returns what puts everything back. */
export function installNetwork<Owner extends object>(parts: NetworkParts<Owner>): () => void {
  const { replace, restore } = createReplacer();
  const exchange = createHttpExchange(parts);
  const refuseUnless =
    (
      describe: (words: readonly unknown[]) => string,
      result: (words: readonly unknown[]) => unknown,
    ) =>
    (real: Callable) =>
      function refused(this: unknown, ...words: unknown[]) {
        const owner = parts.owner();
        if (owner === undefined) return Reflect.apply(real, this, words);
        parts.refused(describe(words), owner);
        return result(words);
      };
  const lineTo = (destination: Destination, owner: Owner, protocol: 'http' | 'http2'): Line => ({
    destination,
    accept: (peer) =>
      protocol === 'http' ? exchange.accept(peer, owner) : exchange.acceptHttp2(peer, owner),
    enter: (happen) => parts.enter(owner, happen),
  });

  /** Undefined: a real connection is to be made. */
  const open = (socket: net.Socket, { options, connected }: Connecting, secure: boolean) => {
    const owner = parts.owner();
    if (owner === undefined) return undefined;
    if (options.path !== undefined && options.path !== null) {
      parts.refused(`the local socket ${options.path}`, owner);
      return socket;
    }
    const destination = destinationOf(options, secure ? 443 : 80);
    if (parts.allows(destination)) return undefined;
    if (isMetadataService(destination)) {
      parts.enter(owner, () =>
        socket.destroy(connectionError('ECONNREFUSED', 'connect', destination)),
      );
      return socket;
    }
    return connectSimulated(socket, lineTo(destination, owner, 'http'), { secure, connected });
  };

  replace(
    net.Socket.prototype,
    'connect',
    (real) =>
      function connect(this: net.Socket, ...words: unknown[]) {
        const opened = open(this, connectingOf(words), false);
        return opened ?? Reflect.apply(real, this, words);
      },
  );
  replace(
    tls,
    'connect',
    (real) =>
      function connect(this: unknown, ...words: unknown[]) {
        const connecting = connectingOf(words);
        // TLS within a connection that is already there.
        if (connecting.options.socket !== undefined) return Reflect.apply(real, this, words);
        const opened = open(new net.Socket(), connecting, true);
        if (opened === undefined) return Reflect.apply(real, this, words);
        return Object.assign(opened, secureState(connecting.options));
      },
  );
  replace(
    http2,
    'connect',
    (real) =>
      function connect(this: unknown, authority: string | URL, ...rest: unknown[]) {
        const owner = parts.owner();
        const destination = destinationOfUrl(authority);
        if (owner === undefined || parts.allows(destination)) {
          return Reflect.apply(real, this, [authority, ...rest]);
        }
        const createConnection = (): net.Socket =>
          connectSimulated(new net.Socket(), lineTo(destination, owner, 'http2'), {
            secure: false,
          });
        const options = typeof rest[0] === 'object' ? rest[0] : {};
        const listener = rest.find((word) => typeof word === 'function');
        return Reflect.apply(real, this, [authority, { ...options, createConnection }, listener]);
      },
  );
  for (const module of [http, https]) poolByOwner(module, parts, replace);
  replace(globalThis, 'fetch', (real) => fetchByOwner(real, parts));

  refuseOthers(replace, refuseUnless, () => parts.owner() !== undefined);
  syncBuiltinESMExports();
  return () => {
    restore();
    syncBuiltinESMExports();
  };
}

interface ConnectOptions {
  readonly host?: string;
  readonly hostname?: string;
  readonly port?: number | string;
  readonly path?: string | null;
  readonly socket?: unknown;
  readonly ALPNProtocols?: readonly unknown[];
}

interface Connecting {
  readonly options: ConnectOptions;
  readonly connected: (() => void) | undefined;
}

/** Of `net.connect`'s and `tls.connect`'s forms: options; port and host; path; each with options and a callback. */
function connectingOf(words: readonly unknown[]): Connecting {
  // Node passes its own list of [options, callback] on.
  const list = Array.isArray(words[0]) ? (words[0] as readonly unknown[]) : words;
  const connected = list.find((word) => typeof word === 'function') as (() => void) | undefined;
  let options: ConnectOptions = {};
  const [first, second] = list;
  if (typeof first === 'string' && !/^\d+$/.test(first)) options = { path: first };
  else if (typeof first === 'number' || typeof first === 'string') {
    options = { port: first, ...(typeof second === 'string' ? { host: second } : {}) };
  }
  for (const word of list) {
    if (typeof word === 'object' && word !== null) options = { ...options, ...word };
  }
  return { options, connected };
}

function destinationOf({ host, port }: ConnectOptions, defaultPort: number): Destination {
  return { host: hostWithoutBrackets(host ?? 'localhost'), port: Number(port ?? defaultPort) };
}

function destinationOfUrl(authority: string | URL): Destination {
  const url = new URL(authority);
  const port = Number(url.port) || (url.protocol === 'http:' ? 80 : 443);
  return { host: hostWithoutBrackets(url.hostname), port };
}

/** What a TLS socket says of itself once the handshake is done. */
function secureState({ ALPNProtocols = [] }: ConnectOptions): object {
  return {
    encrypted: true,
    authorized: true,
    authorizationError: null,
    alpnProtocol: ALPNProtocols.includes('http/1.1') ? 'http/1.1' : false,
    getPeerCertificate: () => ({}),
    getProtocol: () => 'TLSv1.3',
    getCipher: () => ({ name: 'TLS_AES_256_GCM_SHA384', version: 'TLSv1.3' }),
    getSession: () => undefined,
    isSessionReused: () => false,
    setServername: () => {},
  };
}

/** A process has one pool of connections, which environments must not share. */
function poolByOwner<Owner extends object>(
  { globalAgent, Agent }: Pick<typeof http, 'globalAgent' | 'Agent'> | typeof https,
  parts: NetworkParts<Owner>,
  replace: Replace,
): void {
  const agents = new WeakMap<Owner, http.Agent>();
  replace(
    globalAgent,
    'addRequest',
    (real) =>
      function addRequest(this: unknown, ...words: unknown[]) {
        const owner = parts.owner();
        if (owner === undefined) return Reflect.apply(real, this, words);
        const agent = agents.get(owner) ?? new Agent({ keepAlive: true, timeout: 5_000 });
        agents.set(owner, agent);
        return Reflect.apply(real, agent, words);
      },
  );
}

/** The same for `fetch`, whose pool is a dispatcher. */
function fetchByOwner<Owner extends object>(real: Callable, parts: NetworkParts<Owner>): Callable {
  const dispatchers = new WeakMap<Owner, object>();
  const dispatcherOf = (owner: Owner): object => {
    const known = dispatchers.get(owner);
    if (known !== undefined) return known;
    // Node loads its fetch, and with it the shared dispatcher, when one of its classes is first used.
    void globalThis.Response;
    const shared = (globalThis as unknown as Record<symbol, object>)[GLOBAL_DISPATCHER] as object;
    const dispatcher = Reflect.construct(shared.constructor as new () => object, []);
    dispatchers.set(owner, dispatcher);
    return dispatcher;
  };
  return function fetch(this: unknown, input: unknown, init?: object) {
    const owner = parts.owner();
    const own = owner === undefined ? init : { dispatcher: dispatcherOf(owner), ...init };
    return Reflect.apply(real, this, [input, own]);
  };
}

const GLOBAL_DISPATCHER = Symbol.for('undici.globalDispatcher.1');

/** All that is not a connection of a client. */
function refuseOthers(
  replace: Replace,
  refuse: (
    describe: (words: readonly unknown[]) => string,
    result: (words: readonly unknown[]) => unknown,
  ) => (real: Callable) => unknown,
  isInHandler: () => boolean,
): void {
  const nothing = (): undefined => undefined;
  const never = (): Promise<never> => new Promise(() => {});
  const stop = (): never => {
    throw new Error('this is not simulated: the run has ended');
  };
  for (const name of Object.keys(dns).filter((each) => LOOKUPS.test(each))) {
    replace(
      dns,
      name,
      refuse(([host]) => `a DNS query for ${host}`, nothing),
    );
  }
  for (const name of Object.keys(dns.promises).filter((each) => LOOKUPS.test(each))) {
    replace(
      dns.promises,
      name,
      refuse(([host]) => `a DNS query for ${host}`, never),
    );
  }
  for (const Resolver of [dns.Resolver, dns.promises.Resolver]) {
    for (const name of Object.getOwnPropertyNames(Resolver.prototype)) {
      if (LOOKUPS.test(name)) {
        replace(
          Resolver.prototype,
          name,
          refuse(([host]) => `a DNS query for ${host}`, never),
        );
      }
    }
  }
  replace(
    net.Server.prototype,
    'listen',
    refuse(
      () => 'a server that listens',
      function listens() {
        return undefined;
      },
    ),
  );
  replace(
    ChildProcess.prototype,
    'spawn',
    refuse(([options]) => {
      const { file } = options as { readonly file?: string };
      return `a child process (${file ?? 'unknown'})`;
    }, stop),
  );
  for (const name of ['execSync', 'execFileSync', 'spawnSync']) {
    replace(
      childProcess,
      name,
      refuse(([file]) => `a child process (${file})`, stop),
    );
  }
  replace(workerThreads, 'Worker', (real: Callable) => {
    const refused = refuse(
      ([file]) => `a worker thread (${file})`,
      stop,
    )((...words: never[]) => Reflect.construct(real, words)) as Callable;
    return new Proxy(real, {
      construct: (_target, words) => refused(...(words as never[])) as object,
    });
  });
  replace(
    dgram.Socket.prototype,
    'bind',
    refuse(() => 'a socket for datagrams that listens', nothing),
  );
  replace(dgram.Socket.prototype, 'send', (real) => {
    const refused = refuse((words) => {
      const { host, port } = datagramDestination(words);
      return `a datagram to ${nameOf({ host, port })}`;
    }, nothing)(real) as Callable;
    return function send(this: unknown, ...words: unknown[]) {
      if (!isInHandler() || !isForXRay(words)) return Reflect.apply(refused, this, words);
      const sent = words.findLast((word) => typeof word === 'function') as Callable | undefined;
      if (sent !== undefined) process.nextTick(sent, null as never, 0 as never);
      return undefined;
    };
  });
}

const LOOKUPS = /^(lookup|lookupService|resolve\w*|reverse)$/;

/** Of `send(message[, offset, length][, port][, address][, callback])`. */
function datagramDestination(words: readonly unknown[]): Destination {
  const plain = words.slice(1).filter((word) => typeof word !== 'function');
  const host = plain.findLast((word) => typeof word === 'string') as string | undefined;
  const ports = plain.filter((word) => typeof word === 'number');
  return { host: host ?? 'localhost', port: ports.at(-1) ?? 0 };
}

/** Lambda's own daemon, which takes traces and says nothing. */
function isForXRay(words: readonly unknown[]): boolean {
  return datagramDestination(words).port === XRAY_PORT;
}

const XRAY_PORT = 2000;

type Replace = (holder: object, name: string, replacement: (real: Callable) => unknown) => void;

function createReplacer(): { readonly replace: Replace; restore(): void } {
  const undo: (() => void)[] = [];
  return {
    replace(holder, name, replacement) {
      const own = Object.getOwnPropertyDescriptor(holder, name);
      const value = replacement((holder as Record<string, Callable>)[name] as Callable);
      Object.defineProperty(holder, name, {
        value,
        configurable: true,
        enumerable: own?.enumerable ?? true,
        writable: true,
      });
      undo.push(() => {
        if (own === undefined) Reflect.deleteProperty(holder, name);
        else Object.defineProperty(holder, name, own);
      });
    },
    restore() {
      for (const putBack of undo.reverse()) putBack();
    },
  };
}
