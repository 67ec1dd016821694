/** The runs: artillery scripts, each of which says in its first line what it asks. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { parse } from 'yaml';
import { quoted } from '../src/cli/values.ts';
import { SimulatorError } from '../src/simulator/model/errors.ts';
import { readScript } from './engine/script.ts';

export interface RunFile {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** What it asks. */
  readonly question: string;
}

/** As artillery has it, with the durations in whole seconds. */
export type Phase = v.InferOutput<typeof PhaseSchema>;

const SECONDS = "must say its phases' durations in whole seconds";
const PhaseSchema = v.looseObject({
  duration: v.pipe(v.number(SECONDS), v.integer(SECONDS), v.minValue(1, SECONDS)),
});
const Phases = v.pipe(v.array(PhaseSchema, 'must be a list'), v.minLength(1, 'must not be empty'));

const FOLDER = fileURLToPath(new URL('./runs/', import.meta.url));
const ORDER = ['smoke', 'steady', 'ramp', 'burst', 'hot-key', 'soak'];

/** From the shortest to the longest. */
export function listRuns(): readonly RunFile[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.yml'))
    .map((file) => runFile(path.join(FOLDER, file)))
    .sort((left, right) => ORDER.indexOf(left.name) - ORDER.indexOf(right.name));
}

/** One of ours by its name, or any file. Throws a {@link SimulatorError}. */
export function findRun(given: string, folder: string): RunFile {
  const ours = listRuns().find(({ name }) => name === given);
  if (ours !== undefined) return ours;
  const file = path.resolve(folder, given);
  if (statSync(file, { throwIfNoEntry: false })?.isFile()) return runFile(file);
  const names = listRuns().map(({ name }) => name);
  throw new SimulatorError(
    'usage',
    `there is no run ${quoted(given)}, only ${names.join(', ')}, or a file`,
  );
}

/** Its phases, after everything else that it says to the engine was looked through. */
export function checkRun({ name, path: file }: RunFile): readonly Phase[] {
  const wrong = (what: string) => new SimulatorError('usage', `run ${name}: ${what}`);
  let script: unknown;
  try {
    script = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw wrong(`is no YAML: ${(error as Error).message.split('\n')[0]}`);
  }
  if (typeof script !== 'object' || script === null) throw wrong('is no artillery script');
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

/** The same phases in another time, each with its share; a second at least. */
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
    question: first.startsWith('#') ? first.replace(/^#\s*/, '') : 'a file of your own',
  };
}
