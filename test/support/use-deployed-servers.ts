/** Servers in AWS's place for the tests of one file, which lead the SDK's clients of its process there. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from '@jest/globals';
import { type DeployedServers, startDeployedServers } from './deployed-servers.ts';

/** A handler that fails at its first batch with a purchase, once. */
export const GIVES_UP = fileURLToPath(new URL('gives-up.ts', import.meta.url));

/** Started before the tests, stopped after them; what is returned gives them. */
export function deployedServers(): () => DeployedServers {
  let servers: DeployedServers | undefined;
  beforeAll(async () => {
    servers = await startDeployedServers();
    Object.assign(process.env, servers.environment);
  });
  afterAll(() => servers?.stop());
  return () => {
    if (servers === undefined) throw new Error('the servers run while tests do');
    return servers;
  };
}
