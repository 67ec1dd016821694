/**
 * The workers of the local world: processes with the handler, whose requests to DynamoDB pass the
 * gateway.
 */
import { createFaults } from '../dynamodb/faults/create-faults.ts';
import { withKills } from '../dynamodb/faults/kills.ts';
import { createGateway, type Gateway } from '../dynamodb/gateway/gateway.ts';
import { httpForward } from '../dynamodb/gateway/http-forward.ts';
import type { Forward } from '../dynamodb/gateway/request.ts';
import { type ServedGateway, serveGateway } from '../dynamodb/gateway/serve-gateway.ts';
import { isArtifact, unpackArtifact } from '../execution/artifact.ts';
import { createOutputTail } from '../execution/output-tail.ts';
import { createPool, type Pool } from '../execution/process/pool.ts';
import type { History } from '../history/history.ts';
import { faultsOf } from '../model/fault-profiles.ts';
import type { RunOptions } from '../model/run-options.ts';
import type { TableDefinition } from '../model/workload.ts';
import { moduleFile } from '../module-reference.ts';
import { seededRandom } from '../random.ts';
import { readFunctionDefinition } from '../stack-template.ts';
import { batchesExpected } from './batches-expected.ts';
import type { Closing } from './closing.ts';
import type { LocalServers } from './local-servers.ts';

const FUNCTION_NAME = 'winner-view';
const SHIPPED_HANDLER = `${moduleFile('../../handler/lambda.ts', import.meta.url)}#handler`;

export interface LocalWorkers {
  readonly pool: Pool;
  readonly gateway: Gateway;
  readonly notes: readonly string[];
  readonly output: readonly string[];
}

export interface LocalWorkersParts {
  readonly options: RunOptions;
  readonly tables: readonly TableDefinition[];
  readonly history: History;
  readonly stage: string;
  /** The variables that workers inherit. */
  readonly environment: NodeJS.ProcessEnv;
  readonly servers: LocalServers;
  readonly closing: Closing;
  pause(ms: number): Promise<void>;
}

/** Rejects with `HandlerUnusable`. */
export async function openLocalWorkers(parts: LocalWorkersParts): Promise<LocalWorkers> {
  const { options, tables, history, servers, closing } = parts;
  const notes: string[] = [];
  const output = createOutputTail();
  const { forward, close: closeForward } = httpForward(servers.dynamoDbEndpoint);
  const gateway = createFaultyGateway(parts, forward, (worker, invocation) => {
    if (pool.invocationOf(worker) !== invocation) return false;
    pool.kill(worker).catch(() => {});
    return true;
  });
  const { handler, taskRoot } = handlerOf(options, closing);
  const served = new Map<string, ServedGateway>();
  const pool = createPool({
    handler,
    settings: {
      functionName: FUNCTION_NAME,
      memoryLimitInMb: readFunctionDefinition(parts.stage).memoryMb,
      taskRoot,
    },
    inherited: parts.environment,
    async environment(worker) {
      const own = await serveGateway(gateway, { worker, invocationOf: pool.invocationOf });
      served.set(worker, own);
      return {
        dynamoDbEndpoint: own.endpoint,
        kinesisEndpoint: servers.kinesisEndpoint,
        tables: Object.fromEntries(
          tables.map(({ name, environmentVariable }) => [
            environmentVariable,
            servers.tableName(name),
          ]),
        ),
      };
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
    onOutput: (_worker, _stream, line) => output.add(line),
    onNote: (text) => notes.push(text),
  });
  closing.add(async () => {
    await pool.stop();
    await Promise.all([...served.values()].map((own) => own.close()));
    closeForward();
  });
  await pool.check();
  return { pool, gateway, notes, output: output.lines };
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

/** The handler's module; of a packaged function, unpacked where Lambda has `/var/task`. */
function handlerOf({ handler = SHIPPED_HANDLER }: RunOptions, closing: Closing) {
  if (!isArtifact(handler)) return { handler, taskRoot: undefined };
  const artifact = unpackArtifact(handler);
  closing.add(async () => artifact.taskRoot.remove());
  return { handler: artifact.handler, taskRoot: artifact.taskRoot.path };
}
