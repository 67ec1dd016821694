/**
 * An artillery engine for Kinesis. Artillery finds it by its package's name, `artillery-engine-kinesis`, and runs it
 * in each worker, with a client, clock and random source of its own. The stream is the run's `config.target`;
 * other settings are in `script.ts`, the steps of a virtual user in `steps.ts`.
 */
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { endpointOf } from '../../src/ops/stack/endpoints.ts';
import { seededRandom } from '../../src/simulator/random.ts';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../../src/simulator/servers/local-credentials.ts';
import { kinesisClient, localKinesisClient } from '../../src/simulator/stream/kinesis-client.ts';
import { putTo } from '../../src/simulator/stream/put-records.ts';
import { acknowledgedLine } from './acknowledged.ts';
import { createFeed } from './feed.ts';
import { createProducer, type Metrics } from './producer.ts';
import { type EngineConfig, readScenario, readScript, usesSkew } from './script.ts';
import {
  compile,
  type Helpers,
  type Processor,
  type StepParts,
  type VirtualUser,
} from './steps.ts';

interface Script {
  readonly config: { readonly target?: unknown; readonly processor?: Processor };
}

export default class KinesisEngine {
  readonly #script: Script;
  readonly #helpers: Helpers;
  #parts: StepParts | undefined;

  constructor(script: Script, _events: unknown, helpers: Helpers) {
    this.#script = script;
    this.#helpers = helpers;
  }

  /** Artillery awaits it before the first virtual user arrives, and stops the run if it rejects. */
  async init(): Promise<void> {
    const { config, scenarios, stream } = readScript(this.#script);
    const { processor } = this.#script.config;
    const worker = `${process.env['WORKER_ID'] ?? 'local'}-${process.env['LOCAL_WORKER_ID'] ?? '1'}`;
    const { seed, acknowledgements } = config;
    const feed = createFeed({ ...config, worker, hot: scenarios.some(usesSkew) });
    const producer = createProducer({
      put: putTo(clientOf(config), stream),
      random: seededRandom(seed, `producer ${worker}`),
      pause: (ms) => delay(ms),
      nowMs: () => performance.now(),
      ...(acknowledgements === undefined
        ? {}
        : {
            onAcknowledged: (records) =>
              appendFileSync(path.join(acknowledgements, worker), acknowledgedLine(records)),
          }),
    });
    this.#parts = { feed, producer, processor, helpers: this.#helpers };
    // Finds missing functions before the run starts.
    for (const steps of scenarios) compile(steps, this.#parts);
  }

  /** Artillery calls the returned function with each virtual user's context. */
  createScenario(scenario: unknown, metrics: Metrics) {
    if (this.#parts === undefined) throw new Error('the engine was not initialized');
    const run = compile(readScenario(scenario), this.#parts);
    return (context: VirtualUser, done: (error: unknown, context: VirtualUser) => void): void => {
      metrics.emit('started');
      run(context, metrics).then(
        () => done(null, context),
        (error: unknown) => {
          metrics.emit('error', error instanceof Error ? error.name : String(error));
          done(error, context);
        },
      );
    };
  }
}

/** The producer counts and retries refused calls; the client would retry silently. */
const CLIENT = { maxAttempts: 1 };

function clientOf({ endpoint, region }: EngineConfig): KinesisClient {
  if (endpoint === undefined) {
    const config = { ...CLIENT, ...(region === undefined ? {} : { region }) };
    return kinesisClient(endpointOf(process.env, 'KINESIS'), config);
  }
  return localKinesisClient({
    ...CLIENT,
    endpoint,
    region: region ?? LOCAL_REGION,
    credentials: LOCAL_CREDENTIALS,
  });
}
