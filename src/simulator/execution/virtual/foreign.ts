/**
 * Somebody's handler, unbundled, in the deterministic world: loaded anew for each environment, with
 * virtual time and chance, its SDK clients sending to the simulated DynamoDB.
 */
import { createRequire, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { adaptClient, type Execute, type SdkClient } from '../../dynamodb/engine/sdk-adapter.ts';
import type { Random } from '../../model/random.ts';
import { parseReference } from '../../module-reference.ts';
import { callbackNote, callHandler } from '../call-handler.ts';
import { type AnyHandler, loadHandler } from '../load-handler.ts';
import { createOutputTail } from '../output-tail.ts';
import { HandlerUnusable } from '../process/worker.ts';
import type { Environment } from './environment.ts';
import type { LoadedHandler } from './function.ts';
import { installVirtualGlobals } from './globals.ts';
import { currentInhabitant, type Inhabitant, inhabit } from './inhabitant.ts';
import type { Loop } from './loop.ts';
import type { RequestPath } from './request-path.ts';

export interface ForeignHost {
  load(environment: Environment, requestPath: RequestPath, random: Random): Promise<LoadedHandler>;
  /** For a person, each once. */
  readonly notes: Iterable<string>;
  /** The last lines that it printed. */
  readonly output: readonly string[];
  /** Whether it did, in an invocation, what is not simulated. */
  hasEscaped(): boolean;
  /** Puts everything back as it was. */
  close(): void;
}

export interface ForeignParts {
  /** `FILE` or `FILE#EXPORT`. */
  readonly reference: string;
  /** What it finds in `process.env`. */
  readonly variables: Readonly<Record<string, string>>;
  readonly loop: Loop;
}

const WORKER = 'simulated-worker';
/** Workers in this process, of all hosts: a module is loaded once for each. */
let workers = 0;

/** One at a time in a process: it changes globals. Rejects with `HandlerUnusable`. */
export async function openForeignHost(parts: ForeignParts): Promise<ForeignHost> {
  const { reference, variables, loop } = parts;
  const notes = new Set<string>();
  const output = createOutputTail();
  const requestPaths = new Map<Inhabitant, RequestPath>();
  let hasEscaped = false;
  const variablesBefore = new Map(Object.keys(variables).map((name) => [name, process.env[name]]));
  Object.assign(process.env, variables);
  const putBackGlobals = installVirtualGlobals();
  const hooks = registerHooks({ resolve: resolveForWorker });
  const restore = await plugClients(reference, requestPaths);
  const modulesBefore = new Set(Object.keys(commonJs));

  return {
    notes,
    output: output.lines,
    hasEscaped: () => hasEscaped,
    async load(environment, requestPath, random) {
      let isLoaded = false;
      const inhabitant: Inhabitant = {
        environment,
        random,
        escaped(what) {
          // What a module reads while it is loaded is the same each time.
          if (!isLoaded || hasEscaped) return;
          hasEscaped = true;
          notes.add(
            `the handler opened something that is not simulated (${what}): that this run can be repeated is not promised`,
          );
        },
        output: output.add,
        hold: loop.hold,
        exit(code) {
          const error = `Runtime.ExitError: the handler ended its process (${String(code ?? 0)})`;
          environment.fail(error);
          throw new Error(error);
        },
        broke(error) {
          environment.fail(`nobody caught ${String(error)}`);
        },
      };
      requestPaths.set(inhabitant, requestPath);
      const query = `?${WORKER}=${++workers}`;
      forgetCommonJs(modulesBefore);
      const handler = await loop.outside(async () => {
        try {
          return await inhabit(inhabitant, () => loadHandler(reference, query));
        } catch (error) {
          throw new HandlerUnusable(error instanceof Error ? error.message : String(error));
        }
      });
      isLoaded = true;
      return (event, context) =>
        inhabit(inhabitant, () =>
          callHandler(handler as AnyHandler, event, context, () =>
            notes.add(callbackNote(reference)),
          ),
        );
    },
    close() {
      restore();
      hooks.deregister();
      putBackGlobals();
      for (const [name, value] of variablesBefore) {
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      }
    },
  };
}

/** CommonJS modules by file: no query tells one worker's from another's. */
const commonJs = createRequire(import.meta.url).cache;

function forgetCommonJs(before: ReadonlySet<string>): void {
  for (const file of Object.keys(commonJs)) {
    if (!before.has(file) && !file.includes('/node_modules/'))
      Reflect.deleteProperty(commonJs, file);
  }
}

type Resolve = NonNullable<Parameters<typeof registerHooks>[0]['resolve']>;

/** What a worker's module imports is the worker's own, but for packages. */
const resolveForWorker: Resolve = (specifier, context, next) => {
  const resolved = next(specifier, context);
  const query = context.parentURL?.match(new RegExp(`\\?${WORKER}=\\d+$`))?.[0];
  const isOwn =
    query !== undefined &&
    resolved.url.startsWith('file:') &&
    !resolved.url.includes('/node_modules/') &&
    !resolved.url.includes('?');
  return isOwn ? { ...resolved, url: resolved.url + query } : resolved;
};

interface ClientClass {
  readonly prototype: SdkClient;
}

/** The SDK that the handler would get, and ours, which may be the same. */
async function plugClients(
  reference: string,
  requestPaths: ReadonlyMap<Inhabitant, RequestPath>,
): Promise<() => void> {
  const classes = new Set<ClientClass>([DynamoDBClient]);
  const require = createRequire(pathToFileURL(parseReference(reference).file));
  for (const name of ['@aws-sdk/client-dynamodb', '@aws-sdk/lib-dynamodb']) {
    try {
      const module = (await import(pathToFileURL(require.resolve(name)).href)) as Record<
        string,
        ClientClass | undefined
      >;
      for (const found of [module['DynamoDBClient'], module['DynamoDBDocumentClient']]) {
        if (found !== undefined) classes.add(found);
      }
    } catch {
      // It does without.
    }
  }
  const undo = [...classes].map(({ prototype }) => adaptClient(prototype, alongPath(requestPaths)));
  return () => {
    for (const restore of undo) restore();
  };
}

/** Through the requestPath of the environment whose code is running. */
function alongPath(requestPaths: ReadonlyMap<Inhabitant, RequestPath>): Execute {
  return (operation, input, abortSignal) => {
    const inhabitant = currentInhabitant();
    const requestPath = inhabitant && requestPaths.get(inhabitant);
    if (inhabitant === undefined || requestPath === undefined) {
      throw new Error('a client of a handler was used outside of it');
    }
    // On its way it is no longer the handler's to change.
    return requestPath(inhabitant.environment, operation, structuredClone(input), abortSignal);
  };
}
