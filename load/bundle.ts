/**
 * `npm run load -- bundle`: makes a folder for artillery's workers on other machines. It has the engine as one
 * file, in a package that npm installs without a registry, and the runs with their stream and mark.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { parseDocument } from 'yaml';
import type { WorkContext } from '../src/cli/command.ts';
import { shellQuoted } from '../src/cli/options/run-options.ts';
import { pauseOf } from '../src/ops/pause.ts';
import { openStack } from '../src/ops/stack/open-stack.ts';
import { SimulatorError } from '../src/simulator/model/errors.ts';
import type { SharedTables } from '../src/simulator/model/workload.ts';
import { winner } from '../src/simulator/workload/winner/winner.ts';
import { createOwnRows, marksOf } from '../src/simulator/worlds/own-rows.ts';
import { listRuns } from './runs/run-files.ts';

export interface BundleOptions {
  /** Of the stack whose stream the runs put to. */
  readonly stage: string;
  readonly seed: string;
  /** Identifies its rows. */
  readonly prefix: string;
  /** Remove rows of that prefix first. */
  readonly clean: boolean;
  /** The folder, absolute. */
  readonly out: string;
}

const ENGINE = fileURLToPath(new URL('./engine/engine.ts', import.meta.url));
/** The name under which artillery looks for the engine `kinesis`; it is not ours in any registry. */
const PACKAGE = 'artillery-engine-kinesis';
const ENGINE_FILES = ['engine/package.json', 'engine/engine.mjs'];

/** Resolves to the exit status. Refuses tables with rows that no simulation made. */
export async function bundle(
  options: BundleOptions,
  environment: NodeJS.ProcessEnv,
  { print, signal }: WorkContext,
): Promise<number> {
  const { stage, seed, prefix, clean, out } = options;
  const stack = await openStack(stage, environment);
  try {
    const { streamName, dynamoDb: client, kinesis, tableName } = stack;
    const { markOf } = winner.shared as SharedTables<never>;
    const own = createOwnRows({
      ...{ client, tables: winner.tables, tableName, markOf, prefix },
      pause: pauseOf(signal),
    });
    if (clean) await own.remove();
    await own.refuseOthers();
    const region = await kinesis.config.region();
    await writeBundle(out, {
      target: streamName,
      engine: { seed, region, mark: marksOf(prefix).rows },
    });
    const below = path.relative('', out);
    const folder = below.startsWith('..') ? out : below;
    print(nextSteps({ streamName, region, folder: shellQuoted(folder), stage, prefix }));
    return 0;
  } finally {
    stack.close();
  }
}

interface Settings {
  /** The stream's name. */
  readonly target: string;
  /** Of `config.engines.kinesis`. */
  readonly engine: Readonly<Record<string, string>>;
}

async function writeBundle(out: string, settings: Settings): Promise<void> {
  try {
    mkdirSync(path.join(out, 'engine'), { recursive: true });
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code;
    throw new SimulatorError('usage', `--out ${JSON.stringify(out)} can't be written to (${why})`);
  }
  const write = (file: string, text: string) => writeFileSync(path.join(out, file), text);
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  write(
    'package.json',
    json({ name: 'winner-view-load', private: true, dependencies: { [PACKAGE]: 'file:engine' } }),
  );
  write(
    'engine/package.json',
    json({ name: PACKAGE, version: '0.0.0', private: true, main: 'engine.mjs' }),
  );
  await build({
    entryPoints: [ENGINE],
    outfile: path.join(out, 'engine', 'engine.mjs'),
    bundle: true,
    minify: true,
    platform: 'node',
    // The oldest Node that artillery runs on.
    target: 'node22',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: {
      js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
    },
    legalComments: 'none',
    logLevel: 'error',
  });
  for (const run of listRuns()) {
    write(`${run.name}.yml`, runFor(readFileSync(run.path, 'utf8'), settings));
  }
}

/** The run's text with these settings; its comments stay. */
function runFor(text: string, { target, engine }: Settings): string {
  const document = parseDocument(text);
  document.setIn(['config', 'target'], target);
  for (const [name, value] of Object.entries(engine)) {
    document.setIn(['config', 'engines', 'kinesis', name], value);
  }
  document.setIn(['config', 'includeFiles'], ENGINE_FILES);
  return document.toString();
}

interface Made {
  readonly streamName: string;
  readonly region: string;
  readonly folder: string;
  readonly stage: string;
  readonly prefix: string;
}

function nextSteps({ streamName, region, folder, stage, prefix }: Made): string {
  const names = listRuns().map(({ name }) => name);
  return (
    `${folder}: ${names.join(', ')} on ${streamName} in ${region}; ids begin with ${marksOf(prefix).rows}\n` +
    `  npm run artillery -- run-fargate --region ${region} --count 4 ${folder}/steady.yml\n` +
    `  npx simulate audit --stage ${stage}\n` +
    `  npm run load -- bundle --stage ${stage} --prefix ${prefix} --clean\n`
  );
}
