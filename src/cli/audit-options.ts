/** `simulate audit`: its flags, and from given words to what is wanted. */
import { unset } from './flag.ts';
import { refuseProduction } from './production.ts';
import type { Given, Subcommand } from './subcommand.ts';
import { describeFlags, stageFlag, stageOf, takeFlags, toggle } from './subcommand-flags.ts';
import { duration, type Words } from './take.ts';

export interface AuditOptions {
  readonly stage: string;
  readonly repair: boolean;
  /** Between two looks. */
  readonly pauseMs: number | undefined;
}

const FLAGS = {
  stage: stageFlag('The stage whose tables are looked at'),
  repair: toggle('Settle what is off, beside a live handler'),
  pause: {
    describe: 'Between two looks, such as 5s',
    read: duration,
    ...unset('3s; 70s if a product is unfinished'),
  },
  yes: toggle('Also repair a stage that is called prod'),
};

export const audit: Subcommand = {
  usage: 'audit',
  describe: "Do a stage's tables agree with themselves?",
  flags: (parser) =>
    describeFlags(parser, FLAGS)
      .usage(
        '$0 audit --stage STAGE [flags]\n\nRecomputes credit and Scores from Events and the stored registrations, ' +
          'and names each row that is not as it should be.',
      )
      .example([
        ['$0 audit --stage dev', 'is anything off?'],
        ['$0 audit --stage dev --repair', 'settle it'],
      ])
      .epilogue(
        'Exit status: 0 the tables agree, 2 rows are off, 3 rows kept changing (audit when there is less traffic), ' +
          "64 wrong usage, 69 AWS can't be reached, 70 a bug of ours, 130 Ctrl-C.",
      ),
  read(given, words) {
    const options = read(given, words);
    return async (context) => (await import('./audit.ts')).auditCommand(options, context);
  },
};

function read(given: Given, words: Words): AuditOptions {
  const { pause: pauseMs, repair, yes, ...taken } = takeFlags(FLAGS, given, words);
  const stage = stageOf(taken.stage, 'audit');
  if (repair) refuseProduction(stage, yes, 'write to its tables');
  return { stage, repair, pauseMs };
}
