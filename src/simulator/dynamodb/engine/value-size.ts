/** Sizes of items and values in bytes, as DynamoDB counts them. */
import { numberSize } from './number.ts';
import { type Item, namesOf, type Value } from './value.ts';

export function itemSize(item: Item): number {
  let size = 0;
  for (const name of namesOf(item)) {
    size += Buffer.byteLength(name) + valueSize(item[name] as Value);
  }
  return size;
}

export function valueSize(value: Value): number {
  switch (value.type) {
    case 'S':
      return Buffer.byteLength(value.value);
    case 'N':
      return numberSize(value.value);
    case 'B':
      return value.value.length;
    case 'BOOL':
    case 'NULL':
      return 1;
    case 'SS':
      return value.value.reduce((size, entry) => size + Buffer.byteLength(entry), 0);
    case 'NS':
      return value.value.reduce((size, entry) => size + numberSize(entry), 0);
    case 'BS':
      return value.value.reduce((size, entry) => size + entry.length, 0);
    case 'L':
      return value.value.reduce((size, entry) => size + 1 + valueSize(entry), 3);
    case 'M': {
      let size = 3;
      for (const name of namesOf(value.value)) {
        size += Buffer.byteLength(name) + 1 + valueSize(value.value[name] as Value);
      }
      return size;
    }
  }
}
