/** Deployed servers for the tests of one file; the SDK's clients of its process use them. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from '@jest/globals';
import { type DeployedServers, startDeployedServers } from './deployed-servers.ts';

/** A handler that fails at its first batch with a purchase, once. */
export const GIVES_UP = fileURLToPath(new URL('gives-up.ts', import.meta.url));

/** Starts them before the tests and stops them afterwards; the returned function returns them. */
export function useDeployedServers(): () => DeployedServers {
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
