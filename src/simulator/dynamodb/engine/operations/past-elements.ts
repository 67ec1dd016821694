/** The candidates of a table or an index as they were a moment ago. */
import { indexed, keyText } from '../schema.ts';
import { type IndexState, type Stored, slotOf, type Table } from '../table.ts';
import { itemSize } from '../value-size.ts';
import { type History, versionsAt } from '../versions.ts';

/** Unsorted. `hashText` limits them to one partition. */
export function pastElements(
  table: Table,
  index: IndexState | undefined,
  history: History,
  asOfMs: number,
  now: readonly Stored[],
  hashText: string | undefined,
): Stored[] {
  const past = versionsAt(history, asOfMs);
  const candidates = now.filter((element) => !past.has(slotOf(table.schema, element.item)));
  const { name } = (index?.schema ?? table.schema).hash;
  for (const version of past.values()) {
    const item = version && (index ? indexed(index.schema, version.item) : version.item);
    const hash = item?.[name];
    if (!item || !hash || (hashText !== undefined && keyText(hash) !== hashText)) continue;
    candidates.push({ item, size: index ? itemSize(item) : version.size, live: true });
  }
  return candidates;
}
