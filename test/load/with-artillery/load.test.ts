/** The command as a child process: a few seconds of load, and the results that it keeps. */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expectWhole, load } from '../load-command.ts';

test('a short smoke run converges, and measures the lag', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'winner-view-load-'));
  try {
    const json = path.join(folder, 'figures.json');
    const { status, output } = await load([
      ...['smoke', '--duration', '3s', '--seed', 'S'],
      ...['--json', json, '--out', folder],
    ]);
    expect(output).toContain('CONVERGED');
    expect(status).toBe(0);
    const figures = JSON.parse(readFileSync(json, 'utf8'));
    expect(figures).toMatchObject({ verdict: 'converged', failedThresholds: [] });
    expectWhole(figures);

    const kept = path.join(folder, 'latest');
    expect(readdirSync(kept).sort()).toEqual([
      ...['artillery.json', 'figures.json', 'junit.xml', 'repeat.txt', 'result.json'],
    ]);
    const read = (file: string) => readFileSync(path.join(kept, file), 'utf8');
    expect(JSON.parse(read('figures.json'))).toEqual(figures);
    expect(JSON.parse(read('artillery.json')).aggregate.counters).toMatchObject({
      'kinesis.records.taken': 600,
    });
    expect(read('repeat.txt')).toMatch(
      /^npm run load -- smoke --duration 3s --seed S --json .*\n$/,
    );
    const result = JSON.parse(read('result.json'));
    expect(result).toMatchObject({ command: 'load', verdict: 'converged' });
    const validate = new Ajv2020({ strictRequired: false, allowUnionTypes: true }).compile(
      JSON.parse(readFileSync('schemas/result.schema.json', 'utf8')),
    );
    validate(result);
    expect(validate.errors).toBeNull();
    expect(result.figures.put).toEqual(figures.put);
    expect(result.text.trim()).not.toBe('');
    expect(output).toContain(result.text);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);

test('a view that counts copies twice diverges', async () => {
  const handler = 'test/handlers/not-idempotent.ts';
  const { status, output } = await load([
    ...['hot-key', '--handler', handler, '--duration', '2s'],
    ...['--seed', 'S', '--no-out'],
  ]);
  expect(output).toContain('DIVERGED');
  expect(status).toBe(2);
}, 60_000);

test('virtual users that fail make the run unknown', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'winner-view-load-'));
  try {
    await writeFile(
      path.join(folder, 'processor.mjs'),
      `let users = 0;
      export const everySecondFails = async () => {
        if (users++ % 2 === 1) throw new RangeError('no more');
      };`,
    );
    const run = path.join(folder, 'failing.json');
    const flow = [{ putEvents: { count: 5 } }, { function: 'everySecondFails' }];
    const config = {
      target: 'any',
      phases: [{ duration: 2, arrivalRate: 3 }],
      processor: './processor.mjs',
      engines: { kinesis: {} },
    };
    await writeFile(
      run,
      JSON.stringify({ config, scenarios: [{ name: 'buy', engine: 'kinesis', flow }] }),
    );
    const { status, output } = await load([run, '--seed', 'S', '--no-out']);
    expect(output).toContain('6 virtual users arrived, 3 completed, 3 failed (RangeError 3)');
    expect(output).toContain(
      'UNKNOWN  the run proves nothing\n' +
        '  - 3 of 6 virtual users did not finish (RangeError 3)',
    );
    expect(status).toBe(3);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);

test('a mistake is one line', async () => {
  expect(await load(['smoky'])).toEqual({
    status: 64,
    output:
      'load: there is no run "smoky", only smoke, steady, ramp, burst, hot-key, soak, or a file\n',
  });
});
