/**
 * The folder for workers on other machines. The files that artillery would upload are copied into an empty folder,
 * installed there by the commands of artillery's workers, without a registry, and run with an artillery that has
 * none of our packages beside it.
 */
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { readdir, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { decodeRecord } from '../../../load/worlds/records-read.ts';
import { type DeployedServers, startDeployedServers } from '../../support/deployed-servers.ts';
import { load } from '../load-command.ts';
import { recordsOnStream } from '../records-on-stream.ts';

jest.setTimeout(120_000);
const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
const MODULES = path.join(PROJECT, 'load/artillery/node_modules');
const ENGINE = 'artillery-engine-kinesis';
let servers: DeployedServers;
let folder: string;

beforeAll(async () => {
  servers = await startDeployedServers();
  folder = mkdtempSync(path.join(realpathSync(tmpdir()), 'winner-view-bundle-'));
});
afterAll(async () => {
  await servers.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Without the project in its environment. */
async function command(
  file: string,
  words: readonly string[],
  { cwd, env = {} }: { cwd: string; env?: Readonly<Record<string, string>> },
): Promise<string> {
  const search = (process.env['PATH'] ?? '').split(':').filter((each) => !each.startsWith(PROJECT));
  const { stdout, stderr } = await promisify(execFile)(file, words, {
    cwd,
    env: { HOME: folder, PATH: search.join(':'), ...env },
    maxBuffer: 2 ** 26,
  });
  return `${stdout}${stderr}`;
}

interface Manifest {
  readonly files: readonly { readonly orig: string; readonly noPrefixPosix: string }[];
  readonly modules: readonly string[];
}

/** What artillery's run-fargate and run-lambda would upload for a script. */
async function manifestOf(script: string): Promise<Manifest> {
  const source = path.join(MODULES, 'artillery/dist/lib/platform/aws-ecs/legacy/bom.js');
  const words = [source, script].map((each) => JSON.stringify(each));
  const code = `import { createBOM } from ${words[0]};
    createBOM(${words[1]}, [], { flags: {} }, (error, manifest) => {
      if (error) throw error;
      console.log('\\n' + JSON.stringify(manifest));
    });`;
  const output = await command(process.execPath, ['--input-type=module', '-e', code], {
    cwd: folder,
  });
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as Manifest;
}

/** Artillery with its packages, without our engine. */
async function artilleryAlone(): Promise<string> {
  const modules = path.join(folder, 'artillery', 'node_modules');
  mkdirSync(modules, { recursive: true });
  for (const name of await readdir(MODULES)) {
    if (name !== ENGINE) await symlink(path.join(MODULES, name), path.join(modules, name));
  }
  return path.join(modules, 'artillery', 'bin', 'run');
}

test('the uploaded files run in an empty folder, without a registry', async () => {
  const { stage, streamName } = await servers.deploy();
  const made = path.join(folder, 'made');
  const words = ['bundle', '--stage', stage, '--prefix', 'big', '--seed', 'S', '--out', made];
  const bundled = await load(words, servers.environment);
  expect(bundled.output).toContain(`on ${streamName} in us-east-1; ids begin with simulate:big:`);
  expect(bundled.status).toBe(0);

  const { files, modules } = await manifestOf(path.join(made, 'steady.yml'));
  expect(files.map(({ noPrefixPosix }) => noPrefixPosix).sort()).toEqual([
    'engine/engine.mjs',
    'engine/package.json',
    'package.json',
    'steady.yml',
  ]);
  expect(modules).toEqual([ENGINE]);

  const worker = path.join(folder, 'worker');
  for (const { orig, noPrefixPosix } of files) {
    mkdirSync(path.dirname(path.join(worker, noPrefixPosix)), { recursive: true });
    copyFileSync(orig, path.join(worker, noPrefixPosix));
  }
  for (const module of modules) {
    await command('npm', ['install', '--quiet', '--offline', module], { cwd: worker });
  }
  await command('npm', ['install', '--loglevel=silent', '--offline'], { cwd: worker });
  expect(realpathSync(path.join(worker, 'node_modules', ENGINE))).toBe(path.join(worker, 'engine'));
  expect(JSON.parse(readFileSync(path.join(worker, 'package.json'), 'utf8')).dependencies).toEqual({
    [ENGINE]: 'file:engine',
  });

  const phases = [{ duration: 2, arrivalRate: 4 }];
  const output = await command(
    process.execPath,
    [
      ...['--preserve-symlinks', '--preserve-symlinks-main', await artilleryAlone(), 'run'],
      ...['--overrides', JSON.stringify({ config: { phases } }), 'steady.yml'],
    ],
    {
      cwd: worker,
      env: {
        ...servers.environment,
        NODE_PATH: path.join(worker, 'node_modules'),
        WORKER_ID: 'task-1',
        ARTILLERY_DISABLE_TELEMETRY: 'true',
      },
    },
  );
  expect(output).toMatch(/kinesis\.records\.taken: \.* 400\n/);
  expect(output).toContain('ok: kinesis.records.failed == 0');
  const records = await recordsOnStream(servers.kinesis, streamName);
  expect(records).toHaveLength(400);
  for (const { data, partitionKey } of records) {
    const { productId, origin } = decodeRecord(data);
    expect(partitionKey).toBe(productId);
    expect([productId, origin].map((id) => id.slice(0, 13))).toEqual([
      'simulate:big:',
      'simulate:big:',
    ]);
  }
});

test.each<[string, string[], RegExp]>([
  ['no stage', [], /^load: bundle takes the stage of a deployed stack: add --stage dev\n$/],
  ['production', ['--stage', 'prod'], /^load: the stage prod is production by its name, and this/],
  ['a missing stack', ['--stage', 'other'], /^load: there is no stack winner-view-other/],
  ['an unknown flag', ['--stage', 'dev', '--sead', 'S'], /unknown flag --sead; did you mean/],
])('refuses %s', async (_, argv, message) => {
  const { status, output } = await load(['bundle', ...argv], servers.environment);
  expect(output).toMatch(message);
  expect(status).toBe(64);
});
