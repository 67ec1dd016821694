/**
 * The network of a worker process: everything that its handler sends goes to the simulator, by one connection to
 * loopback, whatever host it is meant for. Nothing else leaves the process but what is allowed.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import http from 'node:http';
import { isNamedIn } from '../network/destination.ts';
import { type HttpRequest, type HttpResponse, textHeaders } from '../network/http-exchange.ts';
import { installNetwork } from '../network/install-network.ts';
import { LOOPBACK } from '../network/serve-requests.ts';

export interface WorkerNetwork {
  /** Where the simulator takes this worker's requests. */
  readonly port: number;
  /** Hosts, `host:port` and `*.domain`, to which connections are real. */
  readonly allow: readonly string[];
  /** The handler uses something that is not simulated. */
  refused(what: string): void;
}

/** Returns what puts everything back. */
export function installWorkerNetwork({ port, allow, refused }: WorkerNetwork): () => void {
  const own = new AsyncLocalStorage<true>();
  const agent = new http.Agent({ keepAlive: true });
  const respond = (request: HttpRequest): Promise<HttpResponse | 'lost'> =>
    own.run(true, () => forward(request, { host: LOOPBACK.host, port, agent }));
  return installNetwork<object>({
    owner: () => (own.getStore() === undefined ? HANDLER : undefined),
    respond,
    refused,
    enter: (_, happen) => setImmediate(happen),
    allows: (destination) => isNamedIn(allow, destination),
  });
}

/** A worker hosts one handler. */
const HANDLER = {};

function forward(
  { method, path, headers, body }: HttpRequest,
  target: { readonly host: string; readonly port: number; readonly agent: http.Agent },
): Promise<HttpResponse | 'lost'> {
  return new Promise((resolve) => {
    const length = { 'content-length': String(body.length) };
    const outgoing = http.request(
      { ...target, method, path, headers: { ...endToEnd(headers), ...length } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const { statusCode: status = 500 } = response;
          resolve({ status, headers: endToEnd(response.headers), body: Buffer.concat(chunks) });
        });
        response.on('error', () => resolve('lost'));
      },
    );
    // The simulator breaks the connection where an answer is to be lost.
    outgoing.on('error', () => resolve('lost'));
    outgoing.end(body);
  });
}

/** Without those that are about one connection. */
function endToEnd(headers: http.IncomingHttpHeaders): Record<string, string> {
  return textHeaders(headers, (name) => !OF_ONE_CONNECTION.has(name));
}

const OF_ONE_CONNECTION: ReadonlySet<string> = new Set([
  ...['connection', 'content-length', 'date', 'expect', 'keep-alive', 'transfer-encoding'],
]);
