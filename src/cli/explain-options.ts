/** `simulate explain`: its flags, and from given words to what is wanted. */
import { SimulatorError } from '../simulator/model/errors.ts';
import { GENERIC_KINDS } from '../simulator/workload/generic-sheets.ts';
import { SHEET_KINDS } from '../simulator/workload/winner/sheets.ts';
import { unset } from './flag.ts';
import { SOURCE_FLAGS, type Source, sourceOf } from './source.ts';
import type { Given, Subcommand } from './subcommand.ts';
import { describeFlags, takeFlags } from './subcommand-flags.ts';
import type { Words } from './take.ts';
import { text } from './values.ts';

export interface ExplainOptions {
  /** The kind of the thing, as the workload has it. */
  readonly kind: string;
  readonly id: string;
  readonly source: Source;
}

const KINDS = [...SHEET_KINDS, ...GENERIC_KINDS];
const id = (describe: string) => ({ describe, read: text, ...unset() });
const KIND_FLAGS = Object.fromEntries([
  ...SHEET_KINDS.map((kind) => [kind, id(`The id of a ${kind}`)] as const),
  ...GENERIC_KINDS.map(
    (kind) => [kind, id(`Of another workload: a ${kind} of its events`)] as const,
  ),
]) as Record<(typeof KINDS)[number], ReturnType<typeof id>>;
const FLAGS = { ...SOURCE_FLAGS, ...KIND_FLAGS };

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
  const taken = takeFlags(FLAGS, given, words);
  const [asked, ...more] = KINDS.flatMap((kind) => {
    const id = taken[kind];
    return id === undefined ? [] : [{ kind, id }];
  });
  if (asked === undefined || more.length > 0) {
    const flags = KINDS.map((kind) => `--${kind} ID`).join(', ');
    throw new SimulatorError('usage', `explain takes one of ${flags}`);
  }
  return { ...asked, source: sourceOf(taken, words) };
}
