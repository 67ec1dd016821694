/** The real process: signals, pipes and exit statuses as a shell sees them, around a made-up run. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const SUBJECT = fileURLToPath(new URL('process-subject.ts', import.meta.url));

function start(seed: string, ...argv: string[]) {
  // Without Jest's own options for Node.
  const { NODE_OPTIONS: _ours, ...env } = process.env;
  const child = spawn(process.execPath, [SUBJECT, '--seed', seed, ...argv], { env });
  const written = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    written.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    written.stderr += text;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, ...written }));
  return { child, ended };
}

async function untilPushing({ child }: ReturnType<typeof start>): Promise<void> {
  for await (const [text] of onText(child.stderr)) if (String(text).includes('push')) return;
}
const onText = (stream: NodeJS.ReadableStream) => {
  const texts = async function* () {
    for (;;) yield await once(stream, 'data');
  };
  return texts();
};

test('a verdict is the exit status, though a timer is still open', async () => {
  expect(await start('lingers').ended).toMatchObject({ code: 2, signal: null });
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s: the run cleans up, status %d', async (signal, code) => {
  const subject = start('waits');
  await untilPushing(subject);
  subject.child.kill(signal);
  const ended = await subject.ended;
  expect(ended).toMatchObject({ code, signal: null });
  expect(ended.stderr).toMatch(/cleaned up\n$/);
});

test.each(['throws-later', 'rejects-later'])('%s: 70 and the stack, never 1', async (seed) => {
  const { code, stderr } = await start(seed).ended;
  expect(code).toBe(70);
  expect(stderr).toMatch(/later[\s\S]*process-subject\.ts[\s\S]*npx simulate/);
});

test('a run that can never end is no pass', async () => {
  const { code, stderr } = await start('forgets').ended;
  expect(code).toBe(70);
  expect(stderr).toContain('ended before the run did');
});

test('a reader that leaves early is no error', async () => {
  const subject = start('prints-much');
  subject.child.stdout.destroy();
  expect(await subject.ended).toMatchObject({ code: 0, signal: null });
});
