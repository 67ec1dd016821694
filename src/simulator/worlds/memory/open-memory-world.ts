/** Opens the deterministic world with the handler that a run is about: the shipped one, or somebody's. */
import type { Log } from '../../../handler/ports.ts';
import { type FunctionInStack, readFunctionDefinition } from '../../../stack/definitions.ts';
import { type TableInput, tableInputs } from '../../../stack/tables.ts';
import type { Guard } from '../../check/invariants.ts';
import { isArtifact } from '../../execution/artifact.ts';
import { HandlerUnusable } from '../../execution/process/worker.ts';
import type { Environment } from '../../execution/virtual/environment.ts';
import type { LoadedHandler } from '../../execution/virtual/function.ts';
import type { Loop } from '../../execution/virtual/loop.ts';
import type { RequestPath } from '../../execution/virtual/request-path.ts';
import { loadShippedHandler } from '../../execution/virtual/shipped.ts';
import type { History } from '../../history/history.ts';
import type { Random } from '../../model/random.ts';
import type { RunOptions } from '../../model/run-options.ts';
import type { TableDefinition } from '../../model/workload.ts';
import type { World } from '../world.ts';
import { openMemoryWorld } from './memory-world.ts';
import type { Circumstances } from './overrides.ts';

export interface MemoryParts {
  readonly options: RunOptions;
  readonly history: History;
  readonly loop: Loop;
  readonly tables: readonly TableDefinition[];
  readonly guard: Pick<Guard<never>, 'wrote' | 'committed'> | undefined;
  readonly circumstances?: Circumstances;
}

const STAGE = 'memory';
const OUTPUT_LINES_MAX = 50;

/** Made once for each workload: a search opens many worlds. */
const inputs = new WeakMap<readonly TableDefinition[], readonly TableInput[]>();

function inputsOf(tables: readonly TableDefinition[]): readonly TableInput[] {
  const known = inputs.get(tables) ?? tableInputs(tables, STAGE);
  inputs.set(tables, known);
  return known;
}

let definition: FunctionInStack | undefined;

function functionOf(): FunctionInStack {
  definition ??= readFunctionDefinition(STAGE);
  return definition;
}

/** Rejects with `HandlerUnusable`. */
export async function openMemory(parts: MemoryParts): Promise<World> {
  const { options, history, loop, tables, guard } = parts;
  const host = options.handler === undefined ? shippedHost(parts) : await foreignHost(parts);
  return openMemoryWorld({
    options,
    history,
    loop,
    guard,
    stage: STAGE,
    tables: inputsOf(tables),
    function: functionOf(),
    circumstances: parts.circumstances,
    ...host,
  });
}

interface Host {
  load(
    environment: Environment,
    requestPath: RequestPath,
    random: Random,
  ): LoadedHandler | Promise<LoadedHandler>;
  readonly notes: Iterable<string>;
  readonly output: readonly string[];
  hasEscaped?(): boolean;
  close?(): void;
}

function shippedHost({ circumstances, history }: MemoryParts): Host {
  const { load = loadShippedHandler, handlerLimits = {} } = circumstances ?? {};
  // A search asks for itself, a million times.
  const situation =
    circumstances === undefined
      ? (name: string) => history.record({ type: 'situation-reached', situation: name })
      : circumstances.situation;
  const output: string[] = [];
  const say =
    (level: string) =>
    (message: string, fields: object): void => {
      output.push(JSON.stringify({ level, message, ...fields }));
      if (output.length > OUTPUT_LINES_MAX) output.shift();
    };
  const log: Log = { warn: say('WARN'), error: say('ERROR'), counted: () => {} };
  return {
    load: (environment, requestPath, random) =>
      load(environment, requestPath, random, {
        stage: STAGE,
        log,
        limits: handlerLimits,
        situation,
      }),
    notes: [],
    output,
  };
}

/** Loaded when it is needed: it takes the SDK, and hooks into the process. */
async function foreignHost({ options, loop, tables }: MemoryParts): Promise<Host> {
  if (options.handler !== undefined && isArtifact(options.handler)) {
    throw new HandlerUnusable(
      `${options.handler} brings its own SDK, into which --world memory can't plug: use --world local`,
    );
  }
  const { openForeignHost } = await import('../../execution/virtual/foreign.ts');
  const names = tables.map(({ name, environmentVariable }) => [
    environmentVariable,
    `${STAGE}-${name}`,
  ]);
  return openForeignHost({
    reference: options.handler ?? '',
    variables: {
      ...Object.fromEntries(names),
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'memory',
      AWS_SECRET_ACCESS_KEY: 'memory',
      AWS_LAMBDA_FUNCTION_NAME: 'winner-view',
    },
    loop,
  });
}
