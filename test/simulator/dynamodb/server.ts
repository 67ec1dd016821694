/** Local DynamoDB servers for the differential tests, spoken to in bare JSON, without an SDK. */
import { type ChildProcess, spawn } from 'node:child_process';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';

export interface Server {
  /** What the server answers: an output, or an error as `{__type, message}`. */
  call(operation: string, input: object): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

/** Starts `command` with a free port in its arguments and waits until it answers. */
export async function startServer(
  command: string,
  argumentsFor: (port: number) => readonly string[],
  cwd?: string,
): Promise<Server> {
  const port = await freePort();
  const child = spawn(command, argumentsFor(port), { stdio: 'ignore', ...(cwd && { cwd }) });
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const server: Server = {
    call: (operation, input) => post(agent, port, operation, input),
    async stop() {
      agent.destroy();
      await end(child);
    },
  };
  await answers(server, child);
  return server;
}

const WAIT_MS = 50;
const STARTS_MAX = 400;

async function answers(server: Server, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < STARTS_MAX; attempt++) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}`);
    try {
      await server.call('ListTables', {});
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
  }
  await server.stop();
  throw new Error('The server does not answer');
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
          'x-amz-date': '20200101T000000Z',
          authorization:
            'AWS4-HMAC-SHA256 Credential=local/20200101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=none',
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

function base64(_name: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
