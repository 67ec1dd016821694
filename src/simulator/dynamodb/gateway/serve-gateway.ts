/** Serves the gateway to a worker over HTTP. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Gateway } from './gateway.ts';
import { parseBody, readBody } from './json-body.ts';

export interface ServedGateway {
  /** The worker's DynamoDB endpoint. */
  readonly endpoint: string;
  /** Cuts open connections. */
  close(): Promise<void>;
}

export interface ServeOptions {
  readonly worker: string;
  /** The worker's current invocation; 0 outside an invocation. */
  readonly invocationOf: (worker: string) => number;
}

/** Each worker gets a loopback port of its own, which identifies its requests. */
export async function serveGateway(
  gateway: Gateway,
  options: ServeOptions,
): Promise<ServedGateway> {
  const server = createServer((incoming, response) => {
    readBody(incoming).then(
      (body) => respond(gateway, options, incoming, body, response),
      () => response.destroy(),
    );
  });
  // A frozen worker doesn't notice that its connection was closed; its next request would fail.
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

async function respond(
  gateway: Gateway,
  { worker, invocationOf }: ServeOptions,
  incoming: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<void> {
  const target = String(incoming.headers['x-amz-target'] ?? '');
  const result = await gateway.handle({
    operation: target.slice(target.indexOf('.') + 1),
    input: parseBody(body),
    worker,
    invocation: invocationOf(worker),
  });
  if (result.kind === 'lost') {
    response.destroy();
    return;
  }
  // Node sends a string together with the headers in one write, but not bytes.
  const payload = JSON.stringify(result.body);
  response.writeHead(result.status, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(payload),
  });
  response.end(payload);
}
