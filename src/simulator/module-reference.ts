/**
 * References to modules: handlers and workloads by `FILE#EXPORT`, the simulator's own process
 * entries by file.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Splits at the last `#`, unless the whole reference is the name of an existing file. */
export function parseReference(reference: string): {
  readonly file: string;
  readonly exportName: string | undefined;
} {
  const hash = reference.lastIndexOf('#');
  if (hash <= 0 || existsSync(reference)) return { file: reference, exportName: undefined };
  return { file: reference.slice(0, hash), exportName: reference.slice(hash + 1) };
}

/** Resolves one of our modules: TypeScript in the repository, JavaScript in the published package. */
export function moduleFile(name: string, importer: string): string {
  const compiled = importer.endsWith('.ts') ? name : name.replace(/\.ts$/, '.js');
  return fileURLToPath(new URL(compiled, importer));
}
