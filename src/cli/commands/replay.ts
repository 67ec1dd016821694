/** `simulate replay`: repeats the run of a stored counterexample, step by step. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SimulatorError } from '../../simulator/model/errors.ts';
import type { RunOptions } from '../../simulator/model/run-options.ts';
import { failureText } from '../../simulator/report/failure-text.ts';
import type { Scenario } from '../../simulator/search/scenario.ts';
import type { AnyWorkload } from '../../simulator/workload/load-workload.ts';
import { defineCommand, type ReadContext, type WorkContext } from '../command.ts';
import { EXIT_OF_VERDICT } from '../exit-status.ts';
import { fixed, type OptionValues, type Reader, refused, unset } from '../options/option.ts';
import { toggle } from '../options/shared-options.ts';
import { choice, text } from '../options/values.ts';

const textOrNone: Reader<string | false> = (written, place) =>
  written === false ? written : text(written, place);

const OPTIONS = {
  trace: toggle('Print each request, and what it stored, as well'),
  world: {
    describe: 'memory, or local: the same puts and deliveries against real servers',
    read: choice(['memory', 'local']),
    ...fixed('memory'),
  },
  mutant: {
    describe: 'Plant this bug in the handler, by its name in `mutants`; --no-mutant plants none',
    read: textOrNone,
    ...unset('the one in the file, if any'),
  },
};

export const replay = defineCommand({
  name: 'replay',
  summary: 'Repeat a run that failed',
  description: 'Repeats the run of a counterexample, step by step.',
  args: [{ name: 'file', describe: 'A counterexample that `explore` or `mutants` stored' }],
  options: OPTIONS,
  examples: [
    ['replay runs/latest/counterexample.json', 'does it still fail?'],
    ['replay runs/latest/counterexample.json --trace', 'why?'],
    ['replay runs/latest/counterexample.json --world local', 'on real servers, too?'],
  ],
  exits: {
    0: 'it converged',
    2: 'it still fails',
    3: 'unknown',
    69: "a server can't be started",
  },
  read,
  handlerHere: ({ file }) => handlerIn(file),
  async start(options, context) {
    const { file, world } = options;
    const counterexample = readText(file);
    const { labelsOf } = await import('../../simulator/search/document.ts');
    const { kind, ...labels } = labelsOf(counterexample);
    const mutant = options.mutant === false ? undefined : (options.mutant ?? labels.mutant);
    if (mutant !== undefined && world === 'local') {
      throw new SimulatorError(
        'usage',
        `${file} fails with the planted bug ${mutant}, and workers have the shipped handler: ` +
          'add --no-mutant, or leave out --world local',
      );
    }
    if (mutant !== undefined) {
      // Before anything loads the handler.
      (await import('../../simulator/mutation/plant.ts')).plantByName(mutant);
    }
    const replayed = kind === 'schedule' ? replaySchedule : replayScenario;
    return replayed(counterexample, { ...options, mutant }, context);
  },
});

function read(values: OptionValues<typeof OPTIONS>, { args, cwd, place }: ReadContext) {
  if (values.mutant && values.world === 'local') {
    const text = '--mutant needs --world memory: worker processes have the shipped handler';
    throw refused(place('mutant'), text);
  }
  return { ...values, file: path.resolve(cwd, args['file'] ?? '') };
}

/** Of the scenario, if it is one: what is wrong with the file is said later. */
function handlerIn(file: string): string | undefined {
  try {
    const { options } = JSON.parse(readFileSync(file, 'utf8'));
    return typeof options.handler === 'string' ? options.handler : undefined;
  } catch {
    return undefined;
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new SimulatorError('usage', `${file} can't be read: ${(error as Error).message}`);
  }
}

/** `mutant`: the bug to plant in the handler, by its name; undefined: none. */
type Replayed = Omit<ReturnType<typeof read>, 'mutant'> & { readonly mutant: string | undefined };

async function replayScenario(
  text: string,
  options: Replayed,
  context: WorkContext,
): Promise<number> {
  const { file, trace, world, mutant } = options;
  const { print } = context;
  const [{ check }, { parseScenario }, { traceScenario }, { formatScenarioTable, formatTrace }] =
    await Promise.all([
      import('../../simulator/mutation/hunt.ts'),
      import('../../simulator/search/scenario-file.ts'),
      import('../../simulator/search/trace.ts'),
      import('../../simulator/search/trace-text.ts'),
    ]);
  const scenario = parseScenario(text, file);
  const workload = await workloadOf(scenario, scenario.options.workload, file);
  print(`${formatScenarioTable(scenario, workload)}\n`);
  if (world === 'local') return replayLocally(scenario, workload, context);
  const traced = await traceScenario(scenario, { workload, bundle: context.bundle });
  const { verdict } = traced.outcome;
  print(`${formatTrace(traced, trace)}\n${verdict}\n`);
  if (mutant === undefined) return EXIT_OF_VERDICT[verdict];
  const caught = await check(scenario, workload);
  const by = caught && `caught by ${caught.check}: ${failureText(caught.failure)}`;
  print(`${by ?? 'not caught'}\n`);
  return EXIT_OF_VERDICT[caught === undefined ? verdict : 'diverged'];
}

/** Puts and deliveries can be repeated on real servers; which request meets which fault can't. */
const LOCAL_FAULTS: RunOptions['faultProfile'] = { name: 'none', ratios: {} };

async function replayLocally(
  scenario: Scenario,
  workload: AnyWorkload,
  { print, signal, run, bundle }: WorkContext,
): Promise<number> {
  const [
    { deliverRecorded },
    { recordDeliveries },
    { formatDeliveries },
    { inputOf, runScenario },
  ] = await Promise.all([
    import('../../simulator/run/deliver/recorded.ts'),
    import('../../simulator/search/deliveries.ts'),
    import('../../simulator/search/deliveries-text.ts'),
    import('../../simulator/search/run-scenario.ts'),
  ]);
  const recorder = recordDeliveries();
  const inMemory = await runScenario(scenario, { workload, bundle, readers: [recorder.read] });
  const { source, pushes } = inputOf(scenario);
  const recorded = recorder.recorded(pushes);
  // In one shard any records can share a batch, whatever shards the memory world had.
  const place = { world: 'local', shards: 1, faultProfile: LOCAL_FAULTS } as const;
  const { verdict, failures, figures } = await run(
    { ...scenario.options, ...place },
    {
      ...{ readers: [], signal, repeat: '' },
      input: { source, pushes: recorded.pushes },
      deliver: deliverRecorded(recorded.batches),
    },
  );
  print(
    `${formatDeliveries(recorded, figures.delivery.outcomes)}\n${inMemory.verdict} in memory\n` +
      `${verdict} in the local world\n${failures.map((failure) => `  ${failureText(failure)}\n`).join('')}`,
  );
  return EXIT_OF_VERDICT[verdict];
}

/** A schedule that the exhaustive search has found. */
async function replaySchedule(
  text: string,
  { file, trace, world }: Replayed,
  { print }: WorkContext,
): Promise<number> {
  const [{ repeatSchedule }, { parseSchedule }, { formatEvents, formatRepeated }] =
    await Promise.all([
      import('../../simulator/search/exhaustive/repeat.ts'),
      import('../../simulator/search/exhaustive/schedule-file.ts'),
      import('../../simulator/search/exhaustive/schedule-text.ts'),
    ]);
  const schedule = parseSchedule(text, file);
  const workload = await workloadOf(schedule, undefined, file);
  if (world === 'local') {
    throw new SimulatorError(
      'usage',
      `${file} is a schedule of single requests, which takes --world memory: real servers can't repeat their order`,
    );
  }
  const repeated = await repeatSchedule({ workload, schedule });
  const verdict = repeated.failure === undefined ? 'converged' : 'diverged';
  print(
    `${formatEvents(schedule.events, workload)}${formatRepeated(repeated, schedule, workload, trace)}\n${verdict}\n`,
  );
  return EXIT_OF_VERDICT[verdict];
}

async function workloadOf(
  { workload: name, events }: { readonly workload: string; readonly events: readonly unknown[] },
  reference: string | undefined,
  file: string,
): Promise<AnyWorkload> {
  const { loadWorkload } = await import('../../simulator/workload/load-workload.ts');
  const workload = await loadWorkload(reference);
  if (name !== workload.name) {
    const got = `${reference ?? 'the project'} has ${workload.name}`;
    throw new SimulatorError('usage', `${file} is of the workload ${name}, and ${got}`);
  }
  for (const [at, event] of events.entries()) {
    const wrong = workload.eventError?.(event);
    if (wrong === undefined) continue;
    throw new SimulatorError('usage', `${file} is not valid: events.${at}: ${wrong}`);
  }
  return workload;
}
