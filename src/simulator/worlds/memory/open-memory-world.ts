/** Opens the memory world with the handler of a run: the shipped one, or one from a file. */
import type { Log } from '../../../handler/ports.ts';
import type { TableInput } from '../../dynamodb/client/create-tables.ts';
import {
  type BuiltBundle,
  bundleForRun,
  type HandlerBundle,
  handlerSetting,
} from '../../execution/bundle-handler.ts';
import { createOutputTail } from '../../execution/output-tail.ts';
import type { Loop } from '../../execution/virtual/loop.ts';
import { loadShippedHandler } from '../../execution/virtual/shipped.ts';
import type { History } from '../../history/history.ts';
import type { NotSimulated } from '../../model/not-simulated.ts';
import type { RunOptions } from '../../model/run-options.ts';
import type { TableDefinition } from '../../model/workload.ts';
import { type FunctionInStack, readFunctionDefinition } from '../../stack-template.ts';
import { functionVariables } from '../function-variables.ts';
import { tableInputs } from '../table-inputs.ts';
import type { WorkloadOfWorld, World, WriteObserver } from '../world.ts';
import { createMemoryWorld, type HandlerHost, type NotSimulatedSignal } from './memory-world.ts';
import type { Overrides } from './overrides.ts';

export interface OpenMemoryWorldParts {
  readonly options: RunOptions;
  readonly history: History;
  readonly loop: Loop;
  readonly workload: WorkloadOfWorld;
  readonly bundle: HandlerBundle | undefined;
  readonly invariants: WriteObserver | undefined;
  readonly overrides: Overrides | undefined;
}

const STAGE = 'memory';

/** Rejects with `HandlerUnusable`. */
export async function openMemoryWorld(parts: OpenMemoryWorldParts): Promise<World> {
  const { options, history, loop, workload, invariants, overrides = {} } = parts;
  const { handler } = options;
  const { tables } = workload;
  const notSimulated = Promise.withResolvers<NotSimulated>();
  const host =
    handler === undefined
      ? createShippedHost(tables, overrides, history)
      : await openFileHost({ ...parts, handler, notSimulated });
  return createMemoryWorld({
    ...{ options, history, loop, host, invariants, overrides, notSimulated },
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
    load: (environment, { requestPath }, random) =>
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

interface FileHostParts {
  /** The handler in one file; it is built unless it is there. */
  readonly bundle: HandlerBundle | undefined;
  readonly handler: string;
  readonly options: RunOptions;
  readonly workload: WorkloadOfWorld;
  readonly history: History;
  readonly loop: Loop;
  readonly notSimulated: NotSimulatedSignal;
}

async function openFileHost(parts: FileHostParts): Promise<HandlerHost> {
  const { handler, workload, history, loop, notSimulated } = parts;
  // It loads a compiler and hooks into the process, which no other run needs.
  const { openBundleHost } = await import('../../execution/virtual/bundle-host.ts');
  const built = parts.bundle === undefined ? await bundleForRun(handler) : undefined;
  const bundle = parts.bundle ?? (built as BuiltBundle);
  const host = openBundleHost({
    ...{ bundle, loop, seed: parts.options.seed },
    variables: functionVariables({
      workload,
      memoryMb: functionInStack().memoryMb,
      taskRoot: process.cwd(),
      handler: handlerSetting(bundle),
      tableName: (name) => `${STAGE}-${name}`,
    }),
    services: workload.services ?? {},
    requested: ({ service, operation }, worker, invocation) =>
      history.append({ type: 'service-requested', worker, invocation, service, operation }),
    notSimulated: notSimulated.resolve,
  });
  return {
    load: host.load,
    notes: host.notes,
    output: host.output,
    hasEscaped: host.hasEscaped,
    close() {
      host.close();
      built?.remove();
    },
  };
}
