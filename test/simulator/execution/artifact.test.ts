/** Packaged functions: which module of a zip is the handler, and what is said where none is. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { strToU8, zipSync } from 'fflate';
import { isArtifact, unpackArtifact } from '../../../src/simulator/execution/artifact.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'artifact-'));
afterAll(() => rmSync(folder, { recursive: true }));

function zip(...names: string[]): string {
  const file = path.join(folder, `${names.length}-${names.join('-').replaceAll('/', '_')}.zip`);
  writeFileSync(
    file,
    zipSync(Object.fromEntries(names.map((name) => [name, strToU8('export const handler = 1;')]))),
  );
  return file;
}

/** The handler from the task's root, and whether its file is there until it is removed. */
function unpacked(reference: string) {
  const { handler, taskRoot } = unpackArtifact(reference);
  const [file = ''] = handler.split('#');
  const wasThere = existsSync(file);
  taskRoot.remove();
  return { handler: path.relative(taskRoot.path, handler), wasThere, isThere: existsSync(file) };
}

test('the only module is the one, and its handler', () => {
  expect(unpacked(zip('out/winner.mjs', 'package.json'))).toEqual({
    handler: 'out/winner.mjs#handler',
    wasThere: true,
    isThere: false,
  });
});

test('of several, the one that is named as Lambda names it', () => {
  const file = zip('a.js', 'src/b.cjs', 'node_modules/c/index.js');
  expect(unpacked(`${file}#src/b.main`)).toMatchObject({ handler: 'src/b.cjs#main' });
});

test.each([
  [zip('a.js', 'b.js'), /holds 2 modules \(a\.js, b\.js\): name the handler/],
  [zip('readme.txt'), /holds 0 modules/],
  [`${zip('a.js')}#b.handler`, /has no handler b\.handler.*\(a\.js\)/],
  [`${zip('a.js')}#handler`, /MODULE\.EXPORT/],
  [zip('../escape.mjs'), /a file by the name "\.\.\/escape\.mjs"/],
])('%s is refused in one line', (reference, message) => {
  expect(() => unpackArtifact(reference)).toThrow(message);
  expect(() => unpackArtifact(reference)).toThrow(/^[^\n]*$/);
});

test('what is no zip file is refused', () => {
  const file = path.join(folder, 'text.zip');
  writeFileSync(file, 'no zip');
  expect(() => unpackArtifact(file)).toThrow(/no zip file/);
});

test('a zip is told by its name', () => {
  expect(isArtifact(`${zip('a.js')}#a.handler`)).toBe(true);
  expect(isArtifact('/somewhere/handler.ts#main')).toBe(false);
});
