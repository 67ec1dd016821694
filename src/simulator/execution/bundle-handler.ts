/**
 * Builds a handler as deployments do: esbuild makes one file of FILE and all that it imports. The handler's own
 * tsconfig.json decides on paths, decorators and what is erased; modules with native code stay outside.
 */
import { existsSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  type BuildFailure,
  type BuildOptions,
  type BuildResult,
  build,
  type Message,
  type OnResolveArgs,
  type OnResolveResult,
  type Plugin,
} from 'esbuild';
import { parseReference } from '../module-reference.ts';
import { guardedFolder } from '../servers/guard.ts';
import { isArtifact, unpackArtifact } from './artifact.ts';
import { HandlerUnusable } from './handler-unusable.ts';

/** A handler in one file. Plain data but for `remove`: other processes load the same file. */
export interface HandlerBundle {
  /** As it was written: `FILE`, `DIRECTORY`, with `#EXPORT` or without. */
  readonly reference: string;
  /** The file that the build began with. It is the bundle's `__filename`. */
  readonly entry: string;
  readonly exportName: string | undefined;
  /** The bundle, with its source map beside it (`.map`). */
  readonly file: string;
  /** `esm` where a module of it awaits at its top level. */
  readonly format: 'cjs' | 'esm';
  /** Warnings of the build. */
  readonly notes: readonly string[];
}

export interface BuiltBundle extends HandlerBundle {
  remove(): void;
}

/**
 * A handler of any form: a file, a package's folder, or a packaged function (`.zip`). Rejects with
 * {@link HandlerUnusable}, and leaves nothing behind.
 */
export async function bundleForRun(reference: string): Promise<BuiltBundle> {
  if (!isArtifact(reference)) return bundleHandler(reference);
  const { handler, taskRoot } = unpackArtifact(reference);
  try {
    const bundle = await bundleHandler(handler);
    return {
      ...bundle,
      reference,
      remove() {
        bundle.remove();
        taskRoot.remove();
      },
    };
  } catch (error) {
    taskRoot.remove();
    throw error;
  }
}

/** As Lambda's own setting has it: `src/orders.handler`. */
export function handlerSetting({ entry, exportName = 'handler' }: HandlerBundle): string {
  const file = path.relative(process.cwd(), entry);
  return `${file.replace(/\.\w+$/, '')}.${exportName}`;
}

/** Rejects with {@link HandlerUnusable}, one line with file and line, and leaves nothing behind. */
export async function bundleHandler(reference: string): Promise<BuiltBundle> {
  const { file, exportName } = parseReference(reference);
  const resolved = path.resolve(file);
  if (!existsSync(resolved)) throw new HandlerUnusable(`there is no file ${resolved}`);
  const entry = realpathSync(entryOf(resolved));
  const folder = guardedFolder();
  try {
    const { format, code, map, notes } = await buildOnce(entry);
    const target = path.join(folder.path, format === 'cjs' ? 'handler.cjs' : 'handler.mjs');
    writeFileSync(target, `${code}\n//# sourceMappingURL=${path.basename(target)}.map\n`);
    writeFileSync(`${target}.map`, map);
    return { reference, entry, exportName, file: target, format, notes, remove: folder.remove };
  } catch (error) {
    folder.remove();
    throw error;
  }
}

/** The file that a package's `main` names, or the file itself. */
function entryOf(file: string): string {
  if (!statSync(file).isDirectory()) {
    if (/\.[cm]?[jt]sx?$/.test(file)) return file;
    throw new HandlerUnusable(`${file} can't be loaded: it is neither JavaScript nor TypeScript`);
  }
  const manifest = readManifest(file);
  const main = typeof manifest?.['main'] === 'string' ? manifest['main'] : 'index';
  const names = [main, ...EXTENSIONS.map((extension) => main + extension)];
  const candidates = [...names, ...EXTENSIONS.map((each) => path.join(main, `index${each}`))];
  const found = candidates
    .map((name) => path.join(file, name))
    .find((name) => existsSync(name) && statSync(name).isFile());
  if (found !== undefined) return found;
  throw new HandlerUnusable(
    `${file} is a directory without a handler: its package.json names no file by "main", and there is no index file`,
  );
}

const EXTENSIONS = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'];

interface Built {
  readonly format: 'cjs' | 'esm';
  readonly code: string;
  readonly map: string;
  readonly notes: readonly string[];
}

/**
 * CommonJS can be loaded anew for each execution environment without ever reaching Node's own module cache. Code
 * that was written as an ES module stays strict in it.
 */
async function buildOnce(entry: string): Promise<Built> {
  try {
    const result = await build(optionsFor(entry, 'cjs'));
    const isModule = Object.values(result.metafile?.inputs ?? {})[0]?.format === 'esm';
    return { format: 'cjs', ...outputsOf(result, isModule ? '"use strict";' : '') };
  } catch (error) {
    const { errors = [] } = error as Partial<BuildFailure>;
    if (!errors.some(({ text }) => text.includes('Top-level await'))) throw unusable(entry, error);
  }
  try {
    return { format: 'esm', ...outputsOf(await build(optionsFor(entry, 'esm')), '') };
  } catch (error) {
    throw unusable(entry, error);
  }
}

function optionsFor(entry: string, format: 'cjs' | 'esm'): BuildOptions {
  return {
    entryPoints: [entry],
    absWorkingDir: process.cwd(),
    bundle: true,
    write: false,
    outfile: 'handler.js',
    platform: 'node',
    target: 'node24',
    format,
    keepNames: true,
    sourcemap: 'external',
    sourcesContent: false,
    metafile: true,
    logLevel: 'silent',
    plugins: [nativeModules(), sdkOfTheRuntime()],
    define: {
      'import.meta.url': JSON.stringify(pathToFileURL(entry).href),
      globalThis: GLOBAL,
      global: GLOBAL,
    },
    banner: { js: format === 'esm' ? esmBanner(entry) : COMMON_JS_BANNER },
  };
}

/**
 * The global object by another name: several environments in one process must not share what a handler keeps there.
 * The code that evaluates the bundle may provide one, as a parameter or in `import.meta`.
 */
const GLOBAL = '__environmentGlobal';
const COMMON_JS_BANNER = `var ${GLOBAL} = ${GLOBAL} ?? globalThis;`;

/** With what CommonJS code in an ES module expects. */
function esmBanner(entry: string): string {
  return (
    `const ${GLOBAL} = import.meta.environmentGlobal ?? globalThis;` +
    `import { createRequire as __createRequire } from 'node:module';` +
    `const require = __createRequire(${JSON.stringify(entry)});` +
    `const __filename = ${JSON.stringify(entry)};` +
    `const __dirname = ${JSON.stringify(path.dirname(entry))};`
  );
}

function outputsOf({ outputFiles = [], warnings }: BuildResult, prologue: string) {
  const textOf = (name: string): string =>
    outputFiles.find((file) => file.path.endsWith(name))?.text ?? '';
  const ours = warnings.filter(({ location }) => !location?.file.includes('node_modules/'));
  // On the first line, so that the source map's lines stay right.
  return {
    code: prologue + textOf('handler.js'),
    map: withAbsoluteSources(textOf('handler.js.map')),
    notes: ours.map(said),
  };
}

/** Its names are relative to where the bundle was not written. */
function withAbsoluteSources(text: string): string {
  const map = JSON.parse(text) as { readonly sources: readonly string[] };
  return JSON.stringify({ ...map, sources: map.sources.map((name) => path.resolve(name)) });
}

/** A module with native code can't be part of a bundle: it is loaded from where it is. */
function nativeModules(): Plugin {
  return {
    name: 'native-modules',
    setup(context) {
      context.onResolve({ filter: /\.node$/ }, ({ path: name, resolveDir }) => ({
        path: path.resolve(resolveDir, name),
        external: true,
      }));
      context.onResolve({ filter: /^[^./]/ }, async (asked) => {
        if (asked.pluginData === AS_USUAL || asked.kind === 'entry-point') return undefined;
        if (/^(node:|@aws-sdk\/|@smithy\/)/.test(asked.path) || isOfSdk(asked)) return undefined;
        const found = await resolveAsUsual(context.resolve, asked);
        if (found === undefined) return undefined;
        const folder = packageFolder(found.path ?? '');
        return folder !== undefined && isNative(folder)
          ? { path: found.path ?? '', external: true }
          : undefined;
      });
    },
  };
}

/**
 * Lambda's runtime has the AWS SDK, so functions are deployed without it. Here it is the simulator's own. And of
 * either, the ES modules: a bundle has only what it uses of them, and is evaluated in a fraction of the time.
 */
function sdkOfTheRuntime(): Plugin {
  return {
    name: 'sdk-of-the-runtime',
    setup(context) {
      context.onResolve({ filter: /^@(aws-sdk|smithy)\// }, async (asked) => {
        if (asked.pluginData === AS_USUAL) return undefined;
        const found =
          (await resolveAsUsual(context.resolve, asked)) ??
          (await resolveAsUsual(context.resolve, { ...asked, resolveDir: OWN_FOLDER }));
        const module = found?.path?.replace(/([\\/])dist-cjs([\\/])/, '$1dist-es$2');
        return module !== undefined && existsSync(module) ? { ...found, path: module } : found;
      });
    },
  };
}

/** Its own imports are found beside it. */
function isOfSdk({ importer }: OnResolveArgs): boolean {
  return /[\\/]node_modules[\\/](@aws-sdk|@smithy|@aws-crypto)[\\/]/.test(importer);
}

const OWN_FOLDER = path.dirname(fileURLToPath(import.meta.url));
const AS_USUAL = 'as-usual';

async function resolveAsUsual(
  resolve: Parameters<Plugin['setup']>[0]['resolve'],
  { path: name, resolveDir, importer, kind }: OnResolveArgs,
): Promise<OnResolveResult | undefined> {
  const found = await resolve(name, { resolveDir, importer, kind, pluginData: AS_USUAL });
  if (found.errors.length > 0 || found.external) return undefined;
  return { path: found.path, namespace: found.namespace, sideEffects: found.sideEffects };
}

/** `.../node_modules/NAME` of a file in it. */
function packageFolder(file: string): string | undefined {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(file)?.[0];
}

function isNative(folder: string): boolean {
  return ['binding.gyp', 'prebuilds'].some((name) => existsSync(path.join(folder, name)));
}

function readManifest(folder: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

function unusable(entry: string, error: unknown): HandlerUnusable {
  const { errors = [] } = error as Partial<BuildFailure>;
  const [first] = errors;
  if (first === undefined) return new HandlerUnusable(`${entry} can't be built: ${String(error)}`);
  const others = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new HandlerUnusable(said(first) + others);
}

/** `FILE:LINE: what is wrong`. */
function said({ location, text, pluginName }: Message): string {
  const what = pluginName === '' ? text : `${text} (${pluginName})`;
  return location === null ? what : `${location.file}:${location.line}: ${what}`;
}
