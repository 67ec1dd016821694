/** Handlers as deployments build them: what is honoured, what stays outside, and what is said where it fails. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import {
  type BuiltBundle,
  bundleHandler,
} from '../../../src/simulator/execution/bundle-handler.ts';
import { createSourceLines, ownPlaceIn } from '../../../src/simulator/execution/source-lines.ts';
import { compileBundle } from '../../../src/simulator/execution/virtual/evaluate-bundle.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bundle-'));
const built: BuiltBundle[] = [];
afterAll(() => {
  for (const bundle of built) bundle.remove();
  rmSync(folder, { recursive: true });
});

let projects = 0;

/** A folder with these files. */
function project(files: Readonly<Record<string, string>>): string {
  const root = path.join(folder, `project-${++projects}`);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  return root;
}

async function bundle(reference: string): Promise<BuiltBundle> {
  const made = await bundleHandler(reference);
  built.push(made);
  return made;
}

/** What its handler returns. */
async function run(reference: string): Promise<unknown> {
  const evaluate = compileBundle(await bundle(reference));
  const { handler } = (await evaluate()) as { handler(): unknown };
  return handler();
}

test('enums, namespaces, parameter properties and decorators of TypeScript', async () => {
  const root = project({
    'tsconfig.json': '{ "compilerOptions": { "experimentalDecorators": true } }',
    'handler.ts': `
      enum Kind { Sale = 'SALE' }
      namespace Text { export const mark = '!'; }
      const twice = (_: object, __: string, descriptor: PropertyDescriptor) => {
        const { value } = descriptor;
        descriptor.value = () => value() + value();
        return descriptor;
      };
      class Box {
        constructor(private readonly held: string) {}
        @twice static mark() { return Text.mark; }
        open() { return this.held + Box.mark(); }
      }
      export const handler = () => new Box(Kind.Sale).open();
    `,
  });
  expect(await run(path.join(root, 'handler.ts'))).toBe('SALE!!');
});

test('the nearest tsconfig.json: paths, and what it extends', async () => {
  const root = project({
    'base.json': '{ "compilerOptions": { "baseUrl": ".", "paths": { "@lib/*": ["lib/*"] } } }',
    'functions/tsconfig.json': '{ "extends": "../base.json" }',
    'functions/handler.ts': `import { name } from '@lib/name'; export const handler = () => name;`,
    'lib/name.ts': `export const name = 'found';`,
  });
  expect(await run(path.join(root, 'functions/handler.ts'))).toBe('found');
});

test('imports without extensions, of folders, and of types that only @types has', async () => {
  const root = project({
    'package.json': '{ "type": "commonjs" }',
    'handler.ts': `
      import { KinesisStreamEvent, Context } from 'aws-lambda';
      import { one } from './lib';
      import { two } from './lib/two';
      export const handler = async (_event: KinesisStreamEvent, _context: Context) => one + two;
    `,
    'lib/index.ts': 'export const one = 1;',
    'lib/two.ts': 'export const two = 2;',
  });
  expect(await run(path.join(root, 'handler.ts'))).toBe(3);
});

test.each([
  ['CommonJS', 'handler.cjs', `exports.handler = () => __filename;`],
  [
    'an ES module',
    'handler.mjs',
    `export const handler = () => new URL(import.meta.url).pathname;`,
  ],
  [
    'one that awaits',
    'handler.mjs',
    `const at = await import.meta.url; export const handler = () => at.slice(7);`,
  ],
])('%s knows the file that it was written in', async (_, name, text) => {
  const root = project({ [name]: text });
  expect(await run(path.join(root, name))).toBe(path.join(root, name));
});

test('module code is strict, other code is not', async () => {
  const sloppy = 'const frozen = Object.freeze({ a: 1 }); frozen.a = 2; return frozen.a;';
  const root = project({
    'esm.mjs': `export const handler = () => { ${sloppy} };`,
    'esm.js': `export const handler = () => { ${sloppy} };`,
    'common.cjs': `exports.handler = () => { ${sloppy} };`,
  });
  await expect(run(path.join(root, 'esm.mjs'))).rejects.toThrow('read only');
  await expect(run(path.join(root, 'esm.js'))).rejects.toThrow('read only');
  expect(await run(path.join(root, 'common.cjs'))).toBe(1);
});

test('each evaluation has module state of its own', async () => {
  for (const name of ['counts.cjs', 'counts.mjs']) {
    const awaits = name === 'counts.mjs' ? 'await null;' : '';
    const root = project({
      [name]: `${awaits} let count = 0; ${name === 'counts.mjs' ? 'export const handler =' : 'exports.handler ='} () => ++count;`,
    });
    const made = await bundle(path.join(root, name));
    expect(made.format).toBe(name === 'counts.mjs' ? 'esm' : 'cjs');
    const evaluate = compileBundle(made);
    const [first, second] = [await evaluate(), await evaluate()] as unknown as [
      { handler(): number },
      { handler(): number },
    ];
    expect([first.handler(), first.handler(), second.handler()]).toEqual([1, 2, 1]);
  }
});

test('a package is named by its folder', async () => {
  const root = project({
    'package.json': '{ "main": "build/main" }',
    'build/main.js': `exports.handler = () => 'main';`,
    'other/index.ts': `export const handler = () => 'index';`,
  });
  expect(await run(root)).toBe('main');
  expect(await run(path.join(root, 'other'))).toBe('index');
  const empty = project({ 'package.json': '{}' });
  await expect(bundleHandler(empty)).rejects.toThrow('names no file by "main"');
});

test('a bundle is bundled again without harm', async () => {
  const root = project({
    'handler.ts': `import { EventEmitter } from 'node:events'; export const handler = () => new EventEmitter().listenerCount('x');`,
  });
  const first = await bundle(path.join(root, 'handler.ts'));
  expect(await run(first.file)).toBe(0);
});

test('a module with native code stays outside', async () => {
  const root = project({
    'node_modules/addon/package.json': '{ "main": "index.js" }',
    'node_modules/addon/binding.gyp': '{}',
    'node_modules/addon/index.js': `module.exports = __dirname;`,
    'uses.js': `exports.handler = () => require('addon');`,
  });
  expect(await run(path.join(root, 'uses.js'))).toBe(path.join(root, 'node_modules/addon'));
});

test("the AWS SDK is the simulator's own where the project has none, as in Lambda", async () => {
  const root = project({
    'handler.ts': `import { PutItemCommand } from '@aws-sdk/client-dynamodb'; export const handler = () => PutItemCommand.name;`,
  });
  expect(await run(path.join(root, 'handler.ts'))).toBe('PutItemCommand');
});

test('what is wrong is one line with file and line, and nothing is left behind', async () => {
  const root = project({
    'syntax.ts': 'export const a = 1;\nexport const handler = ( => 1;',
    'missing.ts': `export const a = 1;\n\nimport { b } from './nowhere';\nexport const handler = () => b;`,
  });
  const message = async (name: string): Promise<string> => {
    const error = await bundleHandler(path.join(root, name)).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ name: 'HandlerUnusable' });
    return (error as Error).message;
  };
  const before = temporaryFolders();
  expect(await message('syntax.ts')).toMatch(/^\S*syntax\.ts:2: .*"=>"/);
  expect(await message('missing.ts')).toMatch(
    /^\S*missing\.ts:3: Could not resolve "\.\/nowhere"$/,
  );
  expect(await message('none.ts')).toBe(`there is no file ${path.join(root, 'none.ts')}`);
  expect(temporaryFolders()).toEqual(before);
});

test('the bundle is in a temporary folder until it is removed', async () => {
  const root = project({ 'handler.ts': 'export const handler = () => 1;' });
  const made = await bundleHandler(`${path.join(root, 'handler.ts')}#handler`);
  expect(made.exportName).toBe('handler');
  expect(path.dirname(made.file)).not.toContain(root);
  expect(existsSync(`${made.file}.map`)).toBe(true);
  made.remove();
  expect(existsSync(path.dirname(made.file))).toBe(false);
});

test("places in a bundle are the handler's own lines", async () => {
  const root = project({
    'handler.ts': `import { fail } from './lib/fail';\ninterface Typed { a: string }\n\nexport const handler = () => fail();`,
    'lib/fail.ts': `type Nothing = undefined;\n\nexport const fail = (): Nothing => {\n  throw new TypeError('broken');\n};`,
  });
  const made = await bundle(path.join(root, 'handler.ts'));
  const lines = createSourceLines(made);
  const evaluate = compileBundle(made);
  const { handler } = (await evaluate()) as { handler(): unknown };
  let stack = '';
  try {
    handler();
  } catch (error) {
    stack = lines.translate((error as Error).stack ?? '');
  }
  expect(stack).toContain(`${path.join(root, 'lib/fail.ts')}:4`);
  expect(stack).toContain(`${path.join(root, 'handler.ts')}:4`);
  expect(ownPlaceIn(stack)).toBe(`${path.join(root, 'lib/fail.ts')}:4`);
  expect(lines.translate('nothing of it')).toBe('nothing of it');
  // Node's own translation finds the map as well.
  const script = `process.setSourceMapsEnabled(true); try { require(${JSON.stringify(made.file)}).handler(); } catch (error) { console.log(error.stack); }`;
  const printed = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  expect(printed).toContain(`${path.join(root, 'lib/fail.ts')}:4`);
});

function temporaryFolders(): readonly string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith(`winner-view-${process.pid}-`));
}
