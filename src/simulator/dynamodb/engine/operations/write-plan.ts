/**
 * A write in two steps. Planning computes the effect and throws whatever is wrong; applying stores
 * it. A transaction plans all its actions before it applies the first.
 */
import { writeUnits } from '../capacity.ts';
import { conditionFailed, validation } from '../errors.ts';
import { evaluate } from '../expression/condition.ts';
import { type ExpressionInput, type Expressions, expressions } from '../expression/expressions.ts';
import { applyUpdate } from '../expression/update.ts';
import { checkIndexKeys, checkItemKeys, checkKeyOnly } from '../key-checks.ts';
import { readRow } from '../rows.ts';
import type { State } from '../state.ts';
import { store } from '../store.ts';
import type { Row, Table } from '../table.ts';
import { type Item, newItem } from '../value.ts';
import { itemSize } from '../value-size.ts';
import type { Version } from '../versions.ts';
import { itemFromWire, itemToWire } from '../wire.ts';
import type { WireItem } from '../wire-value.ts';

export interface WriteInput extends ExpressionInput {
  readonly TableName?: string | undefined;
  readonly Item?: WireItem | undefined;
  readonly Key?: WireItem | undefined;
  readonly ReturnValuesOnConditionCheckFailure?: string | undefined;
}

export type WriteKind = 'Put' | 'Update' | 'Delete' | 'ConditionCheck';

/** A write, checked as far as possible without its table. */
export interface PreparedWrite {
  readonly kind: WriteKind;
  readonly input: WriteInput;
  /** The new item of a put, the key of another write. */
  readonly item: Item;
}

/** A write whose conditions hold. */
export interface PlannedWrite {
  readonly kind: WriteKind;
  readonly table: Table;
  readonly key: Item;
  readonly row: Row | undefined;
  readonly before: Version | undefined;
  /** Undefined: the item is deleted. */
  readonly after: Item | undefined;
  readonly afterBytes: number;
  /** The larger of the sizes before and after, by which the write is charged. */
  readonly bytes: number;
  readonly expressions: Expressions;
}

const NOTHING = newItem();

/** @throws ValidationException, SerializationException */
export function prepareWrite(kind: WriteKind, input: WriteInput): PreparedWrite {
  const wire = kind === 'Put' ? input.Item : input.Key;
  if (!wire) {
    const name = kind === 'Put' ? 'item' : 'key';
    throw validation(
      `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
    );
  }
  return { kind, input, item: itemFromWire(wire) };
}

/** Parses and binds the expressions of a write. @throws ValidationException */
export function writeExpressions(prepared: PreparedWrite): Expressions {
  const operands =
    prepared.kind === 'Update'
      ? ['UpdateExpression', 'ConditionExpression']
      : ['ConditionExpression'];
  return expressions(prepared.input, operands);
}

/** Checks the write against the table's keys. @throws ValidationException */
export function checkWrite(
  prepared: PreparedWrite,
  table: Table,
  state: State,
  inBatch = false,
): void {
  if (prepared.kind !== 'Put') {
    checkKeyOnly(table.schema, prepared.item);
    return;
  }
  checkItemKeys(table.schema, prepared.item, inBatch);
  if (itemSize(prepared.item) > state.limits.itemBytesMax) {
    throw validation('Item size has exceeded the maximum allowed size');
  }
}

/** @throws ConditionalCheckFailedException, ValidationException */
export function planWrite(
  prepared: PreparedWrite,
  table: Table,
  bound: Expressions,
  state: State,
): PlannedWrite {
  const { kind, input, item: key } = prepared;
  const row = readRow(table, key);
  const before = row && { item: row.item, size: row.size };
  if (bound.condition && !evaluate(bound.condition, before?.item ?? NOTHING, bound.bindings)) {
    const wantsItem = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
    throw conditionFailed(wantsItem && before ? itemToWire(before.item) : undefined);
  }
  const after = afterWrite(prepared, table, bound, before?.item);
  const afterBytes =
    after === undefined ? 0 : after === before?.item ? before.size : itemSize(after);
  if (kind === 'Update' && afterBytes > state.limits.itemBytesMax) {
    throw validation('Item size to update has exceeded the maximum allowed size');
  }
  const bytes = Math.max(before?.size ?? 0, afterBytes);
  return { kind, table, key, row, before, after, afterBytes, bytes, expressions: bound };
}

/** Applies a planned write; returns the write units of each index, as `store` does. */
export function applyWrite(plan: PlannedWrite, state: State): (number | undefined)[] | undefined {
  if (plan.kind === 'ConditionCheck') return undefined;
  const { table, before, after } = plan;
  state.onWritten?.(table.schema.name, before?.item, after);
  return store(plan.table, plan.row, plan.key, plan.after, plan.afterBytes, state.now());
}

/** The table's write units for a rejected write: by the larger of the sizes before and after. */
export function refusedUnits(prepared: PreparedWrite, table: Table): number {
  const before = readRow(table, prepared.item)?.size ?? 0;
  const after = prepared.kind === 'Put' ? itemSize(prepared.item) : 0;
  return writeUnits(Math.max(before, after));
}

function afterWrite(
  { kind, item }: PreparedWrite,
  table: Table,
  { update, bindings }: Expressions,
  before: Item | undefined,
): Item | undefined {
  if (kind === 'Put') return item;
  if (kind === 'Delete') return undefined;
  if (kind === 'ConditionCheck') return before;
  const base = before ?? item;
  if (!update) return base;
  for (const key of [table.schema.hash, table.schema.range]) {
    if (key && update.actions.some((action) => nameIs(action.path[0], key.name, bindings.names))) {
      throw validation(
        `One or more parameter values were invalid: Cannot update attribute ${key.name}. This attribute is part of the key`,
      );
    }
  }
  const after = applyUpdate(update, base, bindings);
  if (table.schema.indexes.length > 0) checkIndexKeys(table.schema, after, base);
  return after;
}

function nameIs(
  step: string | number | undefined,
  name: string,
  names: Readonly<Record<string, string>> | undefined,
): boolean {
  return step === name || (typeof step === 'string' && names?.[step] === name);
}
