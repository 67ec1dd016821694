/** `simulate explain`: its flags, and from given words to what is wanted. */
import { SimulatorError } from '../simulator/model/errors.ts';
import type { Asked } from '../simulator/model/workload.ts';
import { unset } from './flag.ts';
import { SOURCE_FLAGS, type Source, sourceOf } from './source.ts';
import type { Given, Subcommand } from './subcommand.ts';
import { describeFlags, takeFlags } from './subcommand-flags.ts';
import type { Words } from './take.ts';
import { text } from './values.ts';

export interface ExplainOptions {
  readonly asked: Asked;
  readonly id: string;
  readonly source: Source;
}

const FLAGS = {
  product: {
    describe: 'The id of a product (of another workload: what its events are about)',
    read: text,
    ...unset(),
  },
  user: {
    describe: 'The id of a user (of another workload: whoever its events are by)',
    read: text,
    ...unset(),
  },
  ...SOURCE_FLAGS,
};

export const explain: Subcommand = {
  usage: 'explain',
  describe: 'Who holds what, which purchases count for whom, and why',
  flags: (parser) =>
    describeFlags(parser, FLAGS)
      .usage(
        '$0 explain --product ID | --user ID [flags]\n\nThe events of a product in canonical order and what each ' +
          "means; a user's score, and the products it comes from.",
      )
      .example([
        ['$0 explain --product 3618308', 'in the latest run'],
        ['$0 explain --user "Mandy Rippin"', 'part of an id: says which it may be'],
        ['$0 explain --product 3618308 --stage dev', 'in live tables'],
      ])
      .epilogue(
        "Exit status: 0, 64 wrong usage or no such id, 69 AWS can't be reached, 70 a bug of ours, 130 Ctrl-C.",
      ),
  read(given, words) {
    const options = read(given, words);
    return async (context) => (await import('./explain.ts')).explainCommand(options, context);
  },
};

function read(given: Given, words: Words): ExplainOptions {
  const { product, user, ...source } = takeFlags(FLAGS, given, words);
  if ((product === undefined) === (user === undefined)) {
    throw new SimulatorError(
      'usage',
      'explain takes a product or a user: simulate explain --product ID, or --user ID',
    );
  }
  return {
    asked: product === undefined ? 'user' : 'product',
    id: product ?? user ?? '',
    source: sourceOf(source, words),
  };
}
