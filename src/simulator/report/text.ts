/** Numbers, times and texts of any origin, formatted for one line of a terminal. */

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
 * Escapes characters that move the cursor, change colours or direction, or are invisible: ids may
 * contain any. Backslashes are doubled, so that different texts stay different.
 */
export function printable(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
      return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
    });
}

const EVENT_ID = /^shardId-0*(\d+):(\d+)$/;
/** The least number of an event id's digits that is kept. */
const DIGITS_MIN = 6;

/**
 * Short forms of these texts, each unique: of an event id its core shard and last digits
 * (`1:…185746`), of another text of more than `width` characters its beginning and end. Other texts
 * get their printable form.
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
