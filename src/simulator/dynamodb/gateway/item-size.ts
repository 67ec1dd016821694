/** Sizes by DynamoDB's rules: names and values, in UTF-8. */
import { type JsonObject, listOf, objectOf } from './json.ts';

export function itemBytes(item: JsonObject): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) {
    bytes += Buffer.byteLength(name) + valueBytes(objectOf(value));
  }
  return bytes;
}

/** The size of an attribute value such as `{ S: 'text' }`. */
export function valueBytes(value: JsonObject): number {
  const [type, content] = Object.entries(value)[0] ?? [];
  switch (type) {
    case 'S':
      return Buffer.byteLength(String(content));
    case 'N':
      return numberBytes(String(content));
    case 'B':
      return Buffer.byteLength(String(content), 'base64');
    case 'SS':
    case 'NS':
    case 'BS':
      return listOf(content).reduce<number>(
        (bytes, member) => bytes + valueBytes({ [type.charAt(0)]: member }),
        0,
      );
    case 'L':
      return listOf(content).reduce<number>(
        (bytes, member) => bytes + 1 + valueBytes(objectOf(member)),
        3,
      );
    case 'M':
      return 3 + Object.keys(objectOf(content)).length + itemBytes(objectOf(content));
    default:
      return 1; // BOOL, NULL
  }
}

/** About one byte for every two significant digits, one more, and one for a minus sign. */
function numberBytes(text: string): number {
  const mantissa = (/^-?([0-9.]*)/.exec(text)?.[1] ?? '').replace('.', '');
  const significant = mantissa.replace(/^0+/, '').replace(/0+$/, '').length;
  return Math.ceil(significant / 2) + 1 + (text.startsWith('-') ? 1 : 0);
}
