/** `simulate init`: writes the templates, all of them or none. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SimulatorError } from '../../simulator/model/errors.ts';
import { defineCommand } from '../command.ts';

const TEMPLATES = fileURLToPath(new URL('../../../templates/init/', import.meta.url));

export const init = defineCommand({
  name: 'init',
  summary: 'Write a workload to start from',
  description:
    'Writes a workload, a handler that passes, a configuration and a CI workflow, to be changed into your own. ' +
    'Existing files are never overwritten.',
  args: [{ name: 'folder', describe: 'Where to write', byDefault: 'the current folder' }],
  options: {},
  examples: [['init simulation && cd simulation && npx simulate', 'write and run it']],
  exits: { 0: 'written', 64: 'wrong usage, or one of the files exists' },
  read: (_values, { args, cwd }) => path.resolve(cwd, args['folder'] ?? '.'),
  async start(folder, { print }) {
    const names = readdirSync(TEMPLATES);
    const existing = names.find((name) => existsSync(path.join(folder, name)));
    if (existing !== undefined) {
      const file = path.join(folder, existing);
      throw new SimulatorError('usage', `${file} exists already: name a folder without it`);
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
  },
});
