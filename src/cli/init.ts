/** `simulate init`: writes the templates, all of them or none. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SimulatorError } from '../simulator/model/errors.ts';
import type { WorkContext } from './subcommand.ts';

const TEMPLATES = fileURLToPath(new URL('../../templates/init/', import.meta.url));

export async function initCommand(folder: string, { print }: WorkContext): Promise<number> {
  const names = readdirSync(TEMPLATES);
  const there = names.find((name) => existsSync(path.join(folder, name)));
  if (there !== undefined) {
    throw new SimulatorError(
      'usage',
      `${path.join(folder, there)} is there already, and stays as it is: init takes a folder without it`,
    );
  }
  try {
    mkdirSync(folder, { recursive: true });
    for (const name of names) {
      writeFileSync(path.join(folder, name), readFileSync(path.join(TEMPLATES, name)));
    }
  } catch (error) {
    throw new SimulatorError('usage', `${folder} can't be written: ${(error as Error).message}`);
  }
  const shown = path.relative('', folder) || '.';
  print(`Written to ${shown}: ${names.join(', ')}

  cd ${shown}
  npx simulate                  # shuffled, copied and late, against local servers
  npx simulate --world memory --faults heavy
  npx simulate explore          # small histories by the thousand

Then change workload.mts and handler.mts into your own.
`);
  return 0;
}
