/** The repository's documents and sources, as the tests of documents read them. */
import { globSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

export interface File {
  /** From the project's folder, with slashes. */
  readonly path: string;
  readonly text: string;
}

export function readDocument(file: string): string {
  return readFileSync(path.join(PROJECT, file), 'utf8');
}

/** Every Markdown file of the project. */
export function readDocuments(): readonly File[] {
  const top = readdirSync(PROJECT).filter((name) => name.endsWith('.md'));
  return read([...top, ...filesIn('docs', ['.md'])]);
}

/** Every file in which a comment or a text may cite a document. */
export function readSources(): readonly File[] {
  const folders = ['src', 'test', 'load', 'scripts', 'examples', 'templates', '.github'];
  const extensions = ['.ts', '.mts', '.js', '.mjs', '.cjs', '.yml'];
  return read([
    ...folders.flatMap((folder) => filesIn(folder, extensions)),
    'serverless.yml',
    '.ci/run',
  ]);
}

function filesIn(folder: string, extensions: readonly string[]): readonly string[] {
  const exclude = (name: string) => name === 'node_modules';
  return globSync(`${folder}/**`, { cwd: PROJECT, exclude })
    .filter((name) => extensions.includes(path.extname(name)))
    .map((name) => name.split(path.sep).join('/'))
    .sort();
}

function read(files: readonly string[]): readonly File[] {
  return files.map((file) => ({ path: file, text: readDocument(file) }));
}
