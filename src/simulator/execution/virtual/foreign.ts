/**
 * A foreign handler, unbundled, in the memory world: loaded anew for each environment, with virtual
 * time and randomness, and with its SDK clients connected to the simulated DynamoDB.
 */
import type { Random } from '../../model/random.ts';
import { callbackNote, callHandler } from '../call-handler.ts';
import { HandlerUnusable } from '../handler-unusable.ts';
import { type AnyHandler, loadHandler } from '../load-handler.ts';
import { createOutputTail } from '../output-tail.ts';
import { adaptClients } from './adapt-clients.ts';
import type { Environment } from './environment.ts';
import { installVirtualGlobals } from './globals.ts';
import { type Guest, runAsGuest } from './guest.ts';
import type { Loop } from './loop.ts';
import type { RequestPath } from './request-path.ts';
import type { LoadedHandler } from './simulated-worker.ts';
import { commonJsForgetter, installModuleHooks, newWorkerQuery } from './worker-modules.ts';

export interface ForeignHost {
  load(environment: Environment, requestPath: RequestPath, random: Random): Promise<LoadedHandler>;
  /** About the handler, each once. */
  readonly notes: Iterable<string>;
  /** The last lines that the handler printed. */
  readonly output: readonly string[];
  /** Whether an invocation did something that is not simulated. */
  hasEscaped(): boolean;
  /** Restores the process. */
  close(): void;
}

export interface ForeignParts {
  /** `FILE` or `FILE#EXPORT`. */
  readonly reference: string;
  /** Environment variables for the handler. */
  readonly variables: Readonly<Record<string, string>>;
  readonly loop: Loop;
}

/** One at a time in a process, as it changes globals. Rejects with `HandlerUnusable`. */
export async function openForeignHost(parts: ForeignParts): Promise<ForeignHost> {
  const { reference, variables, loop } = parts;
  const notes = new Set<string>();
  const output = createOutputTail();
  const requestPaths = new Map<Guest, RequestPath>();
  let hasEscaped = false;
  const undo = [
    setVariables(variables),
    installVirtualGlobals(),
    installModuleHooks(),
    await adaptClients(reference, requestPaths),
  ];
  const forgetCommonJs = commonJsForgetter();
  const escaped = (what: string): void => {
    if (hasEscaped) return;
    hasEscaped = true;
    notes.add(
      `the handler used something that is not simulated (${what}): a repeated run may differ`,
    );
  };

  return {
    notes,
    output: output.lines,
    hasEscaped: () => hasEscaped,
    async load(environment, requestPath, random) {
      let isLoaded = false;
      const guest: Guest = {
        ...failuresOf(environment),
        environment,
        random,
        // What a module does while it is loaded is the same each time.
        escaped: (what) => isLoaded && escaped(what),
        output: output.add,
        hold: loop.hold,
      };
      requestPaths.set(guest, requestPath);
      forgetCommonJs();
      const query = newWorkerQuery();
      const handler = await loop.inRealTime(() =>
        runAsGuest(guest, () => loadHandler(reference, query)).catch(throwUnusable),
      );
      isLoaded = true;
      const noteCallback = () => notes.add(callbackNote(reference));
      return (event, context) =>
        runAsGuest(guest, () => callHandler(handler as AnyHandler, event, context, noteCallback));
    },
    close() {
      for (const restore of undo.toReversed()) restore();
    },
  };
}

function throwUnusable(error: unknown): never {
  throw new HandlerUnusable(error instanceof Error ? error.message : String(error));
}

/** What ends a process fails the environment instead. */
function failuresOf(environment: Environment): Pick<Guest, 'exit' | 'broke'> {
  return {
    exit(code) {
      const error = `Runtime.ExitError: the handler exited with code ${String(code ?? 0)}`;
      environment.fail(error);
      throw new Error(error);
    },
    broke(error) {
      environment.fail(`uncaught ${String(error)}`);
    },
  };
}

/** Sets variables of this process. Returns a function that restores them. */
function setVariables(variables: Readonly<Record<string, string>>): () => void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  };
}
