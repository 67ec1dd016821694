/** Child process: runs the Kinesis server named in its argument and prints the port it listens on. */

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
    // It can only be told ports, and listens on every interface: hold it to the loopback and let
    // the system choose. The ports it is told serve to know its two listeners apart.
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
if (start === undefined) throw new Error(`no such server: ${process.argv[2]}`);
start();
