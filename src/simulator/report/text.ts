/** Numbers, times and foreign texts, made fit for one line of a terminal. */

const COUNT_FORMAT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const AMOUNT_FORMAT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

/** `12,345`. */
export function count(value: number): string {
  return COUNT_FORMAT.format(value);
}

/** `12,345.67`. */
export function amount(value: number): string {
  return AMOUNT_FORMAT.format(value);
}

/** `1.2 s`. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** `1 record`, `2 records`. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/**
 * A text without anything that moves a cursor, changes colours, turns the direction of writing or
 * hides. Ids come from strangers. A backslash is doubled, so that no two texts become one.
 */
export function printable(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
      return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
    });
}

const EVENT_ID = /^shardId-0*(\d+):(\d+)$/;
/** The least of an event id's digits that is kept. */
const DIGITS_MIN = 6;

/**
 * Short forms of these texts, no two of which are the same: an event id as its core shard and its
 * last digits (`1:…185746`), another text of more than `width` characters as its beginning and end.
 * Of a text that is not among them, the printable form. Grows until it tells them apart.
 */
export function abbreviations(texts: Iterable<string>, width: number): (text: string) => string {
  const distinct = [...new Set(texts)];
  const longest = Math.max(0, ...distinct.map((text) => printable(text).length));
  for (let more = 0; more < longest; more += 2) {
    const short = new Map(distinct.map((text) => [text, abbreviated(text, width, more)]));
    if (new Set(short.values()).size === distinct.length) {
      return (text) => short.get(text) ?? printable(text);
    }
  }
  return printable;
}

function abbreviated(text: string, width: number, more: number): string {
  const [, shard, digits] = EVENT_ID.exec(text) ?? [];
  if (shard !== undefined && digits !== undefined && digits.length > DIGITS_MIN + more) {
    return `${shard}:…${digits.slice(-DIGITS_MIN - more)}`;
  }
  return elided(text, width + more);
}

/** The printable beginning and end of a text, `width` characters in all, if it is longer. */
export function elided(text: string, width: number): string {
  const characters = [...printable(text)];
  if (characters.length <= width) return characters.join('');
  const head = Math.floor((width - 1) / 3);
  const tail = width - 1 - head;
  return `${characters.slice(0, head).join('')}…${characters.slice(-tail).join('')}`;
}

/**
 * Folded between words into lines of at most `width` characters; all but the first are indented.
 */
export function folded(text: string, width: number, indent = 0): string {
  let lines = '';
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line.trim() !== '' && [...longer].length > width) {
      lines += `${line}\n`;
      line = ' '.repeat(indent) + word;
    } else {
      line = longer;
    }
  }
  return lines + line;
}
