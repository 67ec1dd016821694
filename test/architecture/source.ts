/** The sources as the rules see them: who imports what, and code without its comments. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** From the project's folder, with slashes, such as `src/handler/domain/event.ts`. */
export type SourcePath = string;

export interface Source {
  readonly path: SourcePath;
  readonly text: string;
}

export interface Import {
  readonly from: SourcePath;
  /** A source of ours by its path, anything else by its name: `node:fs`, `yargs`. */
  readonly to: string;
  /** Gone once the types are stripped. */
  readonly isType: boolean;
}

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

export function readSources(folder = 'src'): readonly Source[] {
  const exclude = (name: string) => name === 'node_modules';
  return globSync(`${folder}/**/*.{ts,js,mjs}`, { cwd: PROJECT, exclude })
    .map((name) => name.split(sep).join('/'))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(PROJECT, path), 'utf8') }));
}

export function importsOf({ path, text }: Source): readonly Import[] {
  const code = withoutComments(text);
  const imports: Import[] = [];
  const add = (to: string, isType: boolean): void => {
    const target = to.startsWith('.') ? normalize(join(dirname(path), to)) : to;
    imports.push({ from: path, to: target.split(sep).join('/'), isType });
  };
  const statement = /^\s*(?:import|export)\b([^'";]*?)\bfrom\s*['"]([^'"]+)['"]/gm;
  for (const [, names = '', to = ''] of code.matchAll(statement)) add(to, isTypeOnly(names));
  for (const [, to = ''] of code.matchAll(/^\s*import\s*['"]([^'"]+)['"]/gm)) add(to, false);
  const call = /\b(?:import|require|require\.resolve|new URL|moduleFile)\(\s*['"]([^'"]+)['"]/g;
  for (const [, to = ''] of code.matchAll(call)) if (!/\.ya?ml$|\.json$/.test(to)) add(to, false);
  return imports;
}

/** `type X` or `{ type A, type B }`; a default or a namespace beside them is a value. */
function isTypeOnly(names: string): boolean {
  const text = names.trim();
  if (/^type\b(?!\s*,)/.test(text)) return true;
  const braces = /^\{([\s\S]*)\}$/.exec(text)?.[1];
  if (braces === undefined) return false;
  const specifiers = braces.split(',').filter((specifier) => specifier.trim() !== '');
  return specifiers.every((specifier) => /^\s*type\s/.test(specifier));
}

/** Comments blanked, line by line; what looks like one inside a string stays. */
export function withoutComments(text: string): string {
  const tokens =
    /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/.*|\/\*[\s\S]*?\*\//g;
  return text.replace(tokens, (token) =>
    token.startsWith('//') || token.startsWith('/*') ? token.replace(/[^\n]/g, ' ') : token,
  );
}
