/** The view's tables, and how their rows are compared. */
import type { Row, TableDefinition } from '../../model/workload.ts';

export const TABLES: readonly TableDefinition[] = [
  {
    name: 'Contributions',
    environmentVariable: 'TABLE_CONTRIBUTIONS_NAME',
    key: ['productId'],
    compared: true,
  },
  {
    name: 'Scores',
    environmentVariable: 'TABLE_SCORES_NAME',
    key: ['userId', 'role'],
    compared: true,
  },
  {
    name: 'Events',
    environmentVariable: 'TABLE_EVENTS_NAME',
    key: ['productId', 'eventId'],
    compared: true,
  },
  {
    name: 'Quarantine',
    environmentVariable: 'TABLE_QUARANTINE_NAME',
    key: ['stream', 'record'],
    compared: false,
    quarantine: true,
  },
];

/** A row without its bookkeeping; `undefined` if it is equal to no row by the rules. */
export function comparable(table: string, row: Row): Row | undefined {
  if (table === 'Scores' && row['score'] === 0) return undefined;
  if (
    table === 'Contributions' &&
    row['creator'] === undefined &&
    row['photographer'] === undefined
  )
    return undefined;
  return Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('_')));
}
