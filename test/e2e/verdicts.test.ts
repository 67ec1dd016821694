/**
 * What a run says of a handler: right ones pass, wrong ones are shown why, and unknown is no pass.
 */
import { fileURLToPath } from 'node:url';
import { describe, expect, jest, test } from '@jest/globals';
import { simulate, simulateJson } from './simulate.ts';

// A run takes two or three seconds; a busy machine takes its time.
jest.setTimeout(60_000);

const handler = (name: string) => fileURLToPath(new URL(`../handlers/${name}.ts`, import.meta.url));
const broken = (name: string) => fileURLToPath(new URL(`handlers/${name}.ts`, import.meta.url));

describe('the shipped handler', () => {
  test('converges, and the figures add up', async () => {
    const { status, stdout, stderr, result } = await simulateJson(
      ...['--shuffle', '--count', '300', '--garbage', '0.1', '--seed', 'e2e'],
    );
    expect({ status, failures: result.failures }).toEqual({ status: 0, failures: [] });
    expect(result).toMatchObject({ version: 2, verdict: 'converged', differencesTotal: 0 });
    expect(result.options).toMatchObject({ seed: 'e2e', count: 300, duplicate: 0.1, delay: 0.05 });

    const { disorder, delivery, dynamodb, stagesMs, quarantined } = result.figures;
    expect(disorder.records).toBe(300 + disorder.copies + disorder.malformed);
    expect(disorder.copies).toBeGreaterThanOrEqual(30);
    expect(disorder.malformed).toBe(30);
    expect(quarantined).toBe(30);
    expect(disorder.displacementMax).toBeGreaterThan(100);
    expect(delivery.deliveredRecords).toBeGreaterThanOrEqual(disorder.records);
    expect(delivery.batches).toBeGreaterThan(0);
    expect(dynamodb.requests).toBeGreaterThan(0);
    const byOperation = Object.values(dynamodb.requestsByOperation);
    expect(byOperation.reduce((sum, requests) => sum + requests, 0)).toBe(dynamodb.requests);
    expect(dynamodb.requestsPerRecord).toBeCloseTo(dynamodb.requests / disorder.records, 9);
    expect(dynamodb.writeUnits).toBeGreaterThanOrEqual(300);
    expect(Object.keys(stagesMs)).toEqual([
      'start',
      'generate',
      'disorder',
      'push',
      'deliver',
      'check',
      'stop',
    ]);
    const stagesTotalMs = Object.values(stagesMs).reduce((sum, ms) => sum + ms, 0);
    expect(stagesTotalMs).toBeLessThanOrEqual(result.figures.wallMs);

    // One document on stdout; what a person watches is on stderr.
    expect(stdout).toBe(`${JSON.stringify(result, null, 2)}\n`);
    expect(stderr).toMatch(/^seed +e2e\n/);
    expect(stderr).toMatch(/deliver done in \d/);
    expect(stderr).not.toContain('\u001b');
  });

  test('converges over several shards, lanes and repeated deliveries', async () => {
    const { status, stdout } = await simulate(
      ...['--shuffle', '--count', '200', '--duplicate', '0.3', '--delay', '0.2', '--shards', '4'],
      ...['--parallelization-factor', '4', '--repeat-delivery', '0.5', '--seed', 'e2e'],
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/^seed +e2e\n/);
    expect(stdout).toContain(' CONVERGED  every row equals the reference');
    expect(stdout).toMatch(/\n {2}npx simulate --seed e2e --count 200 --shuffle .*\n$/);
    expect(stdout).not.toContain('\u001b');
  });
});

describe('a handler from a file', () => {
  test('that is right converges', async () => {
    const { status, stdout } = await simulate(
      ...['--handler', handler('simple'), '--shuffle', '--count', '200', '--seed', 'e2e'],
    );
    expect({ status, stdout }).toMatchObject({ status: 0 });
  });

  test('that prints more than a pipe holds converges', async () => {
    const { status, stdout } = await simulate(
      ...['--handler', broken('prints-much'), '--count', '50', '--seed', 'e2e'],
    );
    expect({ status, stdout }).toMatchObject({ status: 0 });
  });

  test.each([
    {
      name: 'first-arrival-wins',
      flags: ['--shuffle', '--count', '200'],
      cause:
        /product \w+: the product\/(create|image) with the least event id is .*; the table has .* whose event id .* is greater: .*the first to arrive wins/,
    },
    {
      name: 'not-idempotent',
      flags: ['--duplicate', '0.1', '--count', '200'],
      cause: /as (creator|photographer): score \d+ is \d+ too high/,
    },
    {
      name: 'stale-overwrite',
      flags: ['--shards', '4', '--shuffle', '--count', '400'],
      cause: /as (creator|photographer): score \d+ is \d+ too (low|high)/,
    },
  ])('$name: diverged, and why', async ({ name, flags, cause }) => {
    const { status, stdout } = await simulate(
      '--handler',
      handler(name),
      ...flags,
      '--seed',
      'e2e',
    );
    expect(status).toBe(2);
    expect(stdout).toMatch(/ DIVERGED {2}[\d,]+ rows? differs? from the reference/);
    // Its line is folded to the width.
    expect(stdout.replaceAll(/(?<=\S)\n(?=\S)/g, ' ')).toMatch(cause);
    expect(stdout).toContain('in canonical order, beside the order of arrival');
    expect(stdout).toContain(`--handler ${handler(name)}`);
  });

  test('that fails for ever: unknown, with its last error', async () => {
    const { status, result } = await simulateJson(
      ...['--handler', broken('throws'), '--count', '20', '--shards', '1', '--seed', 'e2e'],
    );
    expect({ status, verdict: result.verdict }).toEqual({ status: 3, verdict: 'unknown' });
    expect(result.failures.slice(0, 2)).toMatchObject([
      { kind: 'stalled', stall: { cause: 'attempts-exhausted', attempts: 40 } },
      {
        kind: 'handler-error',
        error: expect.stringContaining('RangeError: the handler has had enough'),
      },
    ]);
  });

  test('that takes its process with it: its batches are discarded, which is unknown too', async () => {
    const { status, result } = await simulateJson(
      ...['--handler', broken('exits'), '--count', '20', '--retry-attempts', '1', '--no-bisect'],
    );
    expect({ status, verdict: result.verdict }).toEqual({ status: 3, verdict: 'unknown' });
    expect(result.failures.slice(0, 2)).toEqual([
      { kind: 'discarded', records: 20 },
      {
        kind: 'handler-error',
        error: expect.stringMatching(/\(exit status 0\)\nabout to leave/),
      },
    ]);
    expect(result.figures.delivery.discardedRecords).toBe(20);
  });
});
