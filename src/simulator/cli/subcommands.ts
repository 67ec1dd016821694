/** The commands beside the run, in the order of the help. */
import { audit } from './audit-options.ts';
import { explore } from './explore-options.ts';
import { init } from './init-options.ts';
import { mutants } from './mutants-options.ts';
import { redrive } from './redrive-options.ts';
import { replay } from './replay-options.ts';
import type { Subcommand } from './subcommand.ts';

export const SUBCOMMANDS: readonly Subcommand[] = [explore, replay, mutants, redrive, audit, init];
