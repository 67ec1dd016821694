/**
 * Turns an ES module, as esbuild writes one, into the body of an async function that returns its exports. A function
 * can be called for each environment; Node keeps each module that it evaluates for ever. Lines stay where they are.
 */
import { type ImportDeclaration, parse, type Token } from 'acorn';

/** The function's parameters are `__import`, which takes a specifier, and `__meta`, its `import.meta`. */
export function asyncFunctionBody(code: string): string {
  const tokens: Token[] = [];
  const program = parse(code, { ecmaVersion: 'latest', sourceType: 'module', onToken: tokens });
  const edits: Edit[] = metaProperties(tokens);
  const imports: string[] = [];
  let exports = '';
  for (const statement of program.body) {
    const { type, start, end } = statement;
    if (type !== 'ImportDeclaration' && type !== 'ExportNamedDeclaration') continue;
    edits.push({ start, end, text: '\n'.repeat(code.slice(start, end).split('\n').length - 1) });
    // Imports come before all else. esbuild writes one list of exports, at the end.
    if (type === 'ImportDeclaration') imports.push(importText(statement));
    else exports = statement.specifiers.map(exportText).join(', ');
  }
  return `return (async () => { "use strict"; ${imports.join(' ')} ${apply(edits, code)}
return { ${exports} };
})();`;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function importText({ specifiers, source }: ImportDeclaration): string {
  const loaded = `await __import(${JSON.stringify(source.value)})`;
  const texts = specifiers.map((specifier) => {
    const { local } = specifier;
    if (specifier.type === 'ImportNamespaceSpecifier') return `var ${local.name} = ${loaded};`;
    const name =
      specifier.type === 'ImportDefaultSpecifier' ? 'default' : nameOf(specifier.imported);
    return `var ${local.name} = (${loaded})[${JSON.stringify(name)}];`;
  });
  return texts.length === 0 ? `${loaded};` : texts.join(' ');
}

type Name = { readonly type: string; readonly name?: string; readonly value?: unknown };

function exportText({
  exported,
  local,
}: {
  readonly exported: Name;
  readonly local: Name;
}): string {
  return `${JSON.stringify(nameOf(exported))}: ${nameOf(local)}`;
}

function nameOf({ name, value }: Name): string {
  return name ?? String(value);
}

/** `import.meta` outside of modules is no syntax. */
function metaProperties(tokens: readonly Token[]): Edit[] {
  return tokens.flatMap((token, at) => {
    const isMeta = token.type.label === 'import' && tokens[at + 1]?.type.label === '.';
    return isMeta
      ? [{ start: token.start, end: tokens[at + 2]?.end ?? token.end, text: '__meta' }]
      : [];
  });
}

function apply(edits: readonly Edit[], code: string): string {
  let result = '';
  let at = 0;
  for (const { start, end, text } of edits.toSorted((left, right) => left.start - right.start)) {
    result += code.slice(at, start) + text;
    at = end;
  }
  return result + code.slice(at);
}
