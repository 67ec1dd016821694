/** Loads the workload of a run: the shipped one, or one from a file. */
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { SimulatorError } from '../model/errors.ts';
import type { Workload } from '../model/workload.ts';
import { parseReference } from '../module-reference.ts';
import { complete } from './complete.ts';
import { winner } from './winner/winner.ts';

/** A workload whose events only the workload itself reads. */
export type AnyWorkload = Workload<unknown>;

/**
 * `FILE[#EXPORT]`, absolute; undefined: the shipped one. Rejects with a `SimulatorError` in one
 * line.
 */
export async function loadWorkload(reference: string | undefined): Promise<AnyWorkload> {
  if (reference === undefined) return winner as AnyWorkload;
  const { file, exportName = 'default' } = parseReference(reference);
  const wrong = (what: string) => new SimulatorError('usage', `--workload ${file}: ${what}`);
  if (!existsSync(file)) throw wrong('the file does not exist');
  let module: Readonly<Record<string, unknown>>;
  try {
    module = await import(pathToFileURL(file).href);
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    throw wrong(`can't be loaded: ${name}: ${message.replace(/\s*\n\s*/g, ' ')}`);
  }
  const exported = module[exportName];
  if (exported === undefined) {
    const names = Object.keys(module).join(', ') || 'nothing';
    throw wrong(`has no export ${exportName}; it exports ${names}`);
  }
  return complete(exported, file, winner.entities);
}
