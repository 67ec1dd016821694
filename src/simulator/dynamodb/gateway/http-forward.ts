/** Forwards requests to a DynamoDB endpoint over keep-alive connections. */
import { Agent, request as httpRequest } from 'node:http';
import { request as httpsRequest, Agent as SecureAgent } from 'node:https';
import { UNSIGNED_HEADERS } from '../../servers/local-credentials.ts';
import { parseBody, readBody } from './json-body.ts';
import type { Forward } from './request.ts';
import { withCapacity } from './with-capacity.ts';

export function httpForward(endpoint: string): { forward: Forward; close(): void } {
  const url = new URL(endpoint);
  const isSecure = url.protocol === 'https:';
  // Idle connections are closed before the server would close them.
  const options = { keepAlive: true, timeout: 4_000, noDelay: true };
  const agent = isSecure ? new SecureAgent(options) : new Agent(options);
  const send = isSecure ? httpsRequest : httpRequest;
  const target = {
    hostname: url.hostname,
    port: url.port,
    path: url.pathname,
    method: 'POST',
    agent,
  };
  const request: Forward = (operation, input) =>
    new Promise((resolve, reject) => {
      const payload = JSON.stringify(input);
      const headers = {
        'content-type': 'application/x-amz-json-1.0',
        'content-length': Buffer.byteLength(payload),
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        ...UNSIGNED_HEADERS,
      };
      const outgoing = send({ ...target, headers }, (response) => {
        readBody(response).then((body) => {
          const status = response.statusCode ?? 500;
          resolve({ kind: 'response', status, body: parseBody(body) });
        }, reject);
      });
      outgoing.once('error', reject);
      outgoing.end(payload);
    });
  return { forward: withCapacity(request), close: () => agent.destroy() };
}
