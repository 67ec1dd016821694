/** The check for programs that the tests need: on a path with stand-ins for them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const PACKAGES = ['openjdk-17-jre-headless', 'chromium', 'libxml2-utils'];

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'prerequisites-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function install(name: string, output = ''): void {
  writeFileSync(path.join(folder, name), `#!/bin/sh\necho '${output}' >&2\n`, { mode: 0o755 });
}

function check() {
  const script = path.join(PROJECT, 'scripts/prerequisites.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], {
    encoding: 'utf8',
    env: { PATH: folder },
  });
  return { status, output: stdout + stderr };
}

test('with every program it prints nothing', () => {
  install('java', 'openjdk version "21.0.2" 2024-01-16');
  install('chromium');
  install('xmllint');
  expect(check()).toEqual({ status: 0, output: '' });
});

test('it names what is missing, and the Debian packages of exactly that', () => {
  expect(check()).toEqual({
    status: 1,
    output: expect.stringContaining(`apt-get install ${PACKAGES.join(' ')}\n`),
  });
  install('java', 'openjdk version "17.0.15" 2025-04-15');
  install('xmllint');
  const { status, output } = check();
  expect(status).toBe(1);
  expect(output).toMatch(/chromium: not found/);
  expect(output).not.toMatch(/java|xmllint/);
  expect(output).toContain('apt-get install chromium\n');
});

test('an older Java is named with its version', () => {
  install('java', 'openjdk version "11.0.2" 2019-01-15');
  expect(check().output).toMatch(/java: found version 11; .*Java 17 or newer/);
});

test('npm run check runs it first, and CI installs the same packages', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(PROJECT, 'package.json'), 'utf8'));
  expect(scripts.check).toMatch(/^node scripts\/prerequisites\.js && /);
  const ci = readFileSync(path.join(PROJECT, '.ci/run'), 'utf8');
  for (const name of PACKAGES) expect(ci).toMatch(new RegExp(`^install \\w+ ${name}$`, 'm'));
});
