/** All mutants, in the order in which they are listed. */
import type { Mutant } from '../mutant.ts';
import { BATCHES } from './batches.ts';
import { ORIGINAL } from './original.ts';
import { RULES } from './rules.ts';
import { WRITES } from './writes.ts';

export const MUTANTS: readonly Mutant[] = [...ORIGINAL, ...RULES, ...WRITES, ...BATCHES];
