/** Handlers that this project knows nothing of: what they find, what they may not do, and the same verdict in both worlds. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { RunResult } from '../../src/simulator/model/run-result.ts';
import { createMarked, start } from './simulate.ts';

jest.setTimeout(120_000);
const file = (name: string) => fileURLToPath(new URL(`./foreign/${name}`, import.meta.url));
const ARGS = ['--no-config', '--workload', file('workload.ts'), '--count', '20'];

const home = mkdtempSync(path.join(tmpdir(), 'home-'));
const listener = http.createServer((_, response) => response.end());
let arrived = 0;
let credentials: Readonly<Record<string, string>>;

beforeAll(async () => {
  mkdirSync(path.join(home, '.aws'));
  const url = await new Promise<string>((resolve) => {
    listener.on('connection', () => arrived++);
    listener.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(listener.address() as AddressInfo).port}`),
    );
  });
  const profile = `aws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = secret\nendpoint_url = ${url}\n`;
  for (const name of ['credentials', 'config']) {
    const header = name === 'config' ? '[profile production]' : '[production]';
    writeFileSync(path.join(home, '.aws', name), `${header}\n${profile}[default]\n${profile}`);
  }
  credentials = { HOME: home, AWS_PROFILE: 'production', AWS_ENDPOINT_URL: url };
});
afterAll(() => {
  listener.close();
  rmSync(home, { recursive: true });
});

async function run(world: string, handler: string): Promise<RunResult> {
  const args = [...ARGS, '--world', world, '--handler', `${file('handlers.ts')}#${handler}`];
  const { stdout, stderr } = await start([...args, '--json'], { env: credentials }).ended;
  try {
    return JSON.parse(stdout) as RunResult;
  } catch (cause) {
    throw new Error(`no JSON: ${stdout}\n${stderr}`, { cause });
  }
}

describe.each(['memory', 'local'])('--world %s', (world) => {
  test.each([
    ['right', 'converged'],
    ['sends', 'converged'],
    ['succeeds', 'diverged'],
  ])('%s: %s, and nothing leaves the machine', async (handler, verdict) => {
    expect((await run(world, handler)).verdict).toBe(verdict);
    expect(arrived).toBe(0);
  });

  test('a service without a simulated answer is named, and what to do', async () => {
    const { verdict, failures } = await run(world, 'reads');
    expect([verdict, failures]).toEqual([
      'unknown',
      [
        {
          kind: 'not-simulated',
          name: 'sqs GetQueueUrl',
          remedy: expect.stringContaining('services: { sqs: { GetQueueUrl: (input) =>'),
        },
      ],
    ]);
    expect(arrived).toBe(0);
  });

  test('an error is named with its line', async () => {
    const { verdict, failures } = await run(world, 'throws');
    expect(verdict).not.toBe('converged');
    expect(failures).toContainEqual({
      kind: 'handler-error',
      error: expect.stringMatching(
        /^TypeError: Cannot read .* \(test\/e2e\/foreign\/handlers\.ts:\d+\)$/,
      ),
    });
  });
});

test('both worlds give a handler the same variables and the same context', async () => {
  const seen = async (world: string) => {
    const { output } = await run(world, 'environment');
    const { variables, context } = JSON.parse(output[0] ?? '{}');
    const { ENTRIES: _, ...others } = variables;
    return { variables: others, context };
  };
  const [memory, local] = [await seen('memory'), await seen('local')];
  expect(memory).toEqual(local);
  expect(memory.variables).toMatchObject({
    ...{ POWERTOOLS_SERVICE_NAME: 'entries', LAMBDA_STAGE: 'test', AWS_NODEJS_X: '1' },
    AWS_REGION: 'us-east-1',
    _HANDLER: 'test/e2e/foreign/handlers.environment',
  });
  for (const name of ['AWS_PROFILE', 'AWS_ENDPOINT_URL']) {
    expect(memory.variables).not.toHaveProperty(name);
  }
  expect(memory.variables.HOME).not.toBe(home);
});

test('an endless loop is ended, and named with its line', async () => {
  const { verdict, failures } = await run('memory', 'loops');
  expect([verdict, failures]).toEqual([
    'unknown',
    [
      {
        kind: 'handler-error',
        error: expect.stringMatching(
          /^it ran for \d+ s .*\(test\/e2e\/foreign\/handlers\.ts:\d+\)/,
        ),
      },
    ],
  ]);
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends an endless loop at once', async (signal) => {
  const marked = await createMarked();
  const handler = `${file('handlers.ts')}#loops`;
  const { child, ended, said } = start(
    [...ARGS, '--world', 'memory', '--handler', handler],
    marked.place,
  );
  await said('deliver');
  const before = performance.now();
  child.kill(signal);
  const { status } = await ended;
  expect(status).toBe(signal === 'SIGINT' ? 130 : 143);
  expect(performance.now() - before).toBeLessThan(2_000);
  await marked.nothingLeft();
  await marked.remove();
});
