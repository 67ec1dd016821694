/** The configuration file: as if typed, but the command line wins, and its mistakes name it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { RunCommand } from '../../src/cli/commands/run.ts';
import { findConfig, type SimulateConfig } from '../../src/cli/config.ts';
import { parse } from './context.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function folderWith(config: SimulateConfig | string, name = 'simulate.config.ts'): string {
  const cwd = mkdtempSync(path.join(tmpdir(), 'config-'));
  folders.push(cwd);
  const text = typeof config === 'string' ? config : `export default ${JSON.stringify(config)}`;
  writeFileSync(path.join(cwd, name), text);
  writeFileSync(path.join(cwd, 'mine.ts'), '');
  return cwd;
}

/** What a command reads there, or the complaint. */
async function read(cwd: string, ...argv: string[]): Promise<unknown> {
  const commandLine = await parse(argv, { cwd, findConfig });
  if (commandLine.kind === 'usage') return commandLine.message;
  return commandLine.kind === 'command' ? commandLine.parsed : commandLine.kind;
}

async function options(cwd: string, ...argv: string[]) {
  return ((await read(cwd, ...argv)) as RunCommand).options;
}

const CONFIG: SimulateConfig = {
  ...{ handler: './mine.ts', count: 500, shuffle: true, batchSize: 7, bisect: false },
  fault: { throttled: 0.1, slow: 0.2 },
};

test('its entries are flags', async () => {
  const cwd = folderWith(CONFIG);
  expect(await options(cwd)).toMatchObject({
    handler: path.join(cwd, 'mine.ts'),
    count: 500,
    shuffle: true,
    duplicate: 0.1,
    batchSize: 7,
    bisect: false,
    faults: { throttled: 0.1, slow: 0.2 },
  });
});

test('paths start from its folder', async () => {
  const cwd = folderWith({ faults: 'faults.json', out: 'results', reporter: { junit: 'j.xml' } });
  writeFileSync(path.join(cwd, 'faults.json'), '{"slow": 0.5}');
  expect(await read(cwd)).toMatchObject({
    options: { faultProfile: { ratios: { slow: 0.5 } } },
    out: path.join(cwd, 'results'),
    reporters: [{ name: 'junit', file: path.join(cwd, 'j.xml') }],
    config: path.join(cwd, 'simulate.config.ts'),
  });
});

test('the command line wins', async () => {
  const argv = ['--count', '9', '--bisect', '--no-shuffle'];
  const read = await options(folderWith(CONFIG), ...argv);
  expect(read).toMatchObject({ count: 9, bisect: true, shuffle: false, batchSize: 7 });
});

test.each<[SimulateConfig, string[], object]>([
  [
    { kinesisServer: 'kinesis-local' },
    ['--kinesis-endpoint', 'http://localhost:1'],
    { kinesisServer: 'kinesalite', kinesisEndpoint: 'http://localhost:1' },
  ],
  [{ entity: { users: 3 } }, ['--users', '4'], { entities: { products: 20, users: 4 } }],
  [{ users: 3 }, ['--entity', 'users=4'], { entities: { products: 20, users: 4 } }],
])('%j gives way to %j', async (config, argv, expected) => {
  expect(await options(folderWith(config), ...argv)).toMatchObject(expected);
});

test('what its world ignores is left out, and the header says so', async () => {
  const cwd = folderWith({ kinesisServer: 'kinesis-local', dynamodbServer: 'dynamodb-local' });
  expect(await read(cwd, '--world', 'memory')).toMatchObject({
    options: { kinesisServer: 'kinesalite', dynamodbServer: 'dynoxide' },
    config: `${cwd}/simulate.config.ts (no effect with --world memory: kinesis-server, dynamodb-server)`,
  });
});

test.each([[], ['explore', '--runs', '1'], ['replay', 'x.json'], ['mutants']])(
  '%j --no-config ignores it',
  async (...argv) => {
    const cwd = folderWith('export default 7');
    expect(await read(cwd, ...argv)).toMatch(/must export an object/);
    expect(await read(cwd, ...argv, '--no-config')).toEqual(expect.any(Object));
  },
);

test('may be JSON', async () => {
  const cwd = folderWith('{ "batch-size": 3 }', 'simulate.config.json');
  expect(await options(cwd)).toMatchObject({ batchSize: 3 });
});

describe('other commands', () => {
  const config: SimulateConfig = {
    ...{ handler: './mine.ts', seed: 'of runs', count: 500, out: 'results' },
    explore: { time: '5m', seed: 'of searches' },
    mutants: { jobs: 1, json: true },
  };

  test('have what means the same there, and their own section before it', async () => {
    const cwd = folderWith(config);
    expect(await read(cwd, 'explore')).toMatchObject({
      handler: path.join(cwd, 'mine.ts'),
      seed: 'of searches',
      timeMs: 300_000,
      count: 3,
      out: path.join(cwd, 'results'),
    });
    expect(await read(cwd, 'mutants', '--no-json')).toMatchObject({
      jobs: 1,
      json: false,
      seed: 'mutants',
      out: path.join(cwd, 'results'),
    });
    expect(await options(cwd)).toMatchObject({ seed: 'of runs', count: 500 });
  });

  test('a seed and a handler of drawn runs do not contradict --exhaustive', async () => {
    expect(await read(folderWith(config), 'explore', '--exhaustive')).toMatchObject({
      exhaustive: true,
      handler: undefined,
    });
  });
});

describe('mistakes are told in one line', () => {
  test.each([
    ['export default { shard: 3 }', /there is no option "shard"; did you mean shards\?/],
    ['export default { shards: 0 }', /--shards takes a whole number from 1 to 500/],
    ['export default { shards: [1] , world: "mars" }', /--world takes local or memory/],
    ['export default { shards: [1, 2] }', /--shards was given twice/],
    ['export default { shards: null }', /--shards can't be null/],
    ['export default { workload: "mine.ts" }', /--workload needs --handler/],
    ['export default { exlpore: {} }', /there is no option "exlpore"; did you mean explore\?/],
    ['export default { explore: 5 }', /explore must be an object with options of simulate explore/],
    [
      'export default { explore: { tyme: "5s" } }',
      /explore has no option "tyme"; did you mean time/,
    ],
    ['export default 7', /must export an object by default/],
    ['export default {', /can't be loaded: /],
  ])('%s: which names the file', async (config, message) => {
    const said = await read(folderWith(config));
    expect(said).toMatch(message);
    expect(said).toMatch(/^\/[^\n]*simulate\.config\.ts: [^\n]*$/);
  });

  test('and the option with its file, as values', async () => {
    const cwd = folderWith({ shards: 0 });
    expect(await parse([], { cwd, findConfig })).toMatchObject({
      kind: 'usage',
      option: { flag: 'shards', configFile: path.join(cwd, 'simulate.config.ts') },
    });
  });

  test('a mistake of the command line is not blamed on the file', async () => {
    const cwd = folderWith({ shards: 3, seed: 'shards' });
    expect(await read(cwd, '--shards', '0')).toMatch(/^--shards takes a whole number/);
    expect(await read(cwd, '--seed', 'x', '--shard', '3')).toMatch(/^unknown flag --shard;/);
  });

  test('a second file in the folder', async () => {
    const cwd = folderWith({});
    writeFileSync(path.join(cwd, 'simulate.config.json'), '{}');
    expect(await read(cwd)).toMatch(
      /simulate\.config\.ts: simulate\.config\.json is a configuration file, too: keep one/,
    );
  });
});
