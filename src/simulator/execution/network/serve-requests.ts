/** A listener on loopback for the requests of one worker process, which forwards all that it sends to it. */
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type HttpRequest, type HttpResponse, readBody, requestOf } from './http-exchange.ts';

export interface ServedRequests {
  readonly port: number;
  /** Cuts open connections. */
  close(): Promise<void>;
}

export async function serveRequests(
  respond: (request: HttpRequest) => Promise<HttpResponse | 'lost'>,
): Promise<ServedRequests> {
  const server = http.createServer({
    // A frozen worker doesn't see its connection close: it would find out with its next request.
    ...{ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 },
  });
  server.on('request', (incoming: IncomingMessage, response: ServerResponse) => {
    readBody(incoming, (body) => {
      respond(requestOf(incoming, LOOPBACK, body)).then(
        (answer) => {
          if (answer === 'lost') response.destroy();
          else response.writeHead(answer.status, answer.headers).end(answer.body);
        },
        () => response.destroy(),
      );
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, LOOPBACK.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const LOOPBACK = { host: '127.0.0.1', port: 80 };
