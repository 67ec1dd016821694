/** Attribute values inside the simulated DynamoDB: immutable, numbers in normalised form. */

export type Value =
  | { readonly type: 'S'; readonly value: string }
  | { readonly type: 'N'; readonly value: string }
  | { readonly type: 'B'; readonly value: Uint8Array }
  | { readonly type: 'BOOL'; readonly value: boolean }
  | { readonly type: 'NULL'; readonly value: true }
  | { readonly type: 'SS'; readonly value: readonly string[] }
  | { readonly type: 'NS'; readonly value: readonly string[] }
  | { readonly type: 'BS'; readonly value: readonly Uint8Array[] }
  | { readonly type: 'L'; readonly value: readonly Value[] }
  | { readonly type: 'M'; readonly value: Item };

export type ValueType = Value['type'];

/** Attributes by name. Made by `newItem`, so that any name is safe, `__proto__` included. */
export interface Item {
  [name: string]: Value;
}

/** No inherited names, like `Object.create(null)`, but a compact object to V8. */
class Bag {}
Reflect.deleteProperty(Bag.prototype, 'constructor');
Object.setPrototypeOf(Bag.prototype, null);

export function newItem(): Item {
  return new Bag() as Item;
}

/** The attribute names. Faster than `for in`, as items have many shapes. */
export function namesOf(item: Item): readonly string[] {
  return Object.keys(item);
}

/** A shallow copy, optionally without one attribute (`delete` would leave a slow object in V8). */
export function copyItem(item: Item, except?: string): Item {
  const copy = newItem();
  for (const name of namesOf(item)) {
    if (name !== except) copy[name] = item[name] as Value;
  }
  return copy;
}
