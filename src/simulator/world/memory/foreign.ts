/**
 * Somebody's handler, unbundled, in the deterministic world: loaded anew for each environment, with
 * virtual time and chance, its SDK clients sending to the simulated DynamoDB.
 */
import { createRequire, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Dice } from '../../dice.ts';
import { type Execute, type PluggableClient, plug } from '../../dynamodb/plug.ts';
import { callbackNote, callHandler } from '../../worker/call-handler.ts';
import { type AnyHandler, loadHandler, parseReference } from '../../worker/load-handler.ts';
import { HandlerUnusable } from '../../worker/worker.ts';
import type { Door } from './door.ts';
import type { Environment } from './environment.ts';
import type { LoadedHandler } from './function.ts';
import type { Loop } from './loop.ts';
import {
  currentInhabitant,
  type Inhabitant,
  inhabit,
  installVirtualGlobals,
} from './virtual-globals.ts';

export interface ForeignHost {
  load(environment: Environment, door: Door, dice: Dice): Promise<LoadedHandler>;
  /** For a person, each once. */
  readonly notes: Iterable<string>;
  /** The last lines that it printed. */
  readonly output: readonly string[];
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

const OUTPUT_LINES_MAX = 50;
const WORKER = 'simulated-worker';
/** Workers in this process, of all hosts: a module is loaded once for each. */
let workers = 0;

/** One at a time in a process: it changes globals. Rejects with `HandlerUnusable`. */
export async function openForeignHost(parts: ForeignParts): Promise<ForeignHost> {
  const { reference, variables, loop } = parts;
  const notes = new Set<string>();
  const output: string[] = [];
  const doors = new Map<Inhabitant, Door>();
  const variablesBefore = new Map(Object.keys(variables).map((name) => [name, process.env[name]]));
  Object.assign(process.env, variables);
  const putBackGlobals = installVirtualGlobals();
  const hooks = registerHooks({ resolve: resolveForWorker });
  const unplug = await plugClients(reference, doors);

  return {
    notes,
    output,
    async load(environment, door, dice) {
      let asked = 0;
      const inhabitant: Inhabitant = {
        environment,
        dice,
        escaped: (what) => {
          notes.add(
            `the handler opened something that is not simulated (${what}): that this run can be repeated is not promised`,
          );
        },
        output(line) {
          output.push(line);
          if (output.length > OUTPUT_LINES_MAX) output.shift();
        },
        exit() {
          asked++;
          throw new Error('the handler asked for the end of its process');
        },
      };
      doors.set(inhabitant, door);
      const query = `?${WORKER}=${++workers}`;
      const handler = await loop.outside(async () => {
        try {
          return await inhabit(inhabitant, () => loadHandler(reference, query));
        } catch (error) {
          throw new HandlerUnusable(error instanceof Error ? error.message : String(error));
        }
      });
      return async (event, context) => {
        const value = await inhabit(inhabitant, () =>
          callHandler(handler as AnyHandler, event, context, () =>
            notes.add(callbackNote(reference)),
          ),
        );
        if (asked > 0) throw new Error('the handler asked for the end of its process');
        return value;
      };
    },
    close() {
      unplug();
      hooks.deregister();
      putBackGlobals();
      for (const [name, value] of variablesBefore) {
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      }
    },
  };
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
  readonly prototype: PluggableClient;
}

/** The SDK that the handler would get, and ours, which may be the same. */
async function plugClients(
  reference: string,
  doors: ReadonlyMap<Inhabitant, Door>,
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
  const undo = [...classes].map(({ prototype }) => plug(prototype, throughDoor(doors)));
  return () => {
    for (const unplug of undo) unplug();
  };
}

/** Through the door of the environment whose code is running. */
function throughDoor(doors: ReadonlyMap<Inhabitant, Door>): Execute {
  return (operation, input, abortSignal) => {
    const inhabitant = currentInhabitant();
    const door = inhabitant && doors.get(inhabitant);
    if (inhabitant === undefined || door === undefined) {
      throw new Error('a client of a handler was used outside of it');
    }
    return door(inhabitant.environment, operation, input, abortSignal);
  };
}
