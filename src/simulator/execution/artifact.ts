/** A packaged function: the zip file that would be deployed, unpacked as Lambda unpacks it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { parseReference } from '../module-reference.ts';
import { type GuardedFolder, guardedFolder } from '../servers/guard.ts';
import { HandlerUnusable } from './handler-unusable.ts';

export interface Artifact {
  /** `FILE#EXPORT`. */
  readonly handler: string;
  /** Lambda's `/var/task`: a temporary folder outside any project. */
  readonly taskRoot: GuardedFolder;
}

/** Whether the reference names a zip file. */
export function isArtifact(reference: string): boolean {
  return parseReference(reference).file.toLowerCase().endsWith('.zip');
}

/**
 * Unpacks `FILE.zip#MODULE.EXPORT`. The part after `#` is Lambda's handler setting
 * (`out/winner.handler`); without it, the zip must have one module, with an export `handler`.
 * Throws {@link HandlerUnusable}.
 */
export function unpackArtifact(reference: string): Artifact {
  const { file, exportName } = parseReference(reference);
  const entries = read(file);
  const { module, exported } = choose(file, exportName, Object.keys(entries));
  const taskRoot = guardedFolder();
  for (const [name, bytes] of Object.entries(entries)) {
    if (name.endsWith('/')) continue;
    const target = path.join(taskRoot.path, name);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, bytes);
  }
  return { handler: `${path.join(taskRoot.path, module)}#${exported}`, taskRoot };
}

function read(file: string): Readonly<Record<string, Uint8Array>> {
  try {
    const entries = unzipSync(readFileSync(file));
    const outside = Object.keys(entries).find(
      (name) => path.posix.normalize(`/${name}`).slice(1) !== name,
    );
    if (outside === undefined) return entries;
    throw new Error(`it contains a file named ${JSON.stringify(outside)}`);
  } catch (error) {
    const { message } = error as Error;
    throw new HandlerUnusable(`${file} can't be unpacked as a zip file: ${message}`);
  }
}

const MODULE = /\.(?:mjs|js|cjs)$/;

function choose(file: string, setting: string | undefined, names: readonly string[]) {
  const modules = names.filter((name) => MODULE.test(name) && !name.includes('node_modules/'));
  const list = modules.slice(0, 5).join(', ') || 'none';
  if (setting === undefined) {
    const [module, ...others] = modules;
    if (module !== undefined && others.length === 0) return { module, exported: 'handler' };
    throw new HandlerUnusable(
      `${file} contains ${modules.length} modules (${list}): name the handler as Lambda does, ` +
        `such as ${file}#index.handler`,
    );
  }
  const dot = setting.lastIndexOf('.');
  const module = modules.find((name) => name.replace(MODULE, '') === setting.slice(0, dot));
  if (dot > 0 && module !== undefined) return { module, exported: setting.slice(dot + 1) };
  throw new HandlerUnusable(
    `${file} has no handler ${setting}: after # comes MODULE.EXPORT, such as index.handler, ` +
      `where MODULE is in the zip (${list})`,
  );
}
