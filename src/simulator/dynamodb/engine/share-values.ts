import { type Item, namesOf, newItem, type Value } from './value.ts';

/**
 * The item with its scalars replaced by equal ones of earlier items, which halves the memory of
 * many similar rows. `except`: an attribute whose values are unique.
 */
export function shareValues(item: Item, except: string | undefined): Item {
  const compact = newItem();
  for (const name of namesOf(item)) {
    const value = item[name] as Value;
    compact[name] = name === except ? value : shared(value);
  }
  return compact;
}

function shared(value: Value): Value {
  if (value.type !== 'S' && value.type !== 'N') return value;
  const seen = value.type === 'S' ? texts : numbers;
  const known = seen.get(value.value);
  if (known !== undefined) return known;
  if (seen.size === SHARED_MAX) seen.clear();
  seen.set(value.value, value);
  return value;
}

/** Shared between databases too: values are immutable. */
const texts = new Map<string, Value>();

const numbers = new Map<string, Value>();

const SHARED_MAX = 20_000;
