/** The command line of `simulate`: its commands, and the options of all of them. */
import type { Program } from './command.ts';
import { audit } from './commands/audit.ts';
import { compare } from './commands/compare.ts';
import { explain } from './commands/explain.ts';
import { explore } from './commands/explore.ts';
import { init } from './commands/init.ts';
import { leaderboard } from './commands/leaderboard.ts';
import { mutants } from './commands/mutants.ts';
import { redrive } from './commands/redrive.ts';
import { replay } from './commands/replay.ts';
import { run } from './commands/run.ts';
import { show } from './commands/show.ts';
import { fixed } from './options/option.ts';
import { onOff } from './options/values.ts';

/** By name, in the order of the help. */
export const COMMANDS = {
  run,
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
};

export const SIMULATE: Program = {
  name: 'simulate',
  typed: 'npx simulate',
  commands: Object.values(COMMANDS),
  common: {
    config: {
      describe: 'Read simulate.config.* in the current folder; --no-config ignores it',
      read: onOff,
      ...fixed(true),
    },
  },
};
