/**
 * The kill matrix: each mutant is hunted in a process of its own, several at a time. So is the
 * shipped handler, which must not be caught.
 */
import { spawn } from 'node:child_process';
import process from 'node:process';
import { moduleFile } from '../module-reference.ts';
import type { Scenario } from '../search/scenario.ts';
import type { HuntOrder } from './hunt-main.ts';
import type { Mutant } from './mutant.ts';
import type { Caught } from './witness.ts';

export interface MatrixParts {
  readonly mutants: readonly Mutant[];
  readonly seed: string;
  /** For each hunt, without its reduction. */
  readonly timeMs: number;
  readonly jobs: number;
  readonly signal: AbortSignal;
  readonly onRow: (row: Row) => void;
}

/** The result of one hunt; without `check` the mutant survived. */
export interface Row extends Partial<Caught> {
  readonly name: string;
  /** Undefined: the shipped handler. */
  readonly mutant: Mutant | undefined;
  readonly runs: number;
  readonly ms: number;
  readonly shrinkMs: number;
  readonly isMinimal?: boolean;
  readonly scenario?: Scenario;
}

export const CONTROL = 'the shipped handler';
const RUNS_MAX = 1_000_000;

/** The rows in the order of the mutants, the control first. */
export async function fillMatrix(parts: MatrixParts): Promise<readonly Row[]> {
  const { mutants, seed, timeMs, onRow } = parts;
  const all = [undefined, ...mutants];
  const rows = new Array<Row>(all.length);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < all.length && !parts.signal.aborted) {
      const at = next++;
      const mutant = all[at];
      const name = mutant?.name;
      const order = { seed, timeMs, runsMax: RUNS_MAX, ...(name === undefined ? {} : { name }) };
      const hunted = await huntInProcess(order, parts.signal);
      const row: Row = { ...hunted, name: name ?? CONTROL, mutant };
      rows[at] = row;
      onRow(row);
    }
  };
  await Promise.all(Array.from({ length: parts.jobs }, work));
  return rows;
}

const MAIN = moduleFile('./hunt-main.ts', import.meta.url);

function huntInProcess(
  order: HuntOrder,
  signal: AbortSignal,
): Promise<Omit<Row, 'name' | 'mutant'>> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, JSON.stringify(order)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
    });
    const out: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on('data', (data: Buffer) => out.push(data));
    child.stderr.on('data', (data: Buffer) => errors.push(data));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) return resolve(JSON.parse(Buffer.concat(out).toString()));
      const said = Buffer.concat(errors).toString().trim();
      reject(new Error(`${order.name ?? CONTROL}: the hunt ended with ${code}: ${said}`));
    });
  });
}
