/** However a run is ended, it ends soon and leaves nothing behind: no process, no file. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createMarked, type Marked, start } from './simulate.ts';

jest.setTimeout(60_000);

let marked: Marked;
beforeEach(async () => {
  marked = await createMarked();
});
afterEach(async () => {
  await marked.remove();
});

const COUNT = ['--count', '2000', '--shuffle', '--seed', 'e2e'];
/** As a run says that a stage has begun. */
const begun = (stage: string) => `s  ${stage}\n`;

describe('a signal', () => {
  test.each(['start', 'push', 'deliver', 'check'])('Ctrl-C in %s: 130', async (stage) => {
    // Each stage is long enough not to be over before we are heard, and no longer.
    const { child, ended, said } = start(COUNT, marked.place);
    await said(begun(stage));
    // Its servers have registered by then: that they are gone afterwards means something.
    if (stage !== 'start') expect(marked.processes().length).toBeGreaterThanOrEqual(4);
    child.kill('SIGINT');
    const before = performance.now();
    const { status, stdout, stderr } = await ended;
    expect(performance.now() - before).toBeLessThan(2_000);
    expect({ status, stderr }).toMatchObject({ status: 130 });
    expect(stdout).not.toMatch(/CONVERGED|DIVERGED|UNKNOWN/);
    expect(stderr).not.toMatch(/Error|bug/);
    await marked.nothingLeft();
  });

  test('SIGTERM: 143', async () => {
    const { child, ended, said } = start(COUNT, marked.place);
    await said(begun('deliver'));
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ status: 143 });
    await marked.nothingLeft();
  });

  test('kill -9 ends the servers and the workers too', async () => {
    const { child, ended, said } = start(COUNT, marked.place);
    await said(begun('deliver'));
    const before = marked.processes();
    expect(before.some(({ command }) => command.includes('dynoxide'))).toBe(true);
    expect(before.some(({ command }) => command.includes('worker-main'))).toBe(true);
    child.kill('SIGKILL');
    expect(await ended).toMatchObject({ signal: 'SIGKILL' });
    await marked.nothingLeft();
  });

  test.each(['dynoxide', 'kinesalite'])('a %s that dies ends the run: 69', async (server) => {
    const { ended, said } = start(COUNT, marked.place);
    await said(begun('deliver'));
    const victim = marked.processes().find(({ command }) => command.includes(server));
    process.kill(victim?.pid ?? Number.NaN, 'SIGKILL');
    const { status, stderr } = await ended;
    expect(status).toBe(69);
    expect(stderr).toMatch(/\nsimulate: .* at http:\S+ can't be reached: [^\n]+\n$/);
    await marked.nothingLeft();
  });

  test('a Ctrl-C on DynamoDB Local leaves none of its files', async () => {
    const argv = [...COUNT, '--dynamodb-server', 'dynamodb-local'];
    const { child, ended, said } = start(argv, marked.place);
    await said(begun('push'));
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ status: 130 });
    await marked.nothingLeft();
  });
});

describe('a normal end', () => {
  test('leaves nothing either', async () => {
    const { ended } = start(['--count', '20'], marked.place);
    expect(await ended).toMatchObject({ status: 0 });
    await marked.nothingLeft();
  });

  test('a reader who leaves after a line (| head -1): no stack, and the status stands', async () => {
    const command = fileURLToPath(new URL('../../bin/simulate.js', import.meta.url));
    const line = '"$0" "$1" --count 20 --seed e2e | head -1; echo "status $PIPESTATUS"';
    const { NODE_OPTIONS: _ours, ...env } = process.env;
    const shell = spawn('bash', ['-c', line, process.execPath, command], { env });
    let stdout = '';
    let stderr = '';
    shell.stdout.on('data', (text) => {
      stdout += text;
    });
    shell.stderr.on('data', (text) => {
      stderr += text;
    });
    await once(shell, 'close');
    expect(stdout).toMatch(/^seed +e2e\nstatus 0\n$/);
    expect(stderr).not.toMatch(/EPIPE|Error/);
  });
});
