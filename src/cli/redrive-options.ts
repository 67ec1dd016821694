/** `simulate redrive`: its flags, and from given words to what is wanted. */
import { SimulatorError } from '../simulator/model/errors.ts';
import { unset } from './flag.ts';
import { refuseProduction } from './production.ts';
import type { Given, Subcommand } from './subcommand.ts';
import { describeFlags, stageFlag, stageOf, takeFlags, toggle } from './subcommand-flags.ts';
import type { Words } from './take.ts';
import { text } from './values.ts';

export interface RedriveOptions {
  readonly stage: string;
  /** Put back everything: `all`; what was put aside for one reason; undefined: only show. */
  readonly what: 'all' | { readonly reason: string } | undefined;
}

const FLAGS = {
  stage: stageFlag('The stage whose quarantine and failure queue are looked at'),
  all: toggle('Put back all of it'),
  reason: {
    describe: 'Put back what was quarantined or discarded for this REASON, as it is shown',
    read: text,
    ...unset(),
  },
  yes: toggle('Also put back on a stage that is called prod'),
};

export const redrive: Subcommand = {
  usage: 'redrive',
  describe: 'Show what was quarantined or discarded, and put it back onto the stream',
  flags: (parser) =>
    describeFlags(parser, FLAGS)
      .usage(
        '$0 redrive --stage STAGE [flags]\n\nShows what is in the quarantine and in the failure queue, and puts it back ' +
          'onto the stream. What is applied twice is applied once; what is still malformed comes back to the quarantine.',
      )
      .example([
        ['$0 redrive --stage dev', 'what is there?'],
        ['$0 redrive --stage dev --all', 'all of it again'],
        ['$0 redrive --stage dev --reason "eventId is missing"', 'after the rule was changed'],
        ['$0 redrive --stage dev --reason RetryAttemptsExhausted', 'batches that Lambda gave up'],
      ])
      .epilogue(
        'Exit status: 0 done, 3 some could not be put back, 64 wrong usage, ' +
          "69 AWS can't be reached, 70 a bug of ours, 130 Ctrl-C.",
      ),
  read(given, words) {
    const options = read(given, words);
    return async (context) => (await import('./redrive.ts')).redriveCommand(options, context);
  },
};

function read(given: Given, words: Words): RedriveOptions {
  const { all, reason, yes, ...taken } = takeFlags(FLAGS, given, words);
  const stage = stageOf(taken.stage, 'redrive');
  if (all && reason !== undefined) {
    throw new SimulatorError('usage', '--all and --reason exclude each other: give one of them');
  }
  const what = all ? 'all' : reason === undefined ? undefined : { reason };
  if (what !== undefined) refuseProduction(stage, yes, 'put records onto its stream');
  return { stage, what };
}
