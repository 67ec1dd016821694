/** The configuration file: as if typed, but the command line wins, and its mistakes name it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { findConfig } from '../../src/cli/config.ts';
import { parseCommandLine } from '../../src/cli/options.ts';
import { context } from './context.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function folderWith(config: string, name = 'simulate.config.ts'): string {
  const cwd = mkdtempSync(path.join(tmpdir(), 'config-'));
  folders.push(cwd);
  writeFileSync(path.join(cwd, name), config);
  writeFileSync(path.join(cwd, 'mine.ts'), '');
  return cwd;
}

async function parsed(cwd: string, ...argv: string[]) {
  const commandLine = await parseCommandLine(argv, { ...context, cwd, findConfig });
  if (commandLine.kind === 'usage') return commandLine.message;
  if (commandLine.kind === 'run') return commandLine.options;
  return commandLine.kind;
}

const CONFIG = `export default {
  handler: './mine.ts', count: 500, shuffle: true, batchSize: 7, bisect: false, fault: { throttled: 0.1, slow: 0.2 },
}`;

test('its entries are flags', async () => {
  const cwd = folderWith(CONFIG);
  expect(await parsed(cwd)).toMatchObject({
    handler: path.join(cwd, 'mine.ts'),
    count: 500,
    shuffle: true,
    duplicate: 0.1,
    batchSize: 7,
    bisect: false,
    faults: { throttled: 0.1, slow: 0.2 },
  });
});

test('the command line wins', async () => {
  const options = await parsed(folderWith(CONFIG), '--count', '9', '--bisect', '--no-shuffle');
  expect(options).toMatchObject({ count: 9, bisect: true, shuffle: false, batchSize: 7 });
});

test('--no-config passes it over', async () => {
  expect(await parsed(folderWith(CONFIG), '--no-config')).toMatchObject({ count: 1000 });
});

test('may be JSON', async () => {
  const cwd = folderWith('{ "batch-size": 3 }', 'simulate.config.json');
  expect(await parsed(cwd)).toMatchObject({ batchSize: 3 });
});

test('other commands take of it what they have', async () => {
  expect(await parsed(folderWith(CONFIG), 'explore', '--runs', '1')).toBe('work');
  expect(await parsed(folderWith(CONFIG), 'replay', 'x.json')).toBe('work');
});

test.each([
  ['export default { shard: 3 }', /there is no option "shard"; did you mean shards\?/],
  ['export default { shards: 0 }', /--shards takes a whole number from 1 to 500/],
  ['export default { shards: [1] , world: "mars" }', /--world takes local or memory/],
  ['export default 7', /must export an object by default/],
  ['export default {', /can't be loaded: /],
])('%s is answered in one line, which names the file', async (config, message) => {
  const said = await parsed(folderWith(config));
  expect(said).toMatch(message);
  expect(said).toMatch(/^\/[^\n]*simulate\.config\.ts: [^\n]*$/);
});
