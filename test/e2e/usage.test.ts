/** What can't be done is said in one line, at once, with a status that tells of which kind it is. */
import { fileURLToPath } from 'node:url';
import { describe, expect, jest, test } from '@jest/globals';
import { simulate, start } from './simulate.ts';

jest.setTimeout(60_000);

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

describe('wrong usage', () => {
  test.each<[string, string[], RegExp]>([
    ['a word for a number', ['--count', 'ten'], /^simulate: --count takes a whole number .*"ten"/],
    ['a mistyped flag', ['--shufle'], /^simulate: unknown flag --shufle; did you mean --shuffle\?/],
    [
      'a stray word',
      ['shuffle'],
      /^simulate: unknown argument "shuffle"; did you mean --shuffle\?/,
    ],
    [
      'a file that is none',
      ['--handler', 'no/such.ts'],
      /^simulate: .*there is no file .*no\/such/,
    ],
    ['a flag twice', ['--count', '1', '--count', '2'], /^simulate: --count was given twice/],
    ['a ratio over 1', ['--duplicate', '1.1'], /^simulate: --duplicate takes a number from 0 to 1/],
    ['a server far away', ['--dynamodb-endpoint', 'http://example.com'], /on this machine only/],
  ])('%s', async (_, argv, line) => {
    const { status, stdout, stderr } = await simulate(...argv);
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
    expect(stderr).toMatch(line);
    expect(stderr).toMatch(/^[^\n]+\n$/);
  });

  test.each<[string, string, RegExp]>([
    ['without the export', 'handlers/no-handler.ts', /exports no "handler"; it exports handle$/],
    ['that throws at import', 'handlers/throws-at-import.ts', /can't be loaded: .*nothing to see/],
    ['of another name', 'handlers/throws.ts%23handle', /exports no "handle"; it exports handler$/],
    ['that is no code', 'handlers/no-code.txt', /no-code\.txt can't be loaded/],
  ])('a handler %s', async (_, file, line) => {
    const { status, stderr } = await simulate('--handler', here(file), '--count', '10');
    expect(status).toBe(64);
    expect(complaints(stderr)).toEqual([expect.stringMatching(line)]);
  });
});

describe('a server that is not there', () => {
  test.each(['kinesis', 'dynamodb'])('%s: 69, at once', async (server) => {
    const { child, ended } = start([`--${server}-endpoint`, 'http://127.0.0.1:1', '--count', '10']);
    const before = performance.now();
    const { status, stderr } = await ended;
    expect(status).toBe(69);
    expect(complaints(stderr)).toEqual([
      expect.stringMatching(
        new RegExp(`^simulate: ${server} at .*127\\.0\\.0\\.1:1 can't be reached: .*REFUSED`, 'i'),
      ),
    ]);
    expect(performance.now() - before).toBeLessThan(5_000);
    expect(child.exitCode).toBe(69);
  });
});

describe('help', () => {
  test('names every exit status, and is no run', async () => {
    const { status, stdout, stderr } = await simulate('--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const word of ['0 converged', '2 diverged', '3 unknown', '64', '69', '70', '130']) {
      expect(stdout).toContain(word);
    }
  });
});

/** The lines on stderr but for those that tell how far the run came. */
function complaints(stderr: string): string[] {
  return stderr.split('\n').filter((line) => line !== '' && !/^ +[\d.]+ s {2}\w/.test(line));
}
