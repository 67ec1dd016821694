/** `simulate audit`: its flags, and from given words to what is wanted. */
import { SimulatorError } from '../errors.ts';
import { refuseProduction } from './production.ts';
import type { Given, Subcommand } from './subcommand.ts';
import { described, duration, refuse, taker, type Words } from './take.ts';
import { onOff, stageName } from './values.ts';

export interface AuditOptions {
  readonly stage: string;
  readonly repair: boolean;
  /** Between two looks. */
  readonly pauseMs: number | undefined;
}

const FLAGS = {
  stage: ['The stage whose tables are looked at', 'none'],
  repair: ['Settle what is off, beside a live handler', 'off'],
  pause: ['Between two looks, such as 5s', '3s; 70s if a product is unfinished'],
  yes: ['Also repair a stage that is called prod', 'off'],
} as const;

export const audit: Subcommand = {
  usage: 'audit',
  describe: "Do a stage's tables agree with themselves?",
  flags: (parser) =>
    described(parser, FLAGS)
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
  refuse(given, Object.keys(FLAGS), 1);
  const take = taker(given, words.cwd);
  const options = {
    stage: stageOf(take('stage', stageName, undefined), 'audit'),
    repair: take('repair', onOff, false),
    pauseMs: take('pause', duration, undefined),
  };
  if (options.repair)
    refuseProduction(options.stage, take('yes', onOff, false), 'write to its tables');
  return options;
}

export function stageOf(stage: string | undefined, command: string): string {
  if (stage !== undefined) return stage;
  throw new SimulatorError(
    'usage',
    `${command} takes the stage of a stack: simulate ${command} --stage dev`,
  );
}
