/** The command line of load runs. */
import path from 'node:path';
import type { Argv } from 'yargs';
import type { Program } from '../../src/cli/command.ts';
import { checkDeployed } from '../../src/cli/deployed.ts';
import { defaultOptions, FLAGS, OF_AWS_ALONE, type WorkloadDefaults } from '../../src/cli/flags.ts';
import { type CommandLine, parseWith, strictParser } from '../../src/cli/options.ts';
import { shellQuoted } from '../../src/cli/repeat.ts';
import type { Given, Work } from '../../src/cli/subcommand.ts';
import { described, duration, refuse, taker, type Words } from '../../src/cli/take.ts';
import { choice, folder, text } from '../../src/cli/values.ts';
import { SimulatorError } from '../../src/simulator/model/errors.ts';
import type { RunOptions } from '../../src/simulator/model/run-options.ts';
import type { LoadOptions, LoadWiring } from '../load.ts';
import { findRun, listRuns } from '../runs/run-files.ts';
import { describeBundle, readBundle } from './bundle-command.ts';

const TYPED = 'npm run load --';
const LOCAL_FLAGS = [
  'handler',
  'shards',
  'batchSize',
  'parallelizationFactor',
] as const satisfies readonly (keyof RunOptions)[];
const RUN_FLAGS = [...LOCAL_FLAGS, ...OF_AWS_ALONE];
/** The worlds with a stream that others can put to. */
const WORLDS = ['local', 'aws'] as const;

const OWN_FLAGS = {
  duration: ['Total time of puts, such as 10s or 5m; each phase keeps its share', "the run's own"],
  seed: ['Any text; the same seed makes the same events', 'drawn and printed'],
  json: ['FILE to write the figures to', 'none'],
  out: ['Parent folder for results; --no-out for none', 'runs'],
  list: ['List the runs, each with its question', ''],
} as const;

export function loadProgram(wiring: LoadWiring): Program {
  return {
    name: 'load',
    typed: TYPED,
    async parse(argv, context) {
      let outcome: CommandLine | undefined;
      const parser = strictParser(TYPED, context.version).command(
        '$0 [RUN]',
        'Puts load on the view, and checks every row of its tables afterwards.',
        (builder) => {
          described(builder, OWN_FLAGS);
          describedRunFlags(builder, LOCAL_FLAGS);
          builder.option('world', {
            describe: 'local (this machine) or aws (a deployed stack)',
            defaultDescription: 'local',
          });
          describedRunFlags(builder, OF_AWS_ALONE, FLAGS.stage.group);
          return builder
            .usage(`RUN is one of these, or a file like them:\n\n${runsText()}`)
            .example([
              ['$0 smoke', 'half a minute: does everything work together?'],
              ['$0 ramp --shards 4', 'where is the knee, with four shards?'],
              ['$0 hot-key --handler my-handler.ts', 'your own handler'],
              ['$0 steady --duration 20s --json figures.json', 'shorter, for a program to read'],
              [
                '$0 smoke --world aws --stage sim --clean',
                'on a deployed stack (docs/operations/aws.md)',
              ],
            ])
            .epilogue(
              'Exit status: 0 converged and within the thresholds, 2 diverged or a threshold failed, ' +
                '3 unknown, 64 wrong usage, 69 a server could not be started, 70 a bug of ours, 130 Ctrl-C.',
            );
        },
        (given) => {
          outcome = {
            kind: 'work',
            work: read(given, argv, context, context.workloadDefaults, wiring),
          };
        },
      );
      parser.command(
        'bundle',
        'Prepare the runs for workers elsewhere (run-fargate, run-lambda)',
        describeBundle,
        (given) => {
          outcome = { kind: 'work', work: readBundle(given, context, wiring.environment) };
        },
      );
      return parseWith(parser, argv, () => outcome);
    },
  };
}

function read(
  given: Given,
  argv: readonly string[],
  words: Words,
  defaults: WorkloadDefaults,
  wiring: LoadWiring,
): Work {
  const known = RUN_FLAGS.map((key) => FLAGS[key].name);
  refuse(given, [...Object.keys(OWN_FLAGS), ...known, 'world', 'RUN'], 0);
  if (given['list'] !== undefined) {
    return async ({ print }) => {
      print(runsText());
      return 0;
    };
  }
  const name = given['RUN'];
  if (typeof name !== 'string') {
    const names = listRuns().map((run) => run.name);
    throw new SimulatorError('usage', `which run? One of ${names.join(', ')}; see --list`);
  }
  const take = taker(given, words.cwd);
  const world = take('world', choice(WORLDS), 'local');
  const seed = take('seed', text, undefined) ?? words.drawSeed();
  const base = defaultOptions({ seed, count: 1, shuffle: false }, defaults);
  const chosen = RUN_FLAGS.map((key) => [
    key,
    take<unknown, unknown>(FLAGS[key].name, FLAGS[key].read, base[key]),
  ]);
  // Each was read by its flag, to a value of its type.
  const run: RunOptions = { ...base, ...Object.fromEntries(chosen), world };
  checkDeployed(given, run);
  const json = take('json', text, undefined);
  const options: LoadOptions = {
    file: findRun(name, words.cwd),
    durationMs: take('duration', duration, undefined),
    json: json === undefined ? undefined : path.resolve(words.cwd, json),
    out: take('out', folder, path.resolve(words.cwd, 'runs')),
    run,
    repeat: [
      TYPED,
      ...argv.map(shellQuoted),
      ...(given['seed'] === undefined ? ['--seed', seed] : []),
    ].join(' '),
  };
  return async (context) => (await import('../load.ts')).load(options, wiring, context);
}

function describedRunFlags(
  parser: Argv,
  keys: readonly (keyof RunOptions)[],
  group?: string,
): void {
  for (const key of keys) {
    const { name, describe, byDefault: defaultDescription } = FLAGS[key];
    parser.option(name, { describe, defaultDescription, ...(group && { group }) });
  }
}

function runsText(): string {
  return listRuns()
    .map(({ name, question }) => `  ${name.padEnd(9)}${question}\n`)
    .join('');
}
