/** The workload that was asked for: the game of the shipped handler, or somebody's own from his file. */
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { SimulatorError } from '../model/errors.ts';
import type { Workload } from '../model/workload.ts';
import { parseReference } from '../module-reference.ts';
import { complete } from './complete.ts';
import { winner } from './winner/winner.ts';

/** Whatever its events are: only the workload itself looks into them. */
export type AnyWorkload = Workload<unknown>;

/** `FILE[#EXPORT]`, absolute; undefined: the shipped game. Rejects with a `SimulatorError` in one line. */
export async function loadWorkload(reference: string | undefined): Promise<AnyWorkload> {
  if (reference === undefined) return winner as AnyWorkload;
  const { file, exportName = 'default' } = parseReference(reference);
  const wrong = (what: string) => new SimulatorError('usage', `--workload ${file}: ${what}`);
  if (!existsSync(file)) throw wrong('there is no such file');
  let module: Readonly<Record<string, unknown>>;
  try {
    module = await import(pathToFileURL(file).href);
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    throw wrong(`can't be loaded: ${name}: ${message.replace(/\s*\n\s*/g, ' ')}`);
  }
  const defined = module[exportName];
  if (defined === undefined) {
    const names = Object.keys(module).join(', ') || 'nothing';
    throw wrong(`has no export ${exportName}; it exports ${names}`);
  }
  return complete(defined, file, winner.entities);
}
