import { createHash } from 'node:crypto';
import { compareUtf8 } from './compare-values.ts';
import { keyTextAt, type Stored, type Table } from './table.ts';

/** The order of a scan: by a digest of the partition key, as in DynamoDB, then by `within`. */
export function scanOrder(
  table: Table,
  within: (left: Stored, right: Stored) => number,
  schema: { readonly hash: { readonly name: string } } = table.schema,
): (left: Stored, right: Stored) => number {
  const { name } = schema.hash;
  return (left, right) => {
    const a = keyTextAt(left.item, name);
    const b = keyTextAt(right.item, name);
    if (a === b) return within(left, right);
    const digestA = digest(table, a);
    const digestB = digest(table, b);
    return digestA < digestB ? -1 : digestA > digestB ? 1 : compareUtf8(a, b);
  };
}

/** The digest by which dynoxide and dynalite order scans (of strings and bytes). */
function digest(table: Table, hashText: string): string {
  let prefix = table.digests.get(hashText);
  if (prefix === undefined) {
    const encoding = table.schema.hash.type === 'B' ? 'latin1' : 'utf8';
    prefix = createHash('md5')
      .update('Outliers')
      .update(hashText, encoding)
      .digest('hex')
      .slice(0, 6);
    table.digests.set(hashText, prefix);
  }
  return prefix;
}
