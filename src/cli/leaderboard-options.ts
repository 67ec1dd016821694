/** `simulate leaderboard`: its words. */
import { SOURCE_FLAGS, sourceOf } from './source.ts';
import type { Subcommand } from './subcommand.ts';
import { describeFlags, takeFlags } from './subcommand-flags.ts';

export const leaderboard: Subcommand = {
  usage: 'leaderboard',
  describe: 'Who wins, in each role',
  flags: (parser) =>
    describeFlags(parser, SOURCE_FLAGS)
      .usage(
        '$0 leaderboard [flags]\n\nWho leads: by the reference for the history of a run, or by live tables.',
      )
      .example([
        ['$0 leaderboard', 'of the latest run'],
        ['$0 leaderboard --stage dev', 'of live tables'],
      ])
      .epilogue(
        "Exit status: 0, 64 wrong usage or no such run, 69 AWS can't be reached, 70 a bug of ours, 130 Ctrl-C.",
      ),
  read(given, words) {
    const source = sourceOf(takeFlags(SOURCE_FLAGS, given, words), words);
    return async (context) =>
      (await import('./leaderboard.ts')).leaderboardCommand(source, context);
  },
};
