/** HTTP in this process: the other end of simulated sockets is Node's own HTTP server, which never listens. */
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import http2, { type ServerHttp2Stream } from 'node:http2';
import { type Destination, nameOf, parseDestination } from './destination.ts';
import type { PeerSocket } from './simulated-socket.ts';

export interface HttpRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** By the Host header, or whither the connection leads. */
  readonly destination: Destination;
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** `lost`: the connection breaks. Never resolving: there is no answer, ever. */
export type Respond<Owner> = (request: HttpRequest, owner: Owner) => Promise<HttpResponse | 'lost'>;

export interface HttpExchange<Owner> {
  accept(peer: PeerSocket, owner: Owner): void;
  /** Of a connection over HTTP/2 from its first byte. */
  acceptHttp2(peer: PeerSocket, owner: Owner): void;
}

export interface ExchangeParts<Owner> {
  readonly respond: Respond<Owner>;
  /** Something that is not HTTP, or an upgrade to something else. */
  refused(what: string, owner: Owner): void;
}

export function createHttpExchange<Owner>({
  respond,
  refused,
}: ExchangeParts<Owner>): HttpExchange<Owner> {
  const owners = new WeakMap<object, Owner>();
  const server = http.createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 });
  server.timeout = 0;
  const ownerOf = (socket: object): Owner => owners.get(socket) as Owner;

  server.on('request', (incoming: IncomingMessage, response: ServerResponse) => {
    const peer = incoming.socket as unknown as PeerSocket;
    readBody(incoming, (body) => {
      respond(requestOf(incoming, peer.destination, body), ownerOf(peer)).then(
        (answer) => {
          if (answer === 'lost') peer.reset();
          else if (!peer.destroyed) write(response, answer);
        },
        // Our own bug, which must not end as an answer.
        (error: unknown) => peer.emit('error', error),
      );
    });
  });
  server.on('clientError', (_error: Error, peer: PeerSocket) => {
    // Its owner has gone in the middle of a request.
    if (peer.readableEnded || peer.destroyed) return;
    refused(notHttp(peer.destination), ownerOf(peer));
  });
  const refuseUpgrade = (incoming: IncomingMessage, peer: PeerSocket): void => {
    const name = nameOf(peer.destination);
    const what = incoming.method === 'CONNECT' ? `the proxy ${name}` : `a WebSocket to ${name}`;
    refused(what, ownerOf(peer));
  };
  server.on('upgrade', (incoming, peer) => refuseUpgrade(incoming, peer as unknown as PeerSocket));
  server.on('connect', (incoming, peer) => refuseUpgrade(incoming, peer as unknown as PeerSocket));

  return {
    accept(peer, owner) {
      owners.set(peer, owner);
      server.emit('connection', peer);
    },
    acceptHttp2(peer, owner) {
      const session = http2.performServerHandshake(peer);
      session.on('stream', (stream: ServerHttp2Stream, headers) => {
        readBody(stream, (body) => {
          respond(http2RequestOf(headers, peer.destination, body), owner).then(
            (answer) => {
              if (answer === 'lost') session.destroy();
              else if (!stream.destroyed) {
                stream.respond({ ':status': answer.status, ...answer.headers });
                stream.end(answer.body);
              }
            },
            (error: unknown) => peer.emit('error', error),
          );
        });
      });
      session.on('error', () => {});
    },
  };
}

export function notHttp(destination: Destination): string {
  return `${nameOf(destination)}, which is not reached by HTTP`;
}

function write(response: ServerResponse, { status, headers, body }: HttpResponse): void {
  response.sendDate = false;
  response.writeHead(status, {
    ...headers,
    'content-length': String(Buffer.byteLength(body)),
    // Each request has a connection of its own: of two that are sent at once, neither overtakes the other because a
    // connection was still there, and environments don't share any.
    connection: 'close',
  });
  // A text leaves in one write together with its headers, bytes would not.
  response.end(body);
}

export function readBody(stream: NodeJS.ReadableStream, read: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.once('end', () =>
    read(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)),
  );
  // Broken off by its sender.
  stream.on('error', () => {});
}

export function requestOf(
  incoming: IncomingMessage,
  connected: Destination,
  body: Buffer,
): HttpRequest {
  const headers = textHeaders(incoming.headers);
  const destination = parseDestination(headers['host'] ?? '', connected.port) ?? connected;
  return {
    method: incoming.method ?? 'GET',
    path: incoming.url ?? '/',
    destination,
    headers,
    body,
  };
}

function http2RequestOf(
  incoming: Readonly<Record<string, unknown>>,
  connected: Destination,
  body: Buffer,
): HttpRequest {
  const headers = textHeaders(incoming, (name) => !name.startsWith(':'));
  const authority = String(incoming[':authority'] ?? headers['host'] ?? '');
  return {
    method: String(incoming[':method'] ?? 'GET'),
    path: String(incoming[':path'] ?? '/'),
    destination: parseDestination(authority, connected.port) ?? connected,
    headers,
    body,
  };
}

/** The headers for which `keep` holds, by name. */
export function textHeaders(
  headers: Readonly<Record<string, unknown>>,
  keep: (name: string) => boolean = () => true,
): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) if (keep(name)) texts[name] = String(value);
  return texts;
}
