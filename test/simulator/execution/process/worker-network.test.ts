/** What a worker's handler sends arrives at the simulator, and nowhere else. */
import http, { type Server } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { HttpRequest } from '../../../../src/simulator/execution/network/http-exchange.ts';
import {
  type ServedRequests,
  serveRequests,
} from '../../../../src/simulator/execution/network/serve-requests.ts';
import { installWorkerNetwork } from '../../../../src/simulator/execution/process/worker-network.ts';

let requests: HttpRequest[];
let refusals: string[];
let served: ServedRequests;
let elsewhere: Server;
let restore: () => void;

beforeEach(async () => {
  requests = [];
  refusals = [];
  served = await serveRequests(async (request) => {
    requests.push(request);
    if (request.path === '/lost') return 'lost';
    const isDynamo = request.headers['x-amz-target'] !== undefined;
    const body = isDynamo ? '{"Item":{"id":{"S":"x"}}}' : `to ${request.body}`;
    return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body };
  });
  elsewhere = http.createServer((_, response) => response.end('elsewhere'));
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  restore = installWorkerNetwork({
    port: served.port,
    allow: [`127.0.0.1:${(elsewhere.address() as AddressInfo).port}`],
    refused: (what) => refusals.push(what),
  });
});
afterEach(async () => {
  restore();
  elsewhere.close();
  await served.close();
});

function post(url: string, content: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const module = url.startsWith('https:') ? https : http;
    const request = module.request(url, { method: 'POST', agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve(body));
    });
    request.on('error', reject);
    request.end(content);
  });
}

const PLACE = {
  region: 'eu-central-1',
  credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
};

test("the SDK's requests, to the host that they are meant for", async () => {
  const client = new DynamoDBClient(PLACE);
  const get = new GetItemCommand({ TableName: 'T', Key: { id: { S: 'x' } } });
  const [{ Item: item }, again] = [await client.send(get), await client.send(get)];
  expect([item, again.Item]).toEqual([{ id: { S: 'x' } }, { id: { S: 'x' } }]);
  expect(requests[0]).toMatchObject({
    path: '/',
    destination: { host: 'dynamodb.eu-central-1.amazonaws.com' },
    headers: { 'x-amz-target': 'DynamoDB_20120810.GetItem' },
  });
});

test('requests to others, and a lost answer', async () => {
  expect(await post('https://api.example.com/x', 'hello')).toBe('to hello');
  expect(requests[0]?.destination.host).toBe('api.example.com');
  await expect(post('https://api.example.com/lost', '')).rejects.toMatchObject({
    code: 'ECONNRESET',
  });
});

test('what is allowed is real; other ports of the same host are not', async () => {
  const { port } = elsewhere.address() as AddressInfo;
  expect(await post(`http://127.0.0.1:${port}/`, '')).toBe('elsewhere');
  expect(requests).toEqual([]);
  expect(await post('http://127.0.0.1:9/', 'nothing')).toBe('to nothing');
});

test('an endpoint of its own is no way out', async () => {
  const { port } = elsewhere.address() as AddressInfo;
  restore();
  restore = installWorkerNetwork({ port: served.port, allow: [], refused: () => {} });
  const sqs = new SQSClient({ ...PLACE, endpoint: `http://127.0.0.1:${port}`, maxAttempts: 1 });
  await sqs
    .send(new SendMessageCommand({ QueueUrl: 'http://127.0.0.1/q', MessageBody: 'a' }))
    .catch(() => {});
  expect(requests).toHaveLength(1);
});
