/** Items as plain JavaScript, for whoever looks on: numbers that a number can hold, sets as sets. */
import { type Item, newItem, type Value } from './value.ts';

/** What an item is after one write it is before the next: the last ones are not read twice. */
export function plainItem(item: Item): Readonly<Record<string, unknown>> {
  const known = plain.get(item);
  if (known !== undefined) return known;
  const made = plainMap(item);
  if (plain.size === KNOWN_MAX) plain.clear();
  plain.set(item, made);
  return made;
}

const KNOWN_MAX = 1_000;
const plain = new Map<Item, Readonly<Record<string, unknown>>>();

function plainMap(item: Item): Record<string, unknown> {
  const map: Record<string, unknown> = newItem();
  for (const name in item) map[name] = plainValue(item[name] as Value);
  return map;
}

function plainValue(value: Value): unknown {
  switch (value.type) {
    case 'N':
      return plainNumber(value.value);
    case 'NULL':
      return null;
    case 'SS':
    case 'BS':
      return new Set<unknown>(value.value);
    case 'NS':
      return new Set(value.value.map(plainNumber));
    case 'L':
      return value.value.map(plainValue);
    case 'M':
      return plainMap(value.value);
    default:
      return value.value;
  }
}

/** A number, or the text where a number can't hold it. */
function plainNumber(text: string): number | string {
  const number = Number(text);
  return Number.isSafeInteger(number) || !Number.isInteger(number) ? number : text;
}
