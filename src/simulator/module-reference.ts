/** How modules are named: handlers and workloads by `FILE#EXPORT`, and ours that run as processes of their own by their files. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The export is what follows the last `#`, unless that is part of the file's name. */
export function parseReference(reference: string): {
  readonly file: string;
  readonly exportName: string | undefined;
} {
  const hash = reference.lastIndexOf('#');
  if (hash <= 0 || existsSync(reference)) return { file: reference, exportName: undefined };
  return { file: reference.slice(0, hash), exportName: reference.slice(hash + 1) };
}

/** The file of a module of ours, named as in an import: TypeScript in the project, JavaScript in its package. */
export function moduleFile(name: string, importer: string): string {
  const compiled = importer.endsWith('.ts') ? name : name.replace(/\.ts$/, '.js');
  return fileURLToPath(new URL(compiled, importer));
}
