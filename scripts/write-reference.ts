/** Writes docs/reference/cli.md from the tables of the command line: `npm run docs`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { formatReference } from '../src/cli/help.ts';
import { SIMULATE } from '../src/cli/simulate.ts';

const FILE = new URL('../docs/reference/cli.md', import.meta.url);
mkdirSync(new URL('.', FILE), { recursive: true });
writeFileSync(FILE, formatReference(SIMULATE));
