/** HTML with every value escaped. No other file makes markup of texts. */

/** Markup that needs no escaping. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Value = string | number | Markup | undefined | false | readonly Value[];

/** A tagged template: escapes texts and numbers, keeps markup, omits `undefined` and `false`. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  let text = parts[0] ?? '';
  for (const [index, value] of values.entries()) text += marked(value) + (parts[index + 1] ?? '');
  return new Markup(text);
}

function marked(value: Value): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(marked).join('');
  return escaped(String(value));
}

function escaped(text: string): string {
  return shown(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Shows invisible and bidirectional characters by number; line breaks and tabs stay. */
export function shown(text: string): string {
  return text.replace(/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

/** Data for a script tag of type application/json, which it can't end. */
export function embedded(data: unknown): Markup {
  const json = JSON.stringify(data) ?? 'null';
  return new Markup(
    json.replace(/[<>&\u2028\u2029]/g, (character) => {
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    }),
  );
}
