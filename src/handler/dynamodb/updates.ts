/** What is written to a product's row and to Scores, as update expressions. Pure. */
import type { AttributeValue, Update } from '@aws-sdk/client-dynamodb';
import {
  type Recording,
  ROLES,
  type Role,
  type ScoreChange,
  type Settlement,
} from '../domain/product.ts';
import { debtItem, PRODUCT, pendingItem, recountItem } from './items.ts';

/** An update of one product's row. */
export type RowUpdate = Omit<Update, 'TableName'>;

export function recordingUpdate(recording: Recording): RowUpdate {
  const { productId, revision, turn, purchases, salesAdded, switches } = recording;
  const next = revision + 1;
  const update = createUpdate(productId);
  update.set(PRODUCT.revision, { N: String(next) });
  update.set(PRODUCT.pending, pendingItem(next, purchases));
  for (const role of ROLES) {
    const names = PRODUCT[role];
    if (salesAdded[role] > 0) update.add(names.sales, salesAdded[role]);
    const change = switches[role];
    if (change === undefined) continue;
    update.set(names.holder, { S: change.holder.origin });
    update.set(names.eventId, { S: change.holder.eventId });
    update.set(names.settled, { N: '0' });
    if (change.recount) update.set(names.recount, recountItem(change.recount));
  }
  const debts = ROLES.flatMap((role) => switches[role]?.debt ?? []);
  if (debts.length > 0) update.append(PRODUCT.debts, debts.map(debtItem));
  if (turn !== undefined) update.set(PRODUCT.turn, { N: String(turn + 1) });
  if (turn !== undefined) update.requireNumber(PRODUCT.turn, turn);
  update.requireNumber(PRODUCT.revision, revision);
  return update.build();
}

export function settlementUpdate(settlement: Settlement): RowUpdate {
  const { productId, turn, settled, written } = settlement;
  const update = createUpdate(productId);
  if (turn !== undefined) {
    update.set(PRODUCT.turn, { N: String(turn + 1) });
    for (const role of ROLES) update.set(PRODUCT[role].settled, { N: String(settled[role]) });
    update.remove(PRODUCT.debts);
    update.requireNumber(PRODUCT.turn, turn);
  }
  if (written !== undefined) update.remove(PRODUCT.pending, String(written));
  return update.build();
}

/** Collects the parts of an update expression; names and values are never part of its text. */
function createUpdate(productId: string) {
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
    /** 0 is what a missing attribute counts as. */
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
        Key: { productId: { S: productId } },
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

/** The changes of several settlements, each score once. */
export function sumScores(settlements: readonly Settlement[]): ScoreChange[] {
  const sums = new Map<string, { userId: string; role: Role; change: number }>();
  for (const { userId, role, change } of settlements.flatMap(({ scores }) => scores)) {
    const key = `${role} ${userId}`;
    const sum = sums.get(key);
    if (sum === undefined) sums.set(key, { userId, role, change });
    else sum.change += change;
  }
  return [...sums.values()].filter(({ change }) => change !== 0);
}

/** Conditioned on nothing: its transaction is, on the products' turns. */
export function scoreUpdate({ userId, role, change }: ScoreChange): Omit<Update, 'TableName'> {
  return {
    Key: { userId: { S: userId }, role: { S: role } },
    UpdateExpression: 'ADD #score :change',
    ExpressionAttributeNames: { '#score': 'score' },
    ExpressionAttributeValues: { ':change': { N: String(change) } },
  };
}
