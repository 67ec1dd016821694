/** The command line of load runs. */
import path from 'node:path';
import { defineCommand, type Program } from '../../src/cli/command.ts';
import { fixed, type Option, unset } from '../../src/cli/options/option.ts';
import { checkWorld, resolveRun } from '../../src/cli/options/run-options.ts';
import { AWS_OPTIONS, RUN_OPTIONS } from '../../src/cli/options/run-table.ts';
import { OUT_OPTION, toggle } from '../../src/cli/options/shared-options.ts';
import { choice, duration, text } from '../../src/cli/options/values.ts';
import { SimulatorError } from '../../src/simulator/model/errors.ts';
import type { LoadOptions, LoadWiring } from '../load.ts';
import { findRun, listRuns } from '../runs/run-files.ts';
import { bundleCommand } from './bundle-command.ts';

/** The worlds with a stream that others can put to. */
const WORLDS = ['local', 'aws'] as const;

const OPTIONS = {
  duration: {
    describe: 'Total time of puts, such as 10s or 5m; each phase keeps its share',
    read: duration,
    ...unset("the run's own"),
  },
  seed: {
    describe: 'Any text; the same seed makes the same events',
    read: text,
    ...unset('drawn and printed'),
  },
  json: { describe: 'FILE to write the figures to', read: text, ...unset() },
  out: OUT_OPTION,
  list: toggle('List the runs, each with its question'),
  handler: locally(RUN_OPTIONS.handler),
  shards: locally(RUN_OPTIONS.shards),
  batchSize: locally(RUN_OPTIONS.batchSize),
  parallelizationFactor: locally(RUN_OPTIONS.parallelizationFactor),
  world: {
    describe: 'local (this machine) or aws (a deployed stack)',
    read: choice(WORLDS),
    ...fixed('local'),
  },
  ...AWS_OPTIONS,
};

function locally<Of extends Option<unknown>>(option: Of) {
  const { group: _, ...rest } = option;
  return { ...rest, worlds: ['local'] } as const;
}

export function loadProgram(wiring: LoadWiring): Program {
  const load = defineCommand({
    summary: 'Puts load on the view, and checks every row of its tables afterwards.',
    description:
      'Puts load on the view, and checks every row of its tables afterwards.\n\n' +
      `RUN is one of these, or a file like them:\n\n${runsText()}`,
    args: [{ name: 'run', describe: 'A run by its name, or a file', byDefault: 'see --list' }],
    options: OPTIONS,
    examples: [
      ['smoke', 'half a minute: does everything work together?'],
      ['ramp --shards 4', 'where is the knee, with four shards?'],
      ['hot-key --handler my-handler.ts', 'your own handler'],
      ['steady --duration 20s --json figures.json', 'shorter, for a program to read'],
      ['smoke --world aws --stage sim --clean', 'on a deployed stack (docs/operations/aws.md)'],
    ],
    exits: {
      0: 'converged and within the thresholds',
      2: 'diverged, or a threshold failed',
      3: 'unknown',
      69: "a server can't be started or reached",
    },
    read(values, context): LoadOptions | undefined {
      if (values.list) return undefined;
      const { run: name } = context.args;
      if (name === undefined) {
        const names = listRuns().map((run) => run.name);
        throw new SimulatorError('usage', `which run? One of ${names.join(', ')}; see --list`);
      }
      const seed = values.seed ?? context.drawSeed();
      const run = resolveRun({ ...values, count: 1 }, seed);
      checkWorld(run, context);
      return {
        file: findRun(name, context.cwd),
        durationMs: values.duration,
        json: values.json === undefined ? undefined : path.resolve(context.cwd, values.json),
        out: values.out,
        run,
        repeat: values.seed === undefined ? `${context.typed} --seed ${seed}` : context.typed,
      };
    },
    async start(options, context) {
      if (options !== undefined) {
        return (await import('../load.ts')).load(options, wiring, context);
      }
      context.print(runsText());
      return 0;
    },
  });
  const commands = [load, bundleCommand(wiring.environment)];
  return { name: 'load', typed: 'npm run load --', commands, common: {} };
}

function runsText(): string {
  return listRuns()
    .map(({ name, question }) => `  ${name.padEnd(9)}${question}\n`)
    .join('');
}
