/** Child process: runs the Kinesis server named by its argument and prints its port. */

import { createRequire } from 'node:module';
import { type AddressInfo, type createServer, Server } from 'node:net';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

const SERVERS: Readonly<Record<string, () => void>> = {
  kinesalite() {
    const kinesalite = require('kinesalite') as (
      options: object,
    ) => ReturnType<typeof createServer>;
    const server = kinesalite({
      createStreamMs: 0,
      deleteStreamMs: 0,
      updateStreamMs: 0,
      shardLimit: 100_000,
    });
    server.listen(0, '127.0.0.1', () => announce(server));
  },

  'kinesis-local'() {
    // It accepts port numbers only, and listens on all interfaces. Force it onto loopback and free
    // ports; the configured port numbers only tell its two listeners apart.
    const PLAIN_PORT = 1;
    const TLS_PORT = 2;
    const listen = Server.prototype.listen;
    Server.prototype.listen = function listenOnLoopback(this: Server, ...args: unknown[]): Server {
      if (args[0] === PLAIN_PORT) this.once('listening', () => announce(this));
      const whenListening = args.find((arg) => typeof arg === 'function') as () => void;
      return Reflect.apply(listen, this, [0, '127.0.0.1', whenListening]);
    } as typeof listen;
    const main = require.resolve('kinesis-local');
    Object.assign(process.env, {
      KINESIS_MOCK_CERT_PATH: join(dirname(main), 'server.json'),
      KINESIS_MOCK_PLAIN_PORT: String(PLAIN_PORT),
      KINESIS_MOCK_TLS_PORT: String(TLS_PORT),
      SHARD_LIMIT: '100000',
      LOG_LEVEL: 'ERROR',
      ...Object.fromEntries(
        ['CREATE_STREAM', 'DELETE_STREAM', 'MERGE_SHARDS', 'SPLIT_SHARD', 'UPDATE_SHARD_COUNT'].map(
          (step) => [`${step}_DURATION`, '1ms'],
        ),
      ),
    });
    require(main);
  },
};

function announce(server: Server): void {
  process.stdout.write(`\nlistening ${(server.address() as AddressInfo).port}\n`);
}

const start = SERVERS[process.argv[2] ?? ''];
if (start === undefined) throw new Error(`unknown server: ${process.argv[2]}`);
start();
