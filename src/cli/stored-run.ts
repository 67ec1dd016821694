/** A run that was kept, as it is named on the command line. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { SimulatorError } from '../simulator/model/errors.ts';
import type { Words } from './take.ts';
import { quoted } from './values.ts';

/** The folder, absolute; its name alone is looked for in `runs` as well. */
export function openedRun(given: unknown, { cwd }: Words): string {
  const folder = [path.resolve(cwd, String(given)), path.resolve(cwd, 'runs', String(given))].find(
    (each) => statSync(each, { throwIfNoEntry: false })?.isDirectory(),
  );
  if (folder !== undefined) return folder;
  throw new SimulatorError(
    'usage',
    `there is no run ${quoted(String(given))}: name the folder of one, such as runs/latest`,
  );
}
