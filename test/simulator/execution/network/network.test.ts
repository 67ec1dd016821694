/** Every way out of the process: what gets an answer, what is refused by name, and what stays real. */
import childProcess from 'node:child_process';
import dgram from 'node:dgram';
import dns from 'node:dns';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';
import workerThreads from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { HttpRequest } from '../../../../src/simulator/execution/network/http-exchange.ts';
import { installNetwork } from '../../../../src/simulator/execution/network/install-network.ts';

interface Owner {
  readonly name: string;
}

const FIRST: Owner = { name: 'first' };
const SECOND: Owner = { name: 'second' };

let owner: Owner | undefined;
let requests: (HttpRequest & { readonly owner: string })[];
let refusals: string[];
let allowed: number;
let restore: () => void;

beforeEach(() => {
  owner = FIRST;
  requests = [];
  refusals = [];
  allowed = 0;
  restore = installNetwork<Owner>({
    owner: () => owner,
    async respond(request, { name }) {
      requests.push({ ...request, owner: name });
      if (request.path === '/lost') return 'lost';
      if (request.path === '/silent') return new Promise(() => {});
      return { status: 200, headers: { 'x-owner': name }, body: `to ${request.body}` };
    },
    refused: (what) => refusals.push(what),
    enter: (_, happen) => setImmediate(happen),
    allows: ({ port }) => port === allowed,
  });
});
afterEach(() => restore());

interface Received {
  readonly status: number | undefined;
  readonly body: string;
  readonly socket: net.Socket;
}

function send(
  module: typeof http | typeof https,
  url: string,
  content = '',
  options: https.RequestOptions = {},
): Promise<Received> {
  return new Promise((resolve, reject) => {
    const request = module.request(url, { method: 'POST', ...options }, (response) => {
      const { statusCode: status, socket } = response;
      let body = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status, body, socket }));
    });
    request.on('error', reject);
    request.on('timeout', () => request.destroy(new Error('timed out')));
    request.end(content);
  });
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('HTTP', () => {
  test.each([
    ['node:http', http, 'http://a.example/x'],
    ['node:https', https, 'https://a.example/x'],
  ])('of %s', async (_, module, url) => {
    expect(await send(module, url, 'hello')).toMatchObject({ status: 200, body: 'to hello' });
    expect(requests).toEqual([
      expect.objectContaining({
        method: 'POST',
        path: '/x',
        destination: { host: 'a.example', port: module === http ? 80 : 443 },
        body: Buffer.from('hello'),
      }),
    ]);
  });

  // Jest has a global object of its own, and Node's fetch another.
  test('of fetch', () => {
    owner = undefined;
    const main = fileURLToPath(new URL('./fetch-main.ts', import.meta.url));
    const printed = childProcess.execFileSync(process.execPath, [main], { encoding: 'utf8' });
    expect(JSON.parse(printed)).toEqual({
      texts: ['to there', 'to again', 'to me'],
      lost: expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/),
      requests: [
        'first PUT b.example:8443 /y?z=1',
        'first POST b.example:443 /',
        'second POST b.example:443 /',
        'second GET b.example:443 /lost',
      ],
    });
  });

  test('of node:http2', async () => {
    const session = http2.connect('https://c.example');
    const stream = session.request({ ':method': 'POST', ':path': '/two' });
    stream.end('body');
    let text = '';
    for await (const chunk of stream) text += chunk;
    session.destroy();
    expect(text).toBe('to body');
    expect(requests[0]).toMatchObject({
      path: '/two',
      destination: { host: 'c.example', port: 443 },
    });
  });

  test('over a socket that code has opened itself', async () => {
    for (const socket of [
      net.connect(80, 'raw.example'),
      net.connect({ host: 'raw.example', port: 80 }),
      new net.Socket().connect(80, 'raw.example'),
      tls.connect(443, 'raw.example'),
    ]) {
      socket.write('GET /raw HTTP/1.1\r\nHost: raw.example\r\nConnection: close\r\n\r\n');
      let text = '';
      for await (const chunk of socket) text += chunk;
      expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*to $/);
      expect(socket.remoteAddress).toBe('198.18.0.1');
    }
  });

  test('each request has a connection of its own, so that environments share none', async () => {
    const agent = new https.Agent({ keepAlive: true });
    const one = await send(https, 'https://a.example/', 'a', { agent });
    owner = SECOND;
    const two = await send(https, 'https://a.example/', 'b', { agent });
    expect(two.socket).not.toBe(one.socket);
    expect(requests.map(({ owner: name }) => name)).toEqual(['first', 'second']);
  });

  test('large bodies, both ways', async () => {
    const large = 'x'.repeat(3_000_000);
    const { body } = await send(https, 'https://a.example/', large);
    expect(body.length).toBe(large.length + 3);
  });

  test('a lost answer is a connection that breaks', async () => {
    await expect(send(https, 'https://a.example/lost')).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
  });

  test('a silent answer runs into the time-out of its socket', async () => {
    const waiting = send(http, 'http://a.example/silent', '', { timeout: 10 });
    await expect(waiting).rejects.toThrow('timed out');
  });

  test('the metadata of a machine is out of reach, as in Lambda', async () => {
    await expect(send(http, 'http://169.254.169.254/latest')).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
    expect([requests, refusals]).toEqual([[], []]);
  });
});

describe('refused by name', () => {
  test('what is not HTTP', async () => {
    net.connect(5432, 'db.example').write('\u0000\u0000\u0000\u0008\u0004\u00d2\u0016/');
    await turn();
    expect(refusals).toEqual(['db.example:5432, which is not reached by HTTP']);
  });

  test('what waits for the other end to begin', async () => {
    await new Promise((resolve) => net.connect(25, 'mail.example').on('connect', resolve));
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(refusals).toEqual(['mail.example:25, which is not reached by HTTP']);
  });

  test('WebSockets and proxies', async () => {
    const upgrade = { Connection: 'Upgrade', Upgrade: 'websocket' };
    http.get('http://ws.example/', { headers: upgrade }).on('error', () => {});
    http.request({ host: 'proxy.example', method: 'CONNECT', path: 'a:1' }).end();
    await turn();
    expect(refusals.sort()).toEqual(['a WebSocket to ws.example', 'the proxy proxy.example']);
  });

  test.each<[string, () => unknown, string]>([
    ['local sockets', () => net.connect('/run/x.sock'), 'the local socket /run/x.sock'],
    ['lookups', () => dns.lookup('x.example', () => {}), 'a DNS query for x.example'],
    ['lookups by promise', () => dns.promises.resolve4('x.example'), 'a DNS query for x.example'],
    [
      'resolvers',
      () => new dns.Resolver().resolve('x.example', () => {}),
      'a DNS query for x.example',
    ],
    ['servers', () => http.createServer().listen(0), 'a server that listens'],
    ['processes', () => childProcess.spawn('ls'), 'a child process (ls)'],
    ['processes at once', () => childProcess.execSync('ls -l'), 'a child process (ls -l)'],
    ['threads', () => new workerThreads.Worker('./thread.js'), 'a worker thread (./thread.js)'],
    [
      'datagrams',
      () => dgram.createSocket('udp4').send('x', 8125, 'statsd.example'),
      'a datagram to statsd.example:8125',
    ],
  ])('%s', (_, open, what) => {
    try {
      open();
    } catch (error) {
      expect((error as Error).message).toContain('not simulated');
    }
    expect(refusals).toEqual([what]);
  });

  test('but for traces, which get no response', async () => {
    const sent = new Promise((resolve) =>
      dgram.createSocket('udp4').send('trace', 2000, '169.254.79.129', (error) => resolve(error)),
    );
    expect(await sent).toBeNull();
    expect(refusals).toEqual([]);
  });
});

describe('real', () => {
  async function serve(): Promise<http.Server> {
    owner = undefined;
    const server = http.createServer((_, response) => response.end('real'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  test.each(['what is allowed', "what is not a handler's", 'all, once it is put back'])(
    '%s',
    async (which) => {
      const server = await serve();
      const { port } = server.address() as AddressInfo;
      if (which === 'what is allowed') {
        owner = FIRST;
        allowed = port;
      }
      if (which.startsWith('all')) {
        owner = FIRST;
        restore();
      }
      const { body } = await send(http, `http://127.0.0.1:${port}/`, '', { agent: false });
      expect(body).toBe('real');
      expect(requests).toEqual([]);
      server.close();
    },
  );
});
