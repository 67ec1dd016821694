/** Loads a handler: `FILE#EXPORT`, an ES module or CommonJS, JavaScript or TypeScript. */
import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseReference } from '../module-reference.ts';

export type AnyHandler = (
  event: unknown,
  context: unknown,
  callback: (error: unknown, result?: unknown) => void,
) => unknown;

/** Rejects with a message that says what to change. A new query (`?...`) loads the module again. */
export async function loadHandler(reference: string, query = ''): Promise<AnyHandler> {
  const { file, exportName } = parseReference(reference);
  const path = resolve(file);
  if (!existsSync(path)) throw new Error(`there is no file ${path}`);
  let module: Readonly<Record<string, unknown>>;
  try {
    module = await import(pathToFileURL(realpathSync(path)).href + query);
  } catch (error) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    const at = placeOf(stack ?? '');
    throw new Error(
      `${file} can't be loaded: ${name}: ${message}${at === undefined ? '' : ` (${at})`}`,
      { cause: error },
    );
  }
  const handler = findExport(module, exportName);
  if (typeof handler === 'function') return handler as AnyHandler;
  const wanted = exportName ?? 'handler';
  if (handler === undefined) {
    const names = Object.keys(module).filter((name) => name !== 'module.exports');
    throw new Error(
      `${file} exports no "${wanted}"; it exports ${names.length === 0 ? 'nothing' : names.join(', ')}`,
    );
  }
  throw new Error(`"${wanted}" of ${file} is not a function, but of type ${typeof handler}`);
}

/**
 * Where loading failed, as `file:line`. The stack of a syntax error begins with it (except for ES
 * modules in JavaScript, where Node omits it); otherwise it is in the first frame.
 */
function placeOf(stack: string): string | undefined {
  const frame = /^ +at .*$/m.exec(stack)?.[0] ?? '';
  const place =
    /^(?:file:\/\/)?(\/.+:\d+)\n/.exec(stack) ??
    /^ +at (?:.*\()?(?:file:\/\/)?(\/.+:\d+):\d+\)?$/.exec(frame);
  return place?.[1];
}

/** CommonJS exports that Node doesn't detect are on the default export. */
function findExport(
  module: Readonly<Record<string, unknown>>,
  exportName: string | undefined,
): unknown {
  const fallback = module['default'];
  const byName = (name: string): unknown =>
    module[name] ??
    ((typeof fallback === 'object' || typeof fallback === 'function') && fallback !== null
      ? (fallback as Readonly<Record<string, unknown>>)[name]
      : undefined);
  if (exportName !== undefined) return byName(exportName);
  return byName('handler') ?? (typeof fallback === 'function' ? fallback : undefined);
}
