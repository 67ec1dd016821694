/**
 * A bundled handler in this process: evaluated anew for each environment, with virtual time, randomness and
 * variables, and with a network that leads to the simulated AWS and nowhere else.
 */
import type { GatewayResult } from '../../dynamodb/gateway/request.ts';
import { NotSimulated } from '../../model/not-simulated.ts';
import type { Random } from '../../model/random.ts';
import { seededRandom } from '../../random.ts';
import { type AwsAnswersParts, createAwsAnswers } from '../aws/answer-aws.ts';
import { withBytes } from '../aws/dynamodb-json.ts';
import type { AwsRequest } from '../aws/recognize-request.ts';
import type { HandlerBundle } from '../bundle-handler.ts';
import { cannotBeLoaded, HandlerUnusable } from '../handler-unusable.ts';
import { installNetwork } from '../network/install-network.ts';
import { type Handler, handlerOf, invokeHandler } from '../nodejs-runtime.ts';
import { createOutputTail } from '../output-tail.ts';
import { createSourceLines, describeError, type SourceLines } from '../source-lines.ts';
import type { Environment } from './environment.ts';
import { compileBundle } from './evaluate-bundle.ts';
import { installVirtualGlobals } from './globals.ts';
import { currentGuest, type Guest, runAsGuest } from './guest.ts';
import type { Loop } from './loop.ts';
import type { GatewayPath } from './request-path.ts';
import type { LoadedHandler } from './simulated-worker.ts';
import { installVariables } from './variables.ts';

export interface BundleHost {
  load(environment: Environment, paths: GuestPaths, random: Random): Promise<LoadedHandler>;
  /** For reports, each once. */
  readonly notes: Iterable<string>;
  /** The last lines that the handler printed. */
  readonly output: readonly string[];
  /** Whether an invocation did something after which a repeated run may differ. */
  hasEscaped(): boolean;
  /** Restores the process. */
  close(): void;
}

/** Where an environment's requests go. */
export interface GuestPaths {
  readonly gatewayPath: GatewayPath;
  /** A worker's current invocation; 0 outside an invocation. */
  invocationOf(worker: string): number;
}

export interface BundleHostParts {
  readonly bundle: HandlerBundle;
  /** What each environment finds in `process.env`; it may change its own. */
  readonly variables: Readonly<Record<string, string>>;
  readonly services: AwsAnswersParts<Guest>['services'];
  readonly loop: Loop;
  readonly seed: string;
  /** A request to another service than DynamoDB, as it leaves. */
  requested(request: AwsRequest, worker: string, invocation: number): void;
  /** Nothing can be said of the handler: what it waits for never happens. */
  notSimulated(error: NotSimulated): void;
}

/** One at a time in a process, as it changes globals. */
export function openBundleHost(parts: BundleHostParts): BundleHost {
  const { bundle, loop } = parts;
  const notes = new Set<string>(bundle.notes);
  const output = createOutputTail();
  const lines = createSourceLines(bundle);
  const paths = new WeakMap<Guest, GuestPaths>();
  let hasEscaped = false;
  const escaped = (what: string): void => {
    hasEscaped = true;
    notes.add(`the handler did what is real (${what}): a repeated run may differ`);
  };
  const restore = [
    installVirtualGlobals(),
    installVariables(),
    installGuestNetwork(parts, (guest) => paths.get(guest)),
  ];
  const evaluate = compileBundle(bundle);

  return {
    notes,
    output: output.lines,
    hasEscaped: () => hasEscaped,
    async load(environment, ownPaths, random) {
      let isLoaded = false;
      const guest: Guest = {
        ...failuresOf(environment, lines),
        environment,
        random,
        cryptoRandom: seededRandom(parts.seed, `ids of ${environment.worker}`),
        variables: { ...parts.variables },
        // What a module does while it is loaded is the same each time.
        escaped: (what) => isLoaded && escaped(what),
        output: (line) => output.add(lines.translate(line)),
        refused: (what) => parts.notSimulated(new NotSimulated(what)),
        hold: loop.hold,
      };
      paths.set(guest, ownPaths);
      const handler = await Promise.race([
        runAsGuest(guest, () => evaluateHandler(evaluate, bundle, lines)),
        neverLoaded(bundle, loop),
      ]);
      isLoaded = true;
      return async (event, context) => {
        try {
          return await runAsGuest(guest, () => invokeHandler(handler, event, context));
        } catch (error) {
          throw placed(error, lines);
        }
      };
    },
    close() {
      for (const undo of restore.toReversed()) undo();
    },
  };
}

function installGuestNetwork(
  { services, loop, requested, notSimulated }: BundleHostParts,
  pathsOf: (guest: Guest) => GuestPaths | undefined,
): () => void {
  const enter = ({ environment }: Guest, happen: () => void): void => {
    environment.at(loop.now(), happen);
  };
  const respond = createAwsAnswers<Guest>({
    services,
    dynamoDb: (operation, input, guest) =>
      new Promise<GatewayResult>((resolve) => {
        pathsOf(guest)?.gatewayPath(guest.environment, operation, withBytes(input), resolve);
      }),
    requested(request, guest) {
      const { worker } = guest.environment;
      requested(request, worker, pathsOf(guest)?.invocationOf(worker) ?? 0);
    },
    travel: ({ environment }) =>
      new Promise((resolve) => {
        environment.at(loop.now() + SERVICE_MS, resolve);
      }),
    unanswered: (what, remedy) => notSimulated(new NotSimulated(what, remedy)),
  });
  return installNetwork<Guest>({
    owner: currentGuest,
    respond,
    refused: (what, guest) => guest.refused(what),
    enter,
    allows: () => false,
  });
}

/** How long a service takes to answer. */
const SERVICE_MS = 5;

async function evaluateHandler(
  evaluate: () => Promise<Readonly<Record<string, unknown>>>,
  { entry, exportName }: HandlerBundle,
  lines: SourceLines,
): Promise<Handler> {
  let module: Readonly<Record<string, unknown>>;
  try {
    module = await evaluate();
  } catch (error) {
    throw cannotBeLoaded(entry, error, lines);
  }
  try {
    return handlerOf(module, exportName, entry);
  } catch (error) {
    throw new HandlerUnusable((error as Error).message);
  }
}

/** As long as Lambda gives a function to initialize. */
const INIT_MS_MAX = 10_000;

async function neverLoaded({ entry }: HandlerBundle, loop: Loop): Promise<never> {
  await loop.pause(INIT_MS_MAX);
  throw new HandlerUnusable(
    `${entry} is not loaded within ${INIT_MS_MAX / 1000} s: what it awaits at its top level takes too long, or never ends`,
  );
}

/** What ends a process fails the environment instead. */
function failuresOf(environment: Environment, lines: SourceLines): Pick<Guest, 'exit' | 'broke'> {
  return {
    exit(code) {
      const error = `Runtime.ExitError: the handler exited with code ${String(code ?? 0)}`;
      environment.fail(error);
      throw new Error(error);
    },
    broke(error) {
      environment.fail(`uncaught ${String(placed(error, lines))}`);
    },
  };
}

/** With the place in the handler's own code. */
function placed(error: unknown, lines: SourceLines): Error {
  return Object.assign(new Error(), describeError(error, lines));
}
