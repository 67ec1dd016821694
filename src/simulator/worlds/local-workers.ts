/**
 * The workers of the local world: processes with the handler, whose requests to DynamoDB pass the
 * gateway.
 */
import { createFaults } from '../dynamodb/faults/create-faults.ts';
import { withKills } from '../dynamodb/faults/kills.ts';
import { createGateway, type Gateway } from '../dynamodb/gateway/gateway.ts';
import { httpForward } from '../dynamodb/gateway/http-forward.ts';
import type { JsonObject } from '../dynamodb/gateway/json.ts';
import type { Forward } from '../dynamodb/gateway/request.ts';
import { createAwsAnswers } from '../execution/aws/answer-aws.ts';
import { type ServedRequests, serveRequests } from '../execution/network/serve-requests.ts';
import { createOutputTail } from '../execution/output-tail.ts';
import { linesOf } from '../execution/process/import-handler.ts';
import { createPool, type Pool } from '../execution/process/pool.ts';
import type { History } from '../history/history.ts';
import { faultsOf } from '../model/fault-profiles.ts';
import { NotSimulated } from '../model/not-simulated.ts';
import type { RunOptions } from '../model/run-options.ts';
import { seededRandom } from '../random.ts';
import { readFunctionDefinition } from '../stack-template.ts';
import { batchesExpected } from './batches-expected.ts';
import type { Closing } from './closing.ts';
import { functionVariables } from './function-variables.ts';
import type { LocalHandler } from './local-handler.ts';
import type { LocalServers } from './local-servers.ts';
import type { WorkloadOfWorld } from './world.ts';

export interface LocalWorkers {
  readonly pool: Pool;
  readonly gateway: Gateway;
  readonly notes: readonly string[];
  readonly output: readonly string[];
  /** Resolves when the handler needs what is not simulated. */
  readonly notSimulated: Promise<NotSimulated>;
}

export interface LocalWorkersParts {
  readonly options: RunOptions;
  readonly workload: WorkloadOfWorld;
  readonly handler: LocalHandler;
  readonly history: History;
  readonly stage: string;
  readonly servers: LocalServers;
  readonly closing: Closing;
  pause(ms: number): Promise<void>;
}

/** Rejects with `HandlerUnusable`. */
export async function openLocalWorkers(parts: LocalWorkersParts): Promise<LocalWorkers> {
  const { workload, handler, history, servers, closing } = parts;
  const output = createOutputTail();
  const lines = linesOf(handler);
  const notSimulated = Promise.withResolvers<NotSimulated>();
  const { forward, close: closeForward } = httpForward(servers.dynamoDbEndpoint);
  const gateway = createFaultyGateway(parts, forward, (worker, invocation) => {
    if (pool.invocationOf(worker) !== invocation) return false;
    pool.kill(worker).catch(() => {});
    return true;
  });
  const answer = createAwsAnswers<string>({
    services: workload.services ?? {},
    dynamoDb: (operation, input, worker) =>
      gateway.handle({
        ...{ operation, input: input as JsonObject, worker },
        invocation: pool.invocationOf(worker),
      }),
    requested({ service, operation }, worker) {
      const invocation = pool.invocationOf(worker);
      history.append({ type: 'service-requested', worker, invocation, service, operation });
    },
    travel: async () => {},
    unanswered: (what, remedy) => notSimulated.resolve(new NotSimulated(what, remedy)),
  });
  const served = new Map<string, ServedRequests>();
  const pool = createPool({
    handler,
    variables: functionVariables({
      workload,
      memoryMb: readFunctionDefinition(parts.stage).memoryMb,
      ...{ taskRoot: handler.taskRoot, handler: handler.setting },
      tableName: servers.tableName,
    }),
    cwd: handler.taskRoot,
    allow: workload.allow ?? [],
    async serve(worker) {
      const own = await serveRequests((request) => answer(request, worker));
      served.set(worker, own);
      return own.port;
    },
    onStarted: (worker) => history.append({ type: 'worker-started', worker }),
    onGone(worker, how, reason) {
      const type = how === 'killed' ? 'worker-killed' : 'worker-exited';
      history.append({ type, worker, reason });
      served
        .get(worker)
        ?.close()
        .catch(() => {});
    },
    onOutput: (_worker, _stream, line) => output.add(lines.translate(line)),
    onNotSimulated: (feature) => notSimulated.resolve(new NotSimulated(feature)),
  });
  closing.add(async () => {
    await pool.stop();
    await Promise.all([...served.values()].map((own) => own.close()));
    closeForward();
  });
  await pool.check();
  const { notes } = handler;
  return { pool, gateway, notes, output: output.lines, notSimulated: notSimulated.promise };
}

function createFaultyGateway(
  { options, history, pause }: LocalWorkersParts,
  forward: Forward,
  kill: (worker: string, invocation: number) => boolean,
): Gateway {
  const faults = createFaults(faultsOf(options), seededRandom(options.seed, 'faults'), pause);
  return withKills(createGateway({ history, forward, faults }), {
    kills: options.kill,
    batches: batchesExpected(options),
    random: seededRandom(options.seed, 'kills'),
    history,
    kill,
  });
}
