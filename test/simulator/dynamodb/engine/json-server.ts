/** Local DynamoDB servers for the differential tests, called with plain JSON, without an SDK. */
import { Agent, request } from 'node:http';
import { UNSIGNED_HEADERS } from '../../../../src/simulator/servers/local-credentials.ts';
import { type DynamoDbServerName, startServer } from '../../../../src/simulator/servers/server.ts';

export interface Server {
  /** The body of the response: an output, or an error as `{__type, message}`. */
  call(operation: string, input: object): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

/** Rejects if the server can't run, which fails the tests. */
export async function startJsonServer(name: DynamoDbServerName): Promise<Server> {
  const { endpoint, stop } = await startServer(name);
  const port = Number(new URL(endpoint).port);
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  return {
    call: (operation, input) => post(agent, port, operation, input),
    async stop() {
      agent.destroy();
      await stop();
    },
  };
}

function post(
  agent: Agent,
  port: number,
  operation: string,
  input: object,
): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        agent,
        port,
        host: '127.0.0.1',
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': `DynamoDB_20120810.${operation}`,
          ...UNSIGNED_HEADERS,
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString() || '{}')));
      },
    );
    outgoing.on('error', reject);
    outgoing.end(JSON.stringify(input, base64));
  });
}

/** Replaces bytes by base64, as in JSON requests. */
export function base64(_name: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
}
