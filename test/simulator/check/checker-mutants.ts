/** Planted bugs of the checker: its own tests must see each. */
import type { Mutant } from '../../../src/simulator/mutation/mutant.ts';

/** `file` is in src/simulator/check. */
export type CheckerMutant = Pick<Mutant, 'name' | 'file' | 'find' | 'replace'>;

const of =
  (file: string) =>
  ([name, find, replace]: readonly [
    name: string,
    find: string,
    replace: string,
  ]): CheckerMutant => ({
    name,
    file,
    find,
    replace,
  });

export const CHECKER_MUTANTS: readonly CheckerMutant[] = [
  ...(
    [
      [
        'a table is skipped',
        'if (!table.compared) continue;',
        "if (!table.compared || table.name === 'Totals') continue;",
      ],
      [
        'tables after the first difference are skipped',
        'if (!table.compared) continue;',
        'if (!table.compared || differences.length > 0) continue;',
      ],
      [
        'a table that was not read passes',
        `if (rows === undefined) throw new Error(\`table \${table.name} was not read\`);`,
        'if (rows === undefined) continue;',
      ],
      [
        'an unknown table passes',
        `if (!known.has(name)) throw new Error(\`the workload has no table \${name}\`);`,
        '',
      ],
      ['a missing row passes', 'if (wanted !== undefined) differ(row, wanted, undefined);', ''],
      [
        'the first row may be missing',
        'if (seen[place] === 1) continue;',
        'if (seen[place] === 1 || place === 0) continue;',
      ],
      ['a row too many passes', 'if (got !== undefined) differ(row, undefined, got);', ''],
      ['another row passes', 'if (!sameValue(wanted, got)) differ(row, wanted, got);', ''],
      [
        'a row that equals none passes for one that was expected',
        'if (!sameValue(wanted, got)) differ(row, wanted, got);',
        'if (got !== undefined && !sameValue(wanted, got)) differ(row, wanted, got);',
      ],
      [
        'a row twice passes',
        'if (place >= expected.length ? !isStranger : seen[place] === 1) {',
        'if (place >= expected.length && !isStranger) {',
      ],
      [
        'a row twice in the reference passes',
        'if (places.add(row, place) !== place) {',
        'if (places.add(row, place) < 0) {',
      ],
      [
        'bookkeeping is compared',
        'const got = workload.comparable(table.name, row);',
        'const got: Row | undefined = row;',
      ],
      [
        'keys run together',
        'const parts = table.key.flatMap((name) => keyParts(table, row, name));',
        "const parts = [table.key.flatMap((name) => keyParts(table, row, name)).join('')];",
      ],
      ['a key as a number passes for one as text', '[NUMBER, String(value)]', '[String(value)]'],
      [
        'a strange row twice passes',
        'if (place >= expected.length ? !isStranger : seen[place] === 1) {',
        'if (place < expected.length && seen[place] === 1) {',
      ],
      ['differences are in no order', 'found.sort(byKey)', 'found'],
    ] as const
  ).map(of('check.ts')),
  ...(
    [
      [
        'a number passes for text',
        'if (left === right) return true;',
        `if (left === right || (typeof left !== 'object' && \`\${left}\` === \`\${right}\`)) return true;`,
      ],
      ['an attribute too many passes', 'return unmatched === 0;', 'return true;'],
      [
        'an attribute is skipped',
        'if (!sameValue(left[name], own(right, name))) return false;',
        "if (name !== 'owner' && !sameValue(left[name], own(right, name))) return false;",
      ],
      ['maps are not looked into', 'return sameMap(left as Row, right as Row);', 'return true;'],
      [
        'bytes are compared by their length',
        'left.length === right.length && left.every((byte, index) => byte === right[index])',
        'left.length === right.length',
      ],
      [
        'a longer list passes',
        'left.length === right.length && left.every((item, index)',
        'left.every((item, index)',
      ],
      [
        'a list in another order passes',
        'sameValue(item, right[index])',
        'right.some((other) => sameValue(item, other))',
      ],
      [
        'null passes for a map',
        'if (left === null || right === null) return false;',
        'if (left === null || right === null) return true;',
      ],
      ['sets of bytes are the same', 'others.some((other) => sameBytes(member, other))', 'true'],
    ] as const
  ).map(of('equality.ts')),
  ...(
    [
      [
        'writes are not watched',
        'report(() => watched.wrote(table, before, after))',
        'report(() => undefined)',
      ],
      [
        'commits are not watched',
        'committed: () => report(() => watched.committed()),',
        'committed: () => {},',
      ],
      [
        'checkpoints are not watched',
        'const broken = watcher.checkpointed(event, readRow);',
        'const broken = undefined as BrokenInvariant | undefined;',
      ],
      ['what was discarded is judged', 'event < 0 || discarded || ', 'event < 0 || '],
    ] as const
  ).map(of('invariants.ts')),
  ...(
    [
      [
        'the record at the checkpoint is not judged',
        'if (compareSequenceNumbers(waiting.sequenceNumber, shard.checkpoint) > 0) break;',
        'if (compareSequenceNumbers(waiting.sequenceNumber, shard.checkpoint) >= 0) break;',
      ],
      [
        'a record beyond the checkpoint is judged',
        'if (compareSequenceNumbers(waiting.sequenceNumber, shard.checkpoint) > 0) break;',
        '',
      ],
      [
        'a record put late is not judged',
        'pass(record.shardId, shard, waiting);\n        } else {',
        '} else {',
      ],
      [
        'records are kept in the order in which they were heard of',
        'if (compareSequenceNumbers(before.sequenceNumber, waiting.sequenceNumber) <= 0) break;',
        'break;',
      ],
      [
        'shards are mixed up',
        'const known = shards.get(shardId);',
        'const known = [...shards.values()][0] ?? shards.get(shardId);',
      ],
    ] as const
  ).map(of('not-checkpointed.ts')),
  ...(
    [
      [
        'what was acknowledged excuses too',
        '(passed.discarded ? discarded : acknowledged)',
        'discarded',
      ],
      [
        'a copy that was acknowledged is no matter',
        '.filter((event) => !acknowledged.has(event))',
        '',
      ],
      [
        'any loss excuses every row',
        'return differences.filter((difference) => !bears(difference));',
        'return [];',
      ],
      [
        'malformed records that were acknowledged are counted as lost',
        'else if (passed.discarded) malformed++;',
        'else malformed++;',
      ],
    ] as const
  ).map(of('losses.ts')),
];
