/**
 * Whether live tables agree with themselves: contributors' sales with the purchases in Events, and Scores with
 * both. Looks twice, because a handler may be at work: what is off in the same way both times is wrong.
 */
import type { Finding } from './judge.ts';
import { type Look, look, nameOf } from './look.ts';
import { type RepairParts, repair } from './repair.ts';
import type { AuditTables } from './tables.ts';

export interface Audit {
  /** Off, and the same at two looks. */
  readonly wrong: readonly Finding[];
  /** Rows that were off, but not twice in the same way: somebody is at work on them. */
  readonly moving: number;
  readonly rows: Look['rows'];
}

export interface AuditParts {
  readonly tables: AuditTables;
  pause(ms: number): Promise<void>;
  /** Between two looks; undefined: long enough for an invocation to end if one is at work. */
  readonly pauseMs: number | undefined;
  onProgress(text: string, rows: Look['rows']): void;
}

const LOOKS_MAX = 5;
/** Longer than the function's timeout: what is still unfinished then was cut off. */
const UNFINISHED_PAUSE_MS = 70_000;
const PAUSE_MS = 3_000;

export async function audit(parts: AuditParts): Promise<Audit> {
  const lookAgain = (looks: number): Promise<Look> =>
    look({ ...parts, onProgress: (rows) => parts.onProgress(`look ${looks}`, rows) });
  let last = await lookAgain(1);
  for (let looks = 2; ; looks++) {
    const { findings, rows } = last;
    if (findings.length === 0) return { wrong: [], moving: 0, rows };
    const isUnfinished = findings.some(({ kind }) => kind === 'unfinished');
    parts.onProgress('waiting for a second look', rows);
    await parts.pause(parts.pauseMs ?? (isUnfinished ? UNFINISHED_PAUSE_MS : PAUSE_MS));
    const before = new Map(findings.map((finding) => [nameOf(finding), finding]));
    last = await lookAgain(looks);
    const wrong = last.findings.filter((finding) => isSame(finding, before.get(nameOf(finding))));
    const moving = last.findings.length - wrong.length;
    if (moving === 0 || looks === LOOKS_MAX) return { wrong, moving, rows: last.rows };
  }
}

function isSame(left: Finding, right: Finding | undefined): boolean {
  return left.expected === right?.expected && left.got === right.got && left.stamp === right.stamp;
}

export interface Repair extends Audit {
  /** What was found at first, or came to light on the way, and was settled. */
  readonly repaired: readonly Finding[];
}

const ROUNDS_MAX = 5;

/**
 * Products first, because scores follow from them: a score is settled only when all products are. Audits again
 * after each round, until nothing is wrong.
 */
export async function auditAndRepair(parts: AuditParts & RepairParts): Promise<Repair> {
  const repaired = new Map<string, Finding>();
  let found = await audit(parts);
  for (let round = 1; found.wrong.length > 0 && round <= ROUNDS_MAX; round++) {
    const products = found.wrong.filter(({ table }) => table === 'Contributions');
    for (const finding of products.length > 0 ? products : found.wrong) {
      const outcome = await repair(finding, parts);
      if (outcome === 'done') repaired.set(nameOf(finding), finding);
    }
    found = await audit(parts);
  }
  return { ...found, repaired: [...repaired.values()] };
}
