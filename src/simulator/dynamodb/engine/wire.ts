/** Converts between the SDK's values and the engine's, and copies everything. */
import { requestValidation, serialization, validation } from './errors.ts';
import { normaliseNumber } from './number.ts';
import { type Item, namesOf, newItem, type Value, type ValueType } from './value.ts';
import type { WireItem, WireValue } from './wire-value.ts';

const NESTING_MAX = 32;

const TYPES = new Set(['S', 'N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'L', 'M']);

/** @throws ValidationException, SerializationException */
export function itemFromWire(wire: WireItem, depth = 0): Item {
  const item = newItem();
  for (const name of Object.keys(wire)) {
    const value = wire[name];
    if (value !== undefined) item[name] = fromWire(value, depth);
  }
  return item;
}

export function itemToWire(item: Item): WireItem {
  const wire: WireItem = {};
  for (const name of namesOf(item)) put(wire, name, toWire(item[name] as Value));
  return wire;
}

export function fromWire(wire: WireValue, depth = 0): Value {
  if (depth >= NESTING_MAX) {
    throw validation(
      'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
    );
  }
  const type = typeOf(wire);
  const value = wire[type];
  switch (type) {
    case 'S':
      return { type, value: text(value) };
    case 'N':
      return { type, value: normaliseNumber(text(value)) };
    case 'B':
      return { type, value: bytes(value) };
    case 'BOOL':
      if (typeof value !== 'boolean') throw serialization('Expected a boolean');
      return { type, value };
    case 'NULL':
      if (value !== true) {
        throw validation(
          'One or more parameter values were invalid: Null attribute value types must have the value of true',
        );
      }
      return { type, value };
    case 'SS':
      return { type, value: distinct(list(value).map(text), 'An string set  may not be empty') };
    case 'NS':
      return {
        type,
        value: distinct(
          list(value).map((entry) => normaliseNumber(text(entry))),
          'An number set  may not be empty',
          'Input collection contains duplicates',
        ),
      };
    case 'BS':
      return { type, value: distinctBytes(list(value).map(bytes)) };
    case 'L':
      return { type, value: list(value).map((entry) => fromWire(entry as WireValue, depth + 1)) };
    default:
      if (typeof value !== 'object' || value === null) throw serialization('Expected a map');
      return { type: 'M', value: itemFromWire(value as WireItem, depth + 1) };
  }
}

function toWire(value: Value): WireValue {
  switch (value.type) {
    case 'S':
      return { S: value.value };
    case 'N':
      return { N: value.value };
    case 'B':
      return { B: value.value.slice() };
    case 'BOOL':
      return { BOOL: value.value };
    case 'NULL':
      return { NULL: true };
    case 'SS':
      return { SS: [...value.value] };
    case 'NS':
      return { NS: [...value.value] };
    case 'BS':
      return { BS: value.value.map((entry) => entry.slice()) };
    case 'L':
      return { L: value.value.map(toWire) };
    case 'M':
      return { M: itemToWire(value.value) };
  }
}

/** Sets a property of a plain object, even `__proto__`. */
export function put<T>(target: Record<string, T>, name: string, value: T): void {
  if (name === '__proto__') {
    Object.defineProperty(target, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else {
    target[name] = value;
  }
}

function typeOf(wire: WireValue): ValueType {
  let type: string | undefined;
  if (typeof wire !== 'object' || wire === null) throw serialization('Expected an attribute value');
  for (const name in wire) {
    if (wire[name] === undefined || !TYPES.has(name)) continue;
    if (type !== undefined) {
      throw validation(
        'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
      );
    }
    type = name;
  }
  if (type === undefined) {
    throw validation(
      'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes',
    );
  }
  return type as ValueType;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw serialization('Expected a string');
  return value;
}

function bytes(value: unknown): Uint8Array {
  if (!ArrayBuffer.isView(value)) throw serialization('Expected bytes');
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw serialization('Expected a list');
  return value;
}

function distinct(values: string[], ifEmpty: string, ifTwice?: string): string[] {
  if (values.length === 0) {
    throw requestValidation(`One or more parameter values were invalid: ${ifEmpty}`);
  }
  if (values.length > 1 && new Set(values).size !== values.length) {
    throw requestValidation(
      ifTwice ??
        `One or more parameter values were invalid: Input collection [${values.join(', ')}] contains duplicates.`,
    );
  }
  return values;
}

function distinctBytes(values: Uint8Array[]): Uint8Array[] {
  if (values.length === 0) {
    throw requestValidation(
      'One or more parameter values were invalid: Binary sets should not be empty',
    );
  }
  const texts = values.map((value) => Buffer.from(value).toString('base64'));
  if (new Set(texts).size !== texts.length) {
    throw requestValidation(
      `One or more parameter values were invalid: Input collection [${texts.join(', ')}]of type BS contains duplicates.`,
    );
  }
  return values;
}
