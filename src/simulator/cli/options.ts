/**
 * From the words of the command line to what is wanted, as a value: nothing here prints or exits.
 * yargs splits words and writes the help; what a value may be is decided in `values.ts`, so that each
 * mistake is answered in one line.
 */
import yargs, { type Argv } from 'yargs';
import { SimulatorError } from '../errors.ts';
import { MEMORY_FAULT_NAMES } from '../faults/names.ts';
import type { RunOptions } from '../run/options.ts';
import { type Config, wordsOf } from './config.ts';
import {
  defaultOptions,
  FLAG_KEYS,
  FLAGS,
  GROUPS,
  NOT_OF_AWS,
  OF_AWS_ALONE,
  type WorkloadDefaults,
} from './flags.ts';
import { refuseProduction } from './production.ts';
import type { Work } from './subcommand.ts';
import { SUBCOMMANDS } from './subcommands.ts';
import { suggestion } from './suggest.ts';
import { requireHandler, type Words } from './take.ts';
import { choice, folder, type Given, onOff, quoted } from './values.ts';

export type CommandLine =
  | RunCommand
  | { readonly kind: 'work'; readonly work: Work }
  | { readonly kind: 'usage'; readonly message: string }
  | { readonly kind: 'help' | 'version'; readonly text: string };

const REPORTERS = ['json', 'junit', 'github'] as const;
export type Reporter = (typeof REPORTERS)[number];

export interface RunCommand {
  readonly kind: 'run';
  readonly options: RunOptions;
  readonly reporters: ReadonlySet<Reporter>;
  /** The parent of the folder that is left behind, absolute; undefined: none is. */
  readonly out: string | undefined;
  /** The configuration file that was read, if any. */
  readonly configFile?: string | undefined;
}

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
  const ofRuns = [...FLAG_KEYS.map((key) => FLAGS[key].name), 'out'];
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

function describeRun(parser: Argv): Argv {
  for (const group of GROUPS) {
    for (const key of FLAG_KEYS) {
      const flag = FLAGS[key];
      if (flag.group !== group) continue;
      const { describe, byDefault: defaultDescription } = flag;
      parser.option(flag.name, { group, describe, defaultDescription });
    }
  }
  return parser
    .option('json', { describe: 'Short for --reporter json' })
    .option('reporter', {
      describe:
        'json or junit: the result as such, alone on stdout; github: annotations, and the summary of the job. ' +
        'May be given twice',
      defaultDescription: 'text',
    })
    .option('out', {
      describe: 'Folder in which each run leaves one of its own; --no-out for none',
      defaultDescription: 'runs',
    })
    .option('config', {
      describe: "A folder's simulate.config.ts has flags of its own; --no-config passes it over",
      defaultDescription: 'read',
    })
    .group(['json', 'reporter', 'out', 'config', 'help', 'version'], 'Output:')
    .example([
      ['$0', '1000 events in order'],
      ['$0 --shuffle --count 10000', 'the main job: shuffled, copied and delayed'],
      ['$0 --shuffle --shards 4 --parallelization-factor 4 --repeat-delivery 0.2', 'harder'],
      ['$0 --shuffle --handler my-handler.ts#handle', 'your own handler'],
      ['$0 --shuffle --kill 5 --fault throttled=0.05', 'crashes, and a DynamoDB that pushes back'],
      ['$0 --world memory --shuffle --faults heavy', 'everything at once, on a virtual clock'],
      ['$0 --world aws --stage dev --shuffle --clean', 'against a deployed stack'],
      ['$0 --shuffle --seed S --json > result.json', 'for a program to read'],
    ])
    .epilogue(
      'Exit status: 0 converged, 2 diverged, 3 unknown (a limit was reached, or something asked ' +
        "for didn't happen), 64 wrong usage, 69 a server couldn't be started or reached, " +
        '70 a bug of ours, 130 Ctrl-C.',
    );
}

function readRun(
  given: Readonly<Record<string, unknown>>,
  argv: readonly string[],
  context: ParseContext,
): RunCommand {
  refuseUnknown(given, argv);
  const take = <Key extends keyof RunOptions>(
    key: Key,
    fallback: RunOptions[Key],
  ): RunOptions[Key] => {
    const { name, read, join } = FLAGS[key];
    const value = given[name];
    if (value === undefined) return fallback;
    if (join === undefined || !Array.isArray(value)) {
      return read(name, once(name, value), context.cwd);
    }
    return value
      .map((each: unknown) => read(name, once(name, each), context.cwd))
      .reduce((values, each) => join(name, values, each));
  };

  const seed = given['seed'] === undefined ? context.drawSeed() : take('seed', '');
  const count = take('count', 1000);
  const shuffle = take('shuffle', false);
  const defaults = defaultOptions({ seed, count, shuffle }, context.workloadDefaults);
  const options: Record<string, unknown> = {};
  for (const key of FLAG_KEYS) options[key] = take(key, defaults[key]);
  if (given['config'] !== undefined && given['config'] !== false) {
    throw new SimulatorError(
      'usage',
      '--config takes no value: the file is simulate.config.ts, and --no-config passes it over',
    );
  }
  const reporters = reportersOf(given, context.cwd);
  const out = folder(
    'out',
    given['out'] === undefined ? 'runs' : once('out', given['out']),
    context.cwd,
  );

  for (const server of ['kinesis', 'dynamodb']) {
    if (given[`${server}-server`] === undefined || given[`${server}-endpoint`] === undefined)
      continue;
    throw new SimulatorError(
      'usage',
      `--${server}-server and --${server}-endpoint exclude each other: ` +
        'the first starts a server, the second uses one that runs',
    );
  }
  const chosen = options as unknown as RunOptions;
  requireHandler(chosen);
  const beyond = MEMORY_FAULT_NAMES.find((name) => chosen.faults[name] !== undefined);
  if (chosen.world === 'local' && beyond !== undefined) {
    throw new SimulatorError(
      'usage',
      `--fault ${beyond} takes a world that owns the clock and the workers: add --world memory`,
    );
  }
  checkStack(given, chosen);
  // Every key was set just now, each with a value of its type.
  return { kind: 'run', options: chosen, reporters, out };
}

function reportersOf(given: Readonly<Record<string, unknown>>, cwd: string): ReadonlySet<Reporter> {
  const words: unknown[] = [given['reporter'] ?? []].flat();
  const reporters = new Set(
    words.map((word) => choice(REPORTERS)('reporter', once('reporter', word), cwd)),
  );
  if (given['json'] !== undefined && onOff('json', once('json', given['json']), cwd))
    reporters.add('json');
  if (reporters.has('json') && reporters.has('junit')) {
    throw new SimulatorError(
      'usage',
      'json and junit both want stdout: take one, and find the other in the folder of the run',
    );
  }
  return reporters;
}

/** Whether what is asked of a deployed stack, or not of one, can be had there. */
function checkStack(given: Readonly<Record<string, unknown>>, options: RunOptions): void {
  const isGiven = (key: keyof RunOptions): boolean => given[FLAGS[key].name] !== undefined;
  if (options.world !== 'aws') {
    const alone = OF_AWS_ALONE.find(isGiven);
    if (alone === undefined) return;
    const { name } = FLAGS[alone];
    throw new SimulatorError('usage', `--${name} is about a deployed stack: add --world aws`);
  }
  const foreign = NOT_OF_AWS.find(isGiven);
  if (foreign !== undefined) {
    throw new SimulatorError(
      'usage',
      `--${FLAGS[foreign].name} means nothing to --world aws, where the stream, its delivery, faults and ` +
        "handler are the stack's own: leave it out",
    );
  }
  if (options.stage === undefined) {
    const right = '--world aws --stage dev';
    throw new SimulatorError('usage', `--world aws takes the stage of a deployed stack: ${right}`);
  }
  refuseProduction(options.stage, options.yes, 'fill its tables with made-up sales');
}

/** A flag given twice is a mistake: which of the two was meant, nobody knows. */
function once(flag: string, value: unknown): Given {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  throw new SimulatorError('usage', `--${flag} was given twice; once is enough`);
}

function refuseUnknown(given: Readonly<Record<string, unknown>>, argv: readonly string[]): void {
  const names = [
    ...FLAG_KEYS.map((key) => FLAGS[key].name),
    'json',
    'reporter',
    'out',
    'config',
    'help',
    'version',
  ];
  const meant = (typed: string): string => {
    const nearest = suggestion(typed.replace(/^no-/, ''), names) ?? suggestion(typed, names);
    return nearest === undefined ? 'see --help' : `did you mean --${nearest}?`;
  };
  for (const name of Object.keys(given)) {
    if (name === '_' || name === '$0' || names.includes(name)) continue;
    // As it was typed: with one dash or two, or with `no-`.
    const typed = argv.find((word) => /^--?(?:no-)?([^=]*)/.exec(word)?.[1] === name);
    const shown = typed?.split('=')[0] ?? `--${name}`;
    throw new SimulatorError('usage', `unknown flag ${quoted(shown).slice(1, -1)}; ${meant(name)}`);
  }
  const [extra] = Array.isArray(given['_']) ? given['_'].map(String) : [];
  if (extra === undefined) return;
  throw new SimulatorError('usage', `unknown argument ${quoted(extra)}; ${meant(extra)}`);
}
