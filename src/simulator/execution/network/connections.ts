/** Connections that code opens: `net`, `tls` and `http2` in all their forms lead to the HTTP exchange. */
import http2 from 'node:http2';
import net from 'node:net';
import tls from 'node:tls';
import type { Replace } from '../replacer.ts';
import { type Destination, hostWithoutBrackets, isMetadataService } from './destination.ts';
import { type HttpExchange, notHttp } from './http-exchange.ts';
import type { NetworkParts } from './network-parts.ts';
import { connectionError, connectSimulated, type Line } from './simulated-socket.ts';

export function connectThroughExchange<Owner extends object>(
  parts: NetworkParts<Owner>,
  exchange: HttpExchange<Owner>,
  replace: Replace,
): void {
  const lineTo = (destination: Destination, owner: Owner, protocol: 'http' | 'http2'): Line => ({
    destination,
    accept: (peer) =>
      protocol === 'http' ? exchange.accept(peer, owner) : exchange.acceptHttp2(peer, owner),
    silent: () => parts.refused(notHttp(destination), owner),
    enter: (happen) => parts.enter(owner, happen),
  });

  /** Undefined: a real connection is to be made. */
  const open = (socket: net.Socket, { options, connected }: Connecting, secure: boolean) => {
    const owner = parts.owner();
    if (owner === undefined) return undefined;
    if (typeof options.path === 'string') {
      parts.refused(`the local socket ${options.path}`, owner);
      return waiting(socket);
    }
    const destination = destinationOf(options, secure ? 443 : 80);
    if (parts.allows(destination)) return undefined;
    if (isMetadataService(destination)) {
      const error = connectionError('ECONNREFUSED', 'connect', destination);
      parts.enter(owner, () => socket.destroy(error));
      return waiting(socket);
    }
    return connectSimulated(socket, lineTo(destination, owner, 'http'), { secure, connected });
  };

  replace(net.Socket.prototype, 'connect', (real) => {
    return function connect(this: net.Socket, ...words: unknown[]) {
      return open(this, connectingOf(words), false) ?? Reflect.apply(real, this, words);
    };
  });
  replace(tls, 'connect', (real) => {
    return function connect(this: unknown, ...words: unknown[]) {
      const connecting = connectingOf(words);
      // TLS within a connection that is already there.
      const isWithin = connecting.options.socket !== undefined;
      const opened = isWithin ? undefined : open(new net.Socket(), connecting, true);
      if (opened === undefined) return Reflect.apply(real, this, words);
      return Object.assign(opened, secureState(connecting.options));
    };
  });
  replace(http2, 'connect', (real) => {
    return function connect(this: unknown, authority: string | URL, ...rest: unknown[]) {
      const owner = parts.owner();
      const destination = destinationOfUrl(authority);
      if (owner === undefined || parts.allows(destination)) {
        return Reflect.apply(real, this, [authority, ...rest]);
      }
      const line = lineTo(destination, owner, 'http2');
      const createConnection = () => connectSimulated(new net.Socket(), line, { secure: false });
      const options = typeof rest[0] === 'object' ? rest[0] : {};
      const listener = rest.find((word) => typeof word === 'function');
      return Reflect.apply(real, this, [authority, { ...options, createConnection }, listener]);
    };
  });
}

/** For its connection: what is written is kept until then. */
function waiting(socket: net.Socket): net.Socket {
  return Object.assign(socket, { connecting: true });
}

interface ConnectOptions {
  readonly host?: string;
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
