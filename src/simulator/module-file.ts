/** Modules that are started as processes of their own, by their files. */
import { fileURLToPath } from 'node:url';

/** The file of a module of ours, named as in an import: TypeScript in the project, JavaScript in its package. */
export function moduleFile(name: string, importer: string): string {
  const compiled = importer.endsWith('.ts') ? name : name.replace(/\.ts$/, '.js');
  return fileURLToPath(new URL(compiled, importer));
}
