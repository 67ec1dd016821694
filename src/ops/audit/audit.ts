/**
 * Checks that live tables agree with each other: contributors' sales with the purchases in Events, and Scores with
 * both. A handler may be writing meanwhile, so a row is wrong only if two passes find it off in the same way.
 */
import type { AuditTables } from './audit-tables.ts';
import { type Finding, nameOf } from './findings.ts';
import { type Pass, readPass } from './pass.ts';
import { type RepairParts, repair } from './repair.ts';

export interface Audit {
  /** Off in the same way in two passes. */
  readonly wrong: readonly Finding[];
  /** Rows that were off, each time differently: they are being written. */
  readonly changing: number;
  readonly rows: Pass['rows'];
}

export interface AuditParts {
  readonly tables: AuditTables;
  pause(ms: number): Promise<void>;
  /** Between two passes; undefined: long enough for an invocation at work to end. */
  readonly pauseMs: number | undefined;
  onProgress(text: string, rows: Pass['rows']): void;
}

const PASSES_MAX = 5;
/** Longer than the function's timeout: a row that is still unfinished then was left so. */
const UNFINISHED_PAUSE_MS = 70_000;
const PAUSE_MS = 3_000;

export async function audit(parts: AuditParts): Promise<Audit> {
  const read = (pass: number): Promise<Pass> =>
    readPass({ ...parts, onProgress: (rows) => parts.onProgress(`pass ${pass}`, rows) });
  let last = await read(1);
  for (let pass = 2; ; pass++) {
    const { findings, rows } = last;
    if (findings.length === 0) return { wrong: [], changing: 0, rows };
    const isUnfinished = findings.some(({ kind }) => kind === 'unfinished');
    parts.onProgress('waiting for another pass', rows);
    await parts.pause(parts.pauseMs ?? (isUnfinished ? UNFINISHED_PAUSE_MS : PAUSE_MS));
    const before = new Map(findings.map((finding) => [nameOf(finding), finding]));
    last = await read(pass);
    const wrong = last.findings.filter((finding) => isSame(finding, before.get(nameOf(finding))));
    const changing = last.findings.length - wrong.length;
    if (changing === 0 || pass === PASSES_MAX) return { wrong, changing, rows: last.rows };
  }
}

function isSame(left: Finding, right: Finding | undefined): boolean {
  return left.expected === right?.expected && left.got === right.got && left.stamp === right.stamp;
}

export interface Repair extends Audit {
  readonly repaired: readonly Finding[];
}

const ROUNDS_MAX = 5;

/**
 * Repairs products first, because scores follow from them, and scores only when all products are right. Audits again
 * after each round, until nothing is wrong.
 */
export async function auditAndRepair(parts: AuditParts & RepairParts): Promise<Repair> {
  const repaired = new Map<string, Finding>();
  let found = await audit(parts);
  for (let round = 1; found.wrong.length > 0 && round <= ROUNDS_MAX; round++) {
    const products = found.wrong.filter(({ table }) => table === 'Contributions');
    for (const finding of products.length > 0 ? products : found.wrong) {
      const outcome = await repair(finding, parts);
      if (outcome === 'repaired') repaired.set(nameOf(finding), finding);
    }
    found = await audit(parts);
  }
  return { ...found, repaired: [...repaired.values()] };
}
