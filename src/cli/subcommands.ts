/** The commands beside the run, in the order of the help. */
import { audit } from './audit-options.ts';
import { compare } from './compare-options.ts';
import { explain } from './explain-options.ts';
import { explore } from './explore-options.ts';
import { init } from './init-options.ts';
import { leaderboard } from './leaderboard-options.ts';
import { mutants } from './mutants-options.ts';
import { redrive } from './redrive-options.ts';
import { replay } from './replay-options.ts';
import { show } from './show-options.ts';
import type { Subcommand } from './subcommand.ts';

export const SUBCOMMANDS: readonly Subcommand[] = [
  explore,
  replay,
  mutants,
  show,
  compare,
  explain,
  leaderboard,
  redrive,
  audit,
  init,
];
