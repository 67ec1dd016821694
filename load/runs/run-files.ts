/** The runs: artillery scripts, each with the question that it answers in its first line. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { parse } from 'yaml';
import { quoted } from '../../src/cli/options/values.ts';
import { SimulatorError } from '../../src/simulator/model/errors.ts';
import { readScript } from '../engine/script.ts';

export interface RunFile {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly question: string;
}

/** A phase of artillery's, with its duration in whole seconds. */
export type Phase = v.InferOutput<typeof PhaseSchema>;

const SECONDS = "must say its phases' durations in whole seconds";
const PhaseSchema = v.looseObject({
  duration: v.pipe(v.number(SECONDS), v.integer(SECONDS), v.minValue(1, SECONDS)),
});
const Phases = v.pipe(v.array(PhaseSchema, 'must be a list'), v.minLength(1, 'must not be empty'));

const FOLDER = import.meta.dirname;
const ORDER = ['smoke', 'steady', 'ramp', 'burst', 'hot-key', 'soak'];

/** From the shortest to the longest. */
export function listRuns(): readonly RunFile[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.yml'))
    .map((file) => runFile(path.join(FOLDER, file)))
    .sort((left, right) => ORDER.indexOf(left.name) - ORDER.indexOf(right.name));
}

/** One of these runs by its name, or any file. Throws a {@link SimulatorError}. */
export function findRun(nameOrFile: string, folder: string): RunFile {
  const known = listRuns().find(({ name }) => name === nameOrFile);
  if (known !== undefined) return known;
  const file = path.resolve(folder, nameOrFile);
  if (statSync(file, { throwIfNoEntry: false })?.isFile()) return runFile(file);
  const names = listRuns().map(({ name }) => name);
  throw new SimulatorError(
    'usage',
    `there is no run ${quoted(nameOrFile)}, only ${names.join(', ')}, or a file`,
  );
}

/** Checks the script, and returns its phases. Throws a {@link SimulatorError}. */
export function checkRun({ name, path: file }: RunFile): readonly Phase[] {
  const wrong = (what: string) => new SimulatorError('usage', `run ${name}: ${what}`);
  let script: unknown;
  try {
    script = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw wrong(`is not valid YAML: ${(error as Error).message.split('\n')[0]}`);
  }
  if (typeof script !== 'object' || script === null) throw wrong('is not an artillery script');
  let scenarios: readonly unknown[];
  try {
    ({ scenarios } = readScript(script));
  } catch (error) {
    if (!(error instanceof SimulatorError)) throw error;
    throw wrong(error.message);
  }
  if (scenarios.length === 0) throw wrong('has no scenario with engine: kinesis');
  const phases = v.safeParse(Phases, (script as { config?: { phases?: unknown } }).config?.phases);
  if (!phases.success) throw wrong(`config.phases ${phases.issues[0].message}`);
  return phases.output;
}

/** The same phases in another total time, each with its share of it and at least a second. */
export function scaled(phases: readonly Phase[], durationMs: number | undefined): readonly Phase[] {
  if (durationMs === undefined) return phases;
  const factor = durationMs / 1000 / totalSeconds(phases);
  return phases.map((phase) => ({
    ...phase,
    duration: Math.max(1, Math.round(phase.duration * factor)),
  }));
}

export function totalSeconds(phases: readonly Phase[]): number {
  return phases.reduce((total, { duration }) => total + duration, 0);
}

function runFile(file: string): RunFile {
  const [first = ''] = readFileSync(file, 'utf8').split('\n', 1);
  return {
    name: path.basename(file).replace(/\.ya?ml$/, ''),
    path: file,
    question: first.startsWith('#') ? first.replace(/^#\s*/, '') : 'your own file',
  };
}
