/**
 * DynamoDB items as plain JavaScript. Pure. The SDK's converter loses an attribute named
 * `__proto__` and throws at numbers of more than 16 digits, but anything that a handler under test
 * wrote must be shown.
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Row } from '../../model/workload.ts';

export function unmarshalItem(item: Readonly<Record<string, AttributeValue>>): Row {
  // fromEntries defines properties, so no name is special.
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name, unmarshalValue(value)]),
  );
}

function unmarshalValue(value: AttributeValue): unknown {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return unmarshalNumber(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.NULL !== undefined) return null;
  if (value.B !== undefined) return value.B;
  if (value.L !== undefined) return value.L.map(unmarshalValue);
  if (value.M !== undefined) return unmarshalItem(value.M);
  if (value.SS !== undefined) return new Set(value.SS);
  if (value.NS !== undefined) return new Set(value.NS.map(unmarshalNumber));
  return new Set(value.BS);
}

/** A number, or the text if a number can't hold all its digits. */
export function unmarshalNumber(text: string): number | string {
  const number = Number(text);
  if (text.length <= DIGITS_EXACT) return number;
  const [mantissa = ''] = text.split(/e/i);
  const digits = mantissa.replace(/[-+.]/g, '').replace(/^0+|0+$/g, '');
  const isExact =
    digits.length <= DIGITS_EXACT || (/^-?\d+$/.test(text) && Number.isSafeInteger(number));
  return isExact ? number : text;
}

/** Decimal digits that every number of JavaScript keeps. */
const DIGITS_EXACT = 15;
