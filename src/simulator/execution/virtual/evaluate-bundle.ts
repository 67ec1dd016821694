/**
 * Evaluates a bundle anew for each execution environment, in this process: compiled once, with module state of its
 * own each time. Nothing of it stays in Node's module cache, so that a search can do so a million times.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import vm, { type Module, type SourceTextModule as SourceTextModuleClass } from 'node:vm';
import type { HandlerBundle } from '../bundle-handler.ts';

/** Resolves with the exports. Its imports take no real time; what it awaits at its top level may. */
export type EvaluateBundle = () => Promise<Readonly<Record<string, unknown>>>;

/** Once in a process for each bundle. */
export function compileBundle(bundle: HandlerBundle): Promise<EvaluateBundle> {
  const known = compiled.get(bundle.file) ?? compile(bundle);
  compiled.set(bundle.file, known);
  return known;
}

const compiled = new Map<string, Promise<EvaluateBundle>>();

async function compile(bundle: HandlerBundle): Promise<EvaluateBundle> {
  const code = readFileSync(bundle.file, 'utf8');
  return bundle.format === 'cjs' ? compileCommonJs(bundle, code) : compileEsm(bundle, code);
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

/** Node has the classes with `--experimental-vm-modules` only. */
const { SourceTextModule, SyntheticModule } = vm as typeof vm & {
  readonly SourceTextModule: typeof SourceTextModuleClass | undefined;
};

async function compileEsm({ file, entry }: HandlerBundle, code: string): Promise<EvaluateBundle> {
  if (SourceTextModule === undefined) {
    throw new Error(
      `${entry} awaits at its top level: Node must run with --experimental-vm-modules`,
    );
  }
  const first = new SourceTextModule(code, { identifier: file });
  // Missing in the types.
  const { createCachedData } = first as unknown as { createCachedData(): Buffer };
  const cachedData = createCachedData.call(first);
  // Builtins, and modules with native code: the only imports that are left in a bundle.
  const outside = new Map<string, Readonly<Record<string, unknown>>>();
  const importOutside = async (specifier: string) => {
    const namespace = outside.get(specifier) ?? (await import(specifier));
    outside.set(specifier, namespace);
    return namespace;
  };
  const link = (specifier: string): Module => {
    const namespace = outside.get(specifier) ?? {};
    const names = Object.keys(namespace);
    return new SyntheticModule(
      names,
      function evaluate(this: InstanceType<typeof SyntheticModule>) {
        for (const name of names) this.setExport(name, namespace[name]);
      },
    );
  };
  for (const { specifier } of first.moduleRequests) await importOutside(specifier);
  return async () => {
    const module = new SourceTextModule(code, {
      identifier: file,
      cachedData,
      initializeImportMeta: (meta) =>
        Object.assign(meta, { url: `file://${entry}`, environmentGlobal: createGlobal() }),
      importModuleDynamically: importOutside as never,
    });
    await module.link(link);
    await module.evaluate();
    return module.namespace as Readonly<Record<string, unknown>>;
  };
}
