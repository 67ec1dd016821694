/**
 * Evaluates a bundle anew for each execution environment, in this process: compiled once, with module state of its
 * own each time. Nothing of it stays in Node's module cache, so that a search can do so a million times.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';
import type { HandlerBundle } from '../bundle-handler.ts';
import { asyncFunctionBody } from './async-module.ts';

/** Resolves with the exports. Its imports take no real time; what it awaits at its top level may. */
export type EvaluateBundle = () => Promise<Readonly<Record<string, unknown>>>;

/** Once in a process for each bundle. */
export function compileBundle(bundle: HandlerBundle): EvaluateBundle {
  const known = compiled.get(bundle.file) ?? compile(bundle);
  compiled.set(bundle.file, known);
  return known;
}

const compiled = new Map<string, EvaluateBundle>();

function compile(bundle: HandlerBundle): EvaluateBundle {
  const code = readFileSync(bundle.file, 'utf8');
  return bundle.format === 'cjs' ? compileCommonJs(bundle, code) : compileAwaiting(bundle, code);
}

/** A global object of its own for each evaluation: what is set on it is not seen by others. */
function createGlobal(): object {
  const own: Record<PropertyKey, unknown> = {};
  const shared = globalThis as unknown as Record<PropertyKey, unknown>;
  const proxy: object = new Proxy(own, {
    get: (_, name) => (Object.hasOwn(own, name) ? own[name] : shared[name]),
    has: (_, name) => name in own || name in shared,
    set(_, name, value) {
      own[name] = value;
      return true;
    },
  });
  for (const name of ['globalThis', 'global']) own[name] = proxy;
  return proxy;
}

type CommonJsFunction = (
  this: unknown,
  exports: object,
  require: NodeJS.Require,
  module: { exports: object },
  filename: string,
  dirname: string,
  environmentGlobal: object,
) => void;

function compileCommonJs({ file, entry }: HandlerBundle, code: string): EvaluateBundle {
  const run = vm.compileFunction(
    code,
    ['exports', 'require', 'module', '__filename', '__dirname', '__environmentGlobal'],
    { filename: file, importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER },
  ) as unknown as CommonJsFunction;
  const require = createRequire(entry);
  return async () => {
    const module: { exports: object } = { exports: {} };
    const place = [entry, path.dirname(entry)] as const;
    run.call(module.exports, module.exports, require, module, ...place, createGlobal());
    const { exports } = module;
    return typeof exports === 'function' ? { default: exports } : { default: exports, ...exports };
  };
}

type AsyncFunction = (
  load: (specifier: string) => Promise<unknown>,
  meta: object,
) => Promise<Readonly<Record<string, unknown>>>;

function compileAwaiting({ file, entry }: HandlerBundle, code: string): EvaluateBundle {
  const run = vm.compileFunction(asyncFunctionBody(code), ['__import', '__meta'], {
    filename: file,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }) as unknown as AsyncFunction;
  // Builtins, and modules with native code: the only imports that are left in a bundle.
  const load = createRequire(entry);
  const namespaceOf = async (specifier: string): Promise<unknown> => {
    const module = load(specifier) as object;
    // Without reading them all: some of Node's warn when they are read.
    return Object.create(module, { default: { value: module } });
  };
  return () => run(namespaceOf, { url: `file://${entry}`, environmentGlobal: createGlobal() });
}
