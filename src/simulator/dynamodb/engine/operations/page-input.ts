/** The input and output of Query and Scan. */
import type { ExpressionInput } from '../expression/expressions.ts';
import type { TableInput } from '../state.ts';
import type { WireItem } from '../wire-value.ts';

export interface PageInput extends ExpressionInput, TableInput {
  readonly IndexName?: string | undefined;
  readonly ConsistentRead?: boolean | undefined;
  readonly Select?: string | undefined;
  readonly Limit?: number | undefined;
  readonly ExclusiveStartKey?: WireItem | undefined;
  readonly ScanIndexForward?: boolean | undefined;
  readonly Segment?: number | undefined;
  readonly TotalSegments?: number | undefined;
}

export interface PageOutput {
  Items?: WireItem[];
  Count: number;
  ScannedCount: number;
  LastEvaluatedKey?: WireItem;
  ConsumedCapacity?: object;
}

export type Operation = 'Query' | 'Scan';
