/** A handler that does its worst: its process ends, and it is said how and where. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, jest, test } from '@jest/globals';
import { bundleHandler } from '../../../../src/simulator/execution/bundle-handler.ts';
import {
  type ContainedEnd,
  contain,
} from '../../../../src/simulator/execution/contained/contain.ts';
import type { Told } from './contained-main.ts';

jest.setTimeout(30_000);

const MAIN = fileURLToPath(new URL('./contained-main.ts', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'contain-'));
afterAll(() => rmSync(folder, { recursive: true }));

let handlers = 0;

async function start(text: string, told: Partial<Told> = {}) {
  const file = path.join(folder, `handler-${++handlers}.mts`);
  writeFileSync(file, text);
  const bundle = await bundleHandler(file);
  const messages: unknown[] = [];
  const { remove, ...data } = bundle;
  const contained = contain<Told>({
    main: MAIN,
    input: { stuckMsMax: 500, memoryMb: 200, busyMs: 0, ...told },
    ...{ bundle: data, env: process.env },
    onMessage: (message) => messages.push(message),
  });
  const ended = contained.ended.then((end) => {
    remove();
    return { end, messages };
  });
  return { ...contained, ended, place: (line: number) => `${file}:${line}` };
}

function errorOf({ failure }: ContainedEnd): string {
  return failure?.kind === 'handler-error' ? failure.error : 'none';
}

test('one that does nothing wrong', async () => {
  const { ended } = await start('export const handler = async () => new Map([[1, 2]]);');
  expect(await ended).toEqual({
    end: { status: 0, signal: null },
    messages: [{ loaded: true }, { returned: new Map([[1, 2]]) }],
  });
});

test('an endless loop, with the line that it is at', async () => {
  const { ended, place } = await start('export const handler = async () => {\n  for (;;);\n};');
  const { end, messages } = await ended;
  expect(errorOf(end)).toContain(`without returning to the event loop (${place(2)})`);
  expect(messages).toEqual([{ loaded: true }]);
});

test('one while it is loaded, also where it awaits at its top level', async () => {
  for (const text of ['let at = 0;\n\nwhile (true) at++;', 'await null;\n\nfor (;;);']) {
    const { ended, place } = await start(`${text}\nexport const handler = () => 1;`);
    const { end, messages } = await ended;
    expect(errorOf(end)).toContain(`without returning to the event loop (${place(3)})`);
    expect(messages).toEqual([]);
  }
});

test('promises without an end are a loop, too', async () => {
  const { ended, place } = await start(
    'const again = async (): Promise<void> => {\n  await null;\n  return again();\n};\nexport const handler = again;',
  );
  const error = errorOf((await ended).end);
  expect([2, 3].some((line) => error.includes(`(${place(line)})`))).toBe(true);
});

test('memory without an end', async () => {
  const { ended } = await start(
    'const kept: unknown[] = [];\nexport const handler = async () => {\n  for (;;) {\n    kept.push(Buffer.alloc(1_000_000, 1));\n    await new Promise(setImmediate);\n  }\n};',
  );
  expect(errorOf((await ended).end)).toMatch(/^its process needs \d+ MB/);
});

test('the simulator itself may take its time', async () => {
  const { ended } = await start('export const handler = async () => 1;', { busyMs: 1_500 });
  expect((await ended).end).toEqual({ status: 0, signal: null });
});

test('one that ends its process, and one that is killed', async () => {
  const exits = await start('export const handler = () => process.exit(7);');
  expect((await exits.ended).end).toEqual({ status: 7, signal: null });
  const loops = await start('export const handler = () => { for (;;); };', { stuckMsMax: 60_000 });
  await loops.kill();
  expect((await loops.ended).end).toEqual({ status: null, signal: 'SIGKILL' });
});
