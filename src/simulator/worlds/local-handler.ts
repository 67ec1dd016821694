/** The handler that workers of the local world load. */
import { isArtifact, unpackArtifact } from '../execution/artifact.ts';
import { bundleHandler, type HandlerBundle, handlerSetting } from '../execution/bundle-handler.ts';
import type { LoadableHandler } from '../execution/process/import-handler.ts';
import type { RunOptions } from '../model/run-options.ts';
import { moduleFile, parseReference } from '../module-reference.ts';
import type { Closing } from './closing.ts';

export interface LocalHandler extends LoadableHandler {
  /** As Lambda's own setting has it. */
  readonly setting: string;
  /** Where it runs: of a packaged function, where Lambda has `/var/task`. */
  readonly taskRoot: string;
  readonly notes: readonly string[];
}

/** A packaged function runs as it is, anything else in one file. Rejects with `HandlerUnusable`. */
export async function localHandler(
  parts: { readonly options: RunOptions; readonly bundle?: HandlerBundle | undefined },
  closing: Closing,
): Promise<LocalHandler> {
  const { handler } = parts.options;
  if (handler === undefined) {
    return { ...loadable(SHIPPED_HANDLER), taskRoot: process.cwd() };
  }
  if (isArtifact(handler)) {
    const artifact = unpackArtifact(handler);
    closing.add(async () => artifact.taskRoot.remove());
    return { ...loadable(artifact.handler), taskRoot: artifact.taskRoot.path };
  }
  if (parts.bundle !== undefined) return ofBundle(parts.bundle);
  const built = await bundleHandler(handler);
  closing.add(async () => built.remove());
  return ofBundle(built);
}

const SHIPPED_HANDLER = `${moduleFile('../../handler/lambda.ts', import.meta.url)}#handler`;

function ofBundle(bundle: HandlerBundle): LocalHandler {
  return { ...bundle, setting: handlerSetting(bundle), taskRoot: process.cwd() };
}

function loadable(reference: string): Omit<LocalHandler, 'taskRoot'> {
  const { file, exportName } = parseReference(reference);
  return { entry: file, file, exportName, setting: `${file}.${exportName}`, notes: [] };
}
