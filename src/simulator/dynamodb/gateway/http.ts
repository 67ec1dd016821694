/** The gateway over HTTP: a listener for each worker in front, a keep-alive client to DynamoDB behind. */
import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { request as httpsRequest, Agent as SecureAgent } from 'node:https';
import type { AddressInfo } from 'node:net';
import { UNSIGNED_HEADERS } from '../../servers/local-credentials.ts';
import { withCapacity } from './capacity.ts';
import type { Forward, Gateway } from './gateway.ts';
import type { JsonObject } from './wire.ts';

export interface ServedGateway {
  /** What the worker takes for DynamoDB. */
  readonly endpoint: string;
  /** Open connections are cut. */
  close(): Promise<void>;
}

export interface ServeOptions {
  /** Whose requests come in here. */
  readonly worker: string;
  /** The invocation that the worker is working on; 0 if none. */
  readonly invocationOf: (worker: string) => number;
}

/** A listener on a free loopback port of its own: that is how a request is known to be a worker's. */
export async function serveGateway(
  gateway: Gateway,
  { worker, invocationOf }: ServeOptions,
): Promise<ServedGateway> {
  const server = createServer((incoming, response) => {
    readAll(incoming).then(
      (body) => answer(gateway, { worker, invocationOf }, incoming, body, response),
      () => response.destroy(),
    );
  });
  // A frozen worker doesn't see its connection close: it would find out with its next request.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Requests to the DynamoDB at an endpoint, over connections that are kept. */
export function httpForward(endpoint: string): { forward: Forward; close(): void } {
  const url = new URL(endpoint);
  const isSecure = url.protocol === 'https:';
  // An idle connection is given up before a server would.
  const options = { keepAlive: true, timeout: 4_000, noDelay: true };
  const agent = isSecure ? new SecureAgent(options) : new Agent(options);
  const send = isSecure ? httpsRequest : httpRequest;
  const target = {
    hostname: url.hostname,
    port: url.port,
    path: url.pathname,
    method: 'POST',
    agent,
  };
  const request: Forward = (operation, input) =>
    new Promise((resolve, reject) => {
      const payload = JSON.stringify(input);
      const headers = {
        'content-type': 'application/x-amz-json-1.0',
        'content-length': Buffer.byteLength(payload),
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        ...UNSIGNED_HEADERS,
      };
      const outgoing = send({ ...target, headers }, (response) => {
        readAll(response).then((body) => {
          const status = response.statusCode ?? 500;
          resolve({ kind: 'reply', status, body: parse(body) });
        }, reject);
      });
      outgoing.once('error', reject);
      outgoing.end(payload);
    });
  return { forward: withCapacity(request), close: () => agent.destroy() };
}

async function answer(
  gateway: Gateway,
  { worker, invocationOf }: ServeOptions,
  incoming: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<void> {
  const target = String(incoming.headers['x-amz-target'] ?? '');
  const reply = await gateway.handle({
    operation: target.slice(target.indexOf('.') + 1),
    input: parse(body),
    worker,
    invocation: invocationOf(worker),
  });
  if (reply.kind === 'lost') {
    response.destroy();
    return;
  }
  // A text leaves in one write together with its headers, bytes would not.
  const payload = JSON.stringify(reply.body);
  response.writeHead(reply.status, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(payload),
  });
  response.end(payload);
}

function readAll(stream: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.once('end', () =>
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)),
    );
    stream.once('error', reject);
  });
}

/** An empty object for what is no JSON object: DynamoDB then says what is wrong with it. */
function parse(body: Buffer): JsonObject {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as JsonObject) : {};
  } catch {
    return {};
  }
}
