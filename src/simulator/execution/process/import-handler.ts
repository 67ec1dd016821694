/** Loads a handler's module as Node does: a bundle, or a file that needs none. */
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { cannotBeLoaded, HandlerUnusable } from '../handler-unusable.ts';
import { type Handler, handlerOf } from '../nodejs-runtime.ts';
import { createSourceLines, NO_BUNDLE, type SourceLines } from '../source-lines.ts';

/** A `HandlerBundle` is one. */
export interface LoadableHandler {
  /** The file that messages name. */
  readonly entry: string;
  /** The module to import. */
  readonly file: string;
  readonly exportName: string | undefined;
}

/** Rejects with {@link HandlerUnusable}. */
export async function importHandler({
  entry,
  file,
  exportName,
}: LoadableHandler): Promise<Handler> {
  if (!existsSync(file)) throw new HandlerUnusable(`there is no file ${file}`);
  let module: Readonly<Record<string, unknown>>;
  try {
    module = await import(pathToFileURL(file).href);
  } catch (error) {
    throw cannotBeLoaded(entry, error, linesOf({ file }));
  }
  try {
    return handlerOf(module, exportName, entry);
  } catch (error) {
    throw new HandlerUnusable((error as Error).message);
  }
}

export function linesOf(handler: Pick<LoadableHandler, 'file'>): SourceLines {
  return existsSync(`${handler.file}.map`) ? createSourceLines(handler) : NO_BUNDLE;
}
