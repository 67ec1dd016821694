/** Items as plain JavaScript, for whoever looks on: numbers that a number can hold, sets as sets. */
import { unmarshalNumber } from '../client/unmarshal.ts';
import { type Item, namesOf, newItem, type Value } from './value.ts';

export type PlainItem = Readonly<Record<string, unknown>>;

export type PlainReader = (item: Item) => PlainItem;

/**
 * What an item is after one write it is before the next: the last ones are not read twice. One for each database:
 * a memory that outlives it would keep all its items from the garbage collector's cheap rounds.
 */
export function createPlainReader(): PlainReader {
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
