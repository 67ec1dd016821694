/** Opens the memory world with the handler of a run: the shipped one, or one from a file. */
import type { Log } from '../../../handler/ports.ts';
import type { TableInput } from '../../dynamodb/client/create-tables.ts';
import { isArtifact } from '../../execution/artifact.ts';
import { HandlerUnusable } from '../../execution/handler-unusable.ts';
import { createOutputTail } from '../../execution/output-tail.ts';
import type { Loop } from '../../execution/virtual/loop.ts';
import { loadShippedHandler } from '../../execution/virtual/shipped.ts';
import type { History } from '../../history/history.ts';
import type { RunOptions } from '../../model/run-options.ts';
import type { TableDefinition } from '../../model/workload.ts';
import { type FunctionInStack, readFunctionDefinition } from '../../stack-template.ts';
import { tableInputs } from '../table-inputs.ts';
import type { World, WriteObserver } from '../world.ts';
import { createMemoryWorld, type HandlerHost } from './memory-world.ts';
import type { Overrides } from './overrides.ts';

export interface OpenMemoryWorldParts {
  readonly options: RunOptions;
  readonly history: History;
  readonly loop: Loop;
  readonly tables: readonly TableDefinition[];
  readonly invariants: WriteObserver | undefined;
  readonly overrides: Overrides | undefined;
}

const STAGE = 'memory';

/** Rejects with `HandlerUnusable`. */
export async function openMemoryWorld(parts: OpenMemoryWorldParts): Promise<World> {
  const { options, history, loop, tables, invariants, overrides = {} } = parts;
  const { handler } = options;
  const host =
    handler === undefined
      ? createShippedHost(tables, overrides, history)
      : await openFileHost(handler, loop, tables);
  return createMemoryWorld({
    ...{ options, history, loop, host, invariants, overrides },
    stage: STAGE,
    tables: inputsOf(tables),
    function: functionInStack(),
  });
}

/** Kept for each workload, because a search opens many worlds. */
const inputs = new WeakMap<readonly TableDefinition[], readonly TableInput[]>();

function inputsOf(tables: readonly TableDefinition[]): readonly TableInput[] {
  const known = inputs.get(tables) ?? tableInputs(tables, STAGE);
  inputs.set(tables, known);
  return known;
}

let definition: FunctionInStack | undefined;

function functionInStack(): FunctionInStack {
  definition ??= readFunctionDefinition(STAGE);
  return definition;
}

function createShippedHost(
  tables: readonly TableDefinition[],
  overrides: Overrides,
  history: History,
): HandlerHost {
  const { load = loadShippedHandler, handlerLimits = {} } = overrides;
  const situation =
    overrides.onSituation ??
    ((name: string) => history.append({ type: 'situation-reached', situation: name }));
  const output = createOutputTail();
  const write =
    (level: string) =>
    (message: string, fields: object): void =>
      output.add(JSON.stringify({ level, message, ...fields }));
  const log: Log = { warn: write('WARN'), error: write('ERROR'), counted: () => {} };
  return {
    load: (environment, requestPath, random) =>
      load(environment, requestPath, random, {
        stage: STAGE,
        tables,
        log,
        limits: handlerLimits,
        situation,
      }),
    notes: [],
    output: output.lines,
  };
}

async function openFileHost(
  handler: string,
  loop: Loop,
  tables: readonly TableDefinition[],
): Promise<HandlerHost> {
  if (isArtifact(handler)) {
    throw new HandlerUnusable(
      `${handler} contains its own SDK, which --world memory can't replace: use --world local`,
    );
  }
  // It loads the SDK and hooks into the process, which no other run needs.
  const { openForeignHost } = await import('../../execution/virtual/foreign.ts');
  const names = tables.map(({ name, environmentVariable }) => [
    environmentVariable,
    `${STAGE}-${name}`,
  ]);
  return openForeignHost({
    reference: handler,
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
