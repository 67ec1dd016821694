/** Packaged functions: which module of a zip is the handler, and the errors if none is. */
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

/** The handler in the task root, and whether its file exists before and after the removal. */
function unpacked(reference: string) {
  const { handler, taskRoot } = unpackArtifact(reference);
  const [file = ''] = handler.split('#');
  const wasThere = existsSync(file);
  taskRoot.remove();
  return { handler: path.relative(taskRoot.path, handler), wasThere, isThere: existsSync(file) };
}

test('a single module is the handler', () => {
  expect(unpacked(zip('out/winner.mjs', 'package.json'))).toEqual({
    handler: 'out/winner.mjs#handler',
    wasThere: true,
    isThere: false,
  });
});

test('of several modules, the handler setting selects one', () => {
  const file = zip('a.js', 'src/b.cjs', 'node_modules/c/index.js');
  expect(unpacked(`${file}#src/b.main`)).toMatchObject({ handler: 'src/b.cjs#main' });
});

test.each([
  [zip('a.js', 'b.js'), /contains 2 modules \(a\.js, b\.js\): name the handler/],
  [zip('readme.txt'), /contains 0 modules/],
  [`${zip('a.js')}#b.handler`, /has no handler b\.handler.*\(a\.js\)/],
  [`${zip('a.js')}#handler`, /MODULE\.EXPORT/],
  [zip('../escape.mjs'), /a file named "\.\.\/escape\.mjs"/],
])('%s is refused in one line', (reference, message) => {
  expect(() => unpackArtifact(reference)).toThrow(message);
  expect(() => unpackArtifact(reference)).toThrow(/^[^\n]*$/);
});

test('a file that is not a zip file is refused', () => {
  const file = path.join(folder, 'text.zip');
  writeFileSync(file, 'text');
  expect(() => unpackArtifact(file)).toThrow(/text\.zip can't be unpacked as a zip file/);
});

test('an artifact is recognised by its name', () => {
  expect(isArtifact(`${zip('a.js')}#a.handler`)).toBe(true);
  expect(isArtifact('/somewhere/handler.ts#main')).toBe(false);
});
