/** `simulate` itself: from what yargs found to a run's options, each mistake answered in one line. */
import type { Argv } from 'yargs';
import { SimulatorError } from '../simulator/model/errors.ts';
import { MEMORY_FAULT_NAMES } from '../simulator/model/faults.ts';
import { RUN_DEFAULTS, type RunOptions } from '../simulator/model/run-options.ts';
import { checkDeployed } from './deployed.ts';
import { defaultOptions, FLAG_KEYS, FLAGS } from './flags.ts';
import { ENTITY_FLAGS, readEntityCount } from './flags-of-history.ts';
import type { ParseContext } from './options.ts';
import { GROUPS, HISTORY } from './run-flag.ts';
import { suggestion } from './suggest.ts';
import { requireHandler } from './take.ts';
import { choice, folder, type Given, joined, onOff, quoted } from './values.ts';

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

export function describeRun(parser: Argv): Argv {
  for (const group of GROUPS) {
    for (const key of FLAG_KEYS) {
      const flag = FLAGS[key];
      if (flag.group !== group) continue;
      const { describe, byDefault: defaultDescription } = flag;
      parser.option(flag.name, { group, describe, defaultDescription });
    }
  }
  for (const name of ENTITY_FLAGS) {
    const defaultDescription = 'in proportion to the count';
    parser.option(name, { group: HISTORY, describe: `Distinct ${name}`, defaultDescription });
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

export function readRun(
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
  const count = take('count', RUN_DEFAULTS.count);
  const shuffle = take('shuffle', RUN_DEFAULTS.shuffle);
  const defaults = defaultOptions({ seed, count, shuffle }, context.workloadDefaults);
  const options: Record<string, unknown> = {};
  for (const key of FLAG_KEYS) options[key] = take(key, defaults[key]);
  // Those of another workload are known when it is loaded.
  const asked = take('entities', {});
  const named = Object.fromEntries(
    ENTITY_FLAGS.flatMap((name) =>
      given[name] === undefined
        ? []
        : [[name, readEntityCount(name, once(name, given[name]), context.cwd)]],
    ),
  );
  options['entities'] = {
    ...(options['workload'] === undefined ? defaults.entities : {}),
    ...joined('entity', asked, named),
  };
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
  checkDeployed(given, chosen);
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

/** A flag given twice is a mistake: which of the two was meant, nobody knows. */
function once(flag: string, value: unknown): Given {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  throw new SimulatorError('usage', `--${flag} was given twice; once is enough`);
}

function refuseUnknown(given: Readonly<Record<string, unknown>>, argv: readonly string[]): void {
  const names = [
    ...FLAG_KEYS.map((key) => FLAGS[key].name),
    ...ENTITY_FLAGS,
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
