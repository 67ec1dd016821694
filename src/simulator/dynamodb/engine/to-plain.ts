/** Converts items to plain JavaScript: numbers to `number` if it can hold them, sets to `Set`. */
import { unmarshalNumber } from '../client/unmarshal.ts';
import { type Item, namesOf, newItem, type Value } from './value.ts';

export type PlainItem = Readonly<Record<string, unknown>>;

export type ToPlain = (item: Item) => PlainItem;

/**
 * Remembers the latest conversions, as the item after one write is the item before the next. One
 * for each database, so that the memory does not outlive its items.
 */
export function createToPlain(): ToPlain {
  const plain = new Map<Item, PlainItem>();
  return (item) => {
    const known = plain.get(item);
    if (known !== undefined) return known;
    const made = plainMap(item);
    if (plain.size === KNOWN_MAX) plain.clear();
    plain.set(item, made);
    return made;
  };
}

const KNOWN_MAX = 1_000;

export function plainMap(item: Item): Record<string, unknown> {
  const map: Record<string, unknown> = newItem();
  for (const name of namesOf(item)) map[name] = plainValue(item[name] as Value);
  return map;
}

function plainValue(value: Value): unknown {
  switch (value.type) {
    case 'N':
      return unmarshalNumber(value.value);
    case 'NULL':
      return null;
    case 'SS':
    case 'BS':
      return new Set<unknown>(value.value);
    case 'NS':
      return new Set(value.value.map(unmarshalNumber));
    case 'L':
      return value.value.map(plainValue);
    case 'M':
      return plainMap(value.value);
    default:
      return value.value;
  }
}
