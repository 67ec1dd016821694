/**
 * From the words of the command line to what is wanted, as a value: nothing here prints or exits.
 * yargs splits words and writes the help; what a value may be is decided in `values.ts`, so that each
 * mistake is answered in one line.
 */
import yargs, { type Argv } from 'yargs';
import { SimulatorError } from '../simulator/model/errors.ts';
import { type Config, wordsOf } from './config.ts';
import { FLAG_KEYS, FLAGS, type WorkloadDefaults } from './flags.ts';
import { ENTITY_FLAGS } from './flags-of-history.ts';
import { describeRun, type RunCommand, readRun } from './run-command.ts';
import type { Work } from './subcommand.ts';
import { SUBCOMMANDS } from './subcommands.ts';
import type { Words } from './take.ts';

export type CommandLine =
  | RunCommand
  | { readonly kind: 'work'; readonly work: Work }
  | { readonly kind: 'usage'; readonly message: string }
  | { readonly kind: 'help' | 'version'; readonly text: string };

export interface ParseContext extends Words {
  /** The configuration of a folder, if it has one. */
  findConfig?(folder: string): Promise<Config | undefined>;
  readonly version: string;
  readonly workloadDefaults: WorkloadDefaults;
}

export async function parseCommandLine(
  argv: readonly string[],
  context: ParseContext,
): Promise<CommandLine> {
  try {
    const config = await configOf(argv, context);
    const words = config === undefined ? [] : configWords(config, argv);
    const commandLine = await parse([...argv, ...words], context, config?.file);
    if (commandLine.kind !== 'usage' || config === undefined) return commandLine;
    const { message } = commandLine;
    const isItsOwn = words.some((word) => message.includes(word.split('=')[0] ?? ''));
    return isItsOwn ? { kind: 'usage', message: `${config.file}: ${message}` } : commandLine;
  } catch (error) {
    if (!(error instanceof SimulatorError)) throw error;
    return { kind: 'usage', message: error.message };
  }
}

/** Not where somebody only asks for help, nor where he wants none. */
async function configOf(
  argv: readonly string[],
  { cwd, findConfig }: ParseContext,
): Promise<Config | undefined> {
  const isUnwanted = argv.some((word) => ['--no-config', '--help', '--version'].includes(word));
  return isUnwanted ? undefined : findConfig?.(cwd);
}

function configWords(config: Config, argv: readonly string[]): string[] {
  const ofRuns = [...FLAG_KEYS.map((key) => FLAGS[key].name), ...ENTITY_FLAGS, 'out'];
  const command = SUBCOMMANDS.find(({ usage }) => usage.split(' ')[0] === argv[0]);
  const taken = command === undefined ? ofRuns : (command.configurable ?? []);
  return wordsOf(config, argv, taken, ofRuns);
}

async function parse(
  argv: readonly string[],
  context: ParseContext,
  configFile: string | undefined,
): Promise<CommandLine> {
  let outcome: CommandLine | undefined;
  const parser = createParser(context).command('$0', 'Run the simulation', describeRun, (given) => {
    outcome = { ...readRun(given, argv, context), configFile };
  });
  for (const { usage, describe, flags, read } of SUBCOMMANDS) {
    parser.command(usage, describe, flags, (given) => {
      outcome = { kind: 'work', work: read(given, context) };
    });
  }
  return parseWith(parser, argv, () => outcome);
}

/** What a parser's commands have made of the words, or its help, or what is wrong with them. */
export async function parseWith(
  parser: Argv,
  argv: readonly string[],
  outcome: () => CommandLine | undefined,
): Promise<CommandLine> {
  let output = '';
  try {
    const given = await parser.parseAsync([...argv], {}, (_error, _given, text) => {
      output = text;
    });
    const found = outcome();
    if (found !== undefined) return found;
    const kind = given['help'] === true ? 'help' : 'version';
    return { kind, text: `${output.trimEnd()}\n` };
  } catch (error) {
    if (!(error instanceof SimulatorError)) throw error;
    return { kind: 'usage', message: error.message };
  }
}

function createParser({ version }: ParseContext): Argv {
  return strictParser('simulate', version).usage(
    '$0 [flags]\n\nPushes a disordered stream at a view and proves that its tables are right.',
  );
}

/** It neither prints nor exits, and leaves it to us what a value is. */
export function strictParser(name: string, version: string): Argv {
  return yargs()
    .scriptName(name)
    .locale('en')
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new SimulatorError('usage', message);
    })
    .parserConfiguration({
      'camel-case-expansion': false,
      'dot-notation': false,
      // A seed of 007 is a text, and a number is checked by us.
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'short-option-groups': false,
    })
    .version(version)
    .help()
    .wrap(100);
}
