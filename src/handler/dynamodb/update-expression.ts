/** Builds an update expression. Names and values are never part of its text. */
import type { AttributeValue, Update } from '@aws-sdk/client-dynamodb';

/** An update of one row. */
export type RowUpdate = Omit<Update, 'TableName'>;

export function createUpdate(key: Record<string, AttributeValue>) {
  const names: Record<string, string> = {};
  const values: Record<string, AttributeValue> = {};
  const sets: string[] = [];
  const adds: string[] = [];
  const removes: string[] = [];
  const conditions: string[] = [];
  const placeholders = new Map<string, string>();
  const name = (attribute: string): string => {
    const known = placeholders.get(attribute);
    if (known !== undefined) return known;
    const placeholder = `#${placeholders.size}`;
    placeholders.set(attribute, placeholder);
    names[placeholder] = attribute;
    return placeholder;
  };
  const value = (content: AttributeValue): string => {
    const placeholder = `:${Object.keys(values).length}`;
    values[placeholder] = content;
    return placeholder;
  };
  return {
    set(attribute: string, content: AttributeValue) {
      sets.push(`${name(attribute)} = ${value(content)}`);
    },
    append(attribute: string, list: AttributeValue[]) {
      const old = `if_not_exists(${name(attribute)}, ${value({ L: [] })})`;
      sets.push(`${name(attribute)} = list_append(${old}, ${value({ L: list })})`);
    },
    add(attribute: string, amount: number) {
      adds.push(`${name(attribute)} ${value({ N: String(amount) })}`);
    },
    remove(...path: string[]) {
      removes.push(path.map(name).join('.'));
    },
    /** A missing attribute counts as 0. */
    requireNumber(attribute: string, content: number) {
      conditions.push(
        content === 0
          ? `(attribute_not_exists(${name(attribute)}) OR ${name(attribute)} = ${value({ N: '0' })})`
          : `${name(attribute)} = ${value({ N: String(content) })}`,
      );
    },
    build(): RowUpdate {
      const clause = (word: string, parts: string[]) =>
        parts.length === 0 ? [] : [`${word} ${parts.join(', ')}`];
      return {
        Key: key,
        UpdateExpression: [
          ...clause('SET', sets),
          ...clause('ADD', adds),
          ...clause('REMOVE', removes),
        ].join(' '),
        ...(conditions.length === 0 ? {} : { ConditionExpression: conditions.join(' AND ') }),
        ExpressionAttributeNames: names,
        ...(conditions.length === 0 ? {} : { ExpressionAttributeValues: values }),
      };
    },
  };
}
