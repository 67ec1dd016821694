/** `simulate`: one run, from its options to its verdict, its reports and the folder that it leaves. */
import { closeSync, openSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { errorKind, SimulatorError } from '../../simulator/model/errors.ts';
import type { RunOptions } from '../../simulator/model/run-options.ts';
import type { RunResult } from '../../simulator/model/run-result.ts';
import type { KeptRun } from '../../simulator/runs/store.ts';
import { defineCommand, type WorkContext } from '../command.ts';
import { EXIT_OF_FAILURE, EXIT_OF_VERDICT } from '../exit-status.ts';
import { type Reader, refused, unset } from '../options/option.ts';
import { checkWorld, entitiesOf, repeatCommand, resolveRun } from '../options/run-options.ts';
import { ENTITY_OPTIONS, RUN_OPTIONS } from '../options/run-table.ts';
import { OUT_OPTION, toggle } from '../options/shared-options.ts';
import { choice, wrong } from '../options/values.ts';

export interface RunCommand {
  readonly options: RunOptions;
  readonly reporters: readonly Reporter[];
  /** The parent of the folder that is left, absolute; undefined: none is. */
  readonly out: string | undefined;
  /** The configuration file as the header shows it; undefined: none was read. */
  readonly config: string | undefined;
}

export interface Reporter {
  readonly name: (typeof REPORTERS)[number];
  /** Absolute; undefined: stdout, of `github` the job's summary. */
  readonly file: string | undefined;
}

const REPORTERS = ['json', 'junit', 'github'] as const;

const readReporter: Reader<readonly Reporter[]> = (written, place) => {
  const [word = '', file] = typeof written === 'string' ? written.split(/=(.*)/s) : [];
  const name = choice(REPORTERS)(typeof written === 'string' ? word : written, place);
  if (file === undefined) return [{ name, file }];
  if (file === '') throw wrong(place, 'NAME=FILE, such as --reporter junit=junit.xml', written);
  if (name === 'github') {
    throw refused(place, '--reporter github takes no file: it writes to GITHUB_STEP_SUMMARY');
  }
  return [{ name, file: path.resolve(place.folder, file) }];
};

const OUTPUT = 'Output';
const OPTIONS = {
  ...RUN_OPTIONS,
  ...ENTITY_OPTIONS,
  json: { group: OUTPUT, ...toggle('Short for --reporter json') },
  reporter: {
    group: OUTPUT,
    describe:
      'NAME[=FILE]: json or junit, alone on stdout or to FILE; github: annotations, and the summary of the job. ' +
      'May be repeated',
    ...unset('text'),
    read: readReporter,
    join: (all: readonly Reporter[], more: readonly Reporter[]) => [...all, ...more],
  },
  out: { group: OUTPUT, ...OUT_OPTION },
};

export const run = defineCommand({
  summary: 'Run the simulation',
  description:
    'Puts a disordered history on a stream, has a handler apply it, and proves that its tables are right.',
  options: OPTIONS,
  examples: [
    ['', '1000 events in order'],
    ['--shuffle --count 10000', 'the main job: shuffled, copied and delayed'],
    ['--shuffle --shards 4 --parallelization-factor 4 --repeat-delivery 0.2', 'harder'],
    ['--shuffle --handler my-handler.ts#handle', 'your own handler'],
    ['--shuffle --kill 5 --fault throttled=0.05', 'crashes, and a DynamoDB that throttles'],
    ['--world memory --shuffle --faults heavy', 'everything at once, on a virtual clock'],
    ['--world aws --stage dev --shuffle --clean', 'against a deployed stack'],
    ['--shuffle --seed S --json > result.json', 'for a program to read'],
    ['--shuffle --reporter github --reporter junit=junit.xml', 'in CI'],
  ],
  exits: {
    0: 'converged',
    2: 'diverged',
    3: "unknown (a limit was reached, or something that was asked for didn't happen)",
    69: "a server can't be started or reached, or a result can't be written",
  },
  read(values, context): RunCommand {
    const { json, reporter = [], out, seed = context.drawSeed() } = values;
    const options = resolveRun({ ...values, entity: entitiesOf(values, context) }, seed);
    checkWorld(options, context);
    const reporters = json ? [...reporter, { name: 'json', file: undefined } as const] : reporter;
    const onStdout = new Set(reporters.filter(isOnStdout).map(({ name }) => name));
    if (onStdout.size > 1) {
      const right = 'give one of them a file, such as --reporter junit=junit.xml';
      throw refused(
        context.place('reporter'),
        `json and junit exclude each other on stdout: ${right}`,
      );
    }
    const { file, ignored = [] } = context.config ?? {};
    const note = `(no effect with --world ${options.world}: ${ignored.join(', ')})`;
    const config = ignored.length > 0 ? `${file} ${note}` : file;
    return { options, reporters, out, config };
  },
  repeat,
  handlerHere: ({ options }) => (options.world === 'memory' ? options.handler : undefined),
  async handlerFailed(command, failure, context) {
    const { resultWithout } = await import('../../simulator/run/result-without.ts');
    const result = resultWithout(command.options, failure, repeat(command));
    const reporters = withFiles(command.reporters, context);
    for (const text of await report(result, reporters, context)) {
      context.io.stderr.write(`simulate: ${text}\n`);
    }
    return EXIT_OF_VERDICT[result.verdict];
  },
  async start(command, context) {
    const { options, out, config } = command;
    const { io, signal, styleOf } = context;
    const { stdout, stderr } = io;
    const [{ createProgress }, { formatHeader }] = await Promise.all([
      import('../progress.ts'),
      import('../../simulator/report/terminal.ts'),
    ]);
    const reporters = withFiles(command.reporters, context);
    checkWritable(reporters);
    const info = reporters.some(isOnStdout) ? stderr : stdout;
    info.write(formatHeader(options, styleOf(info), config));
    const { isTerminal } = context;
    const { colour } = styleOf(stderr);
    const progress = createProgress(stderr, { terminal: isTerminal, colour }, options);
    signal.addEventListener('abort', progress.stop, { once: true });
    let kept: KeptRun | undefined;
    try {
      if (out !== undefined) kept = (await io.keep?.())?.run(out, options.seed);
      const result = await context.run(options, {
        readers: [progress.read, ...(kept?.readers ?? [])],
        observer: kept?.observer,
        signal,
        repeat: repeat(command),
      });
      progress.stop();
      // A result that comes after Ctrl-C is not reported.
      signal.throwIfAborted();
      const failures = await report(result, reporters, context);
      try {
        await kept?.finish(result);
        if (kept) info.write(`\nKept: ${path.relative(io.cwd, kept.path)} (report.html)\n`);
      } catch (error) {
        failures.push(`${kept?.path} is incomplete: ${(error as Error).message}`);
      }
      for (const failure of failures) stderr.write(`simulate: ${failure}\n`);
      // A full disk doesn't change a verdict, but a pass whose reports are missing is not reported as one.
      const isUnreported = failures.length > 0 && result.verdict === 'converged';
      return isUnreported ? EXIT_OF_FAILURE.unavailable : EXIT_OF_VERDICT[result.verdict];
    } catch (error) {
      // A usage error, such as a handler that can't be loaded, leaves no run.
      if (errorKind(error) === 'usage') kept?.discard();
      else kept?.interrupted();
      throw error;
    } finally {
      progress.stop();
    }
  },
});

/** Its options include those of the configuration file. */
function repeat({ options, config }: RunCommand): string {
  return `${repeatCommand(options)}${config === undefined ? '' : ' --no-config'}`;
}

/** Of `github`, the file is the summary of the job. */
function withFiles(reporters: readonly Reporter[], { io }: WorkContext): readonly Reporter[] {
  return reporters.map(({ name, file }) => {
    return { name, file: name === 'github' ? io.env['GITHUB_STEP_SUMMARY'] || undefined : file };
  });
}

function isOnStdout({ name, file }: Reporter): boolean {
  return name !== 'github' && file === undefined;
}

/** Before the run, not after it. Throws a `SimulatorError` in one line. */
function checkWritable(reporters: readonly Reporter[]): void {
  for (const { name, file } of reporters) {
    if (file === undefined) continue;
    try {
      closeSync(openSync(file, 'a'));
    } catch (error) {
      const from = name === 'github' ? 'GITHUB_STEP_SUMMARY' : `--reporter ${name}`;
      throw new SimulatorError('usage', `${from}: ${(error as Error).message}`);
    }
  }
}

/** Returns what could not be written, a line each. */
async function report(
  result: RunResult,
  reporters: readonly Reporter[],
  { io, style }: WorkContext,
): Promise<string[]> {
  const failures: string[] = [];
  for (const { name, file } of reporters) {
    const text = await textOf(name, result, io);
    if (file === undefined) {
      if (name !== 'github') io.stdout.write(text);
      continue;
    }
    try {
      writeFileSync(file, text, { flag: name === 'github' ? 'a' : 'w' });
    } catch (error) {
      failures.push(`${file} can't be written: ${(error as Error).message}`);
    }
  }
  if (!reporters.some(isOnStdout)) {
    const { formatResult } = await import('../../simulator/report/terminal.ts');
    io.stdout.write(formatResult(result, style));
  }
  return failures;
}

async function textOf(
  name: Reporter['name'],
  result: RunResult,
  { stderr }: WorkContext['io'],
): Promise<string> {
  switch (name) {
    case 'json':
      return (await import('../../simulator/report/json.ts')).formatJson(result);
    case 'junit': {
      const { formatJunit, junitCases } = await import('../../simulator/report/junit.ts');
      return formatJunit('simulate', undefined, junitCases(result));
    }
    case 'github': {
      const github = await import('../../simulator/report/github.ts');
      stderr.write(github.formatAnnotations(result));
      return github.formatSummary(result);
    }
  }
}
