/** The engine as artillery calls it, against a real Kinesis API. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readAcknowledged } from '../../../load/engine/acknowledged.ts';
import KinesisEngine from '../../../load/engine/engine.ts';
import type { Metrics } from '../../../load/engine/producer.ts';
import type { VirtualUser } from '../../../load/engine/steps.ts';
import { decodeRecord } from '../../../load/worlds/records-read.ts';
import { recordKey } from '../../../src/simulator/model/stream-record.ts';
import {
  LOCAL_CREDENTIALS,
  LOCAL_REGION,
} from '../../../src/simulator/servers/local-credentials.ts';
import { type RunningServer, startServer } from '../../../src/simulator/servers/server.ts';
import { localKinesisClient } from '../../../src/simulator/stream/kinesis-client.ts';
import { createStream } from '../../../src/simulator/stream/kinesis-stream.ts';
import { recordsOnStream } from '../records-on-stream.ts';

const STREAM = 'engine-test';
const HELPERS = {
  createThink: () => (_context: VirtualUser, done: (error: unknown) => void) => done(null),
};
let server: RunningServer;
let client: KinesisClient;
let folder: string;

beforeAll(async () => {
  server = await startServer('kinesalite');
  const { endpoint } = server;
  client = localKinesisClient({ endpoint, region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS });
  await createStream(client, { name: STREAM, shards: 2, pause: () => delay(20) });
  folder = mkdtempSync(path.join(tmpdir(), 'winner-view-engine-'));
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

function engineFor(
  flow: unknown,
  { processor, target = STREAM }: { processor?: object; target?: string } = {},
) {
  const scenario = { name: 'buy', engine: 'kinesis', flow };
  const kinesis = { endpoint: server.endpoint, acknowledgements: folder, duplicate: 0.2 };
  const config = { target, engines: { kinesis }, ...(processor && { processor }) };
  const engine = new KinesisEngine({ config, scenarios: [scenario] } as never, undefined, HELPERS);
  return { engine, scenario };
}

/** One virtual user from its arrival to its end. */
async function arrive(engine: KinesisEngine, scenario: unknown) {
  const emitted: unknown[][] = [];
  const metrics: Metrics = { emit: (...args: unknown[]) => emitted.push(args) };
  const context: VirtualUser = { vars: {} };
  const run = engine.createScenario(scenario, metrics);
  const error = await new Promise((resolve) => run(context, resolve));
  return { error, emitted, context };
}

describe('the engine', () => {
  test('puts valid events, and acknowledges exactly what lies on the stream', async () => {
    const greet = (context: VirtualUser, _metrics: Metrics, done: () => void) => {
      context.vars['greeted'] = context.vars['$loopCount'];
      done();
    };
    const flow = [
      {
        loop: [{ putEvents: { count: 300, recordsPerCall: 200 } }, { function: 'greet' }],
        count: 2,
      },
      { think: 1 },
    ];
    const { engine, scenario } = engineFor(flow, { processor: { greet } });
    await engine.init();
    const { error, emitted, context } = await arrive(engine, scenario);
    expect(error).toBeNull();
    expect(emitted[0]).toEqual(['started']);
    expect(context.vars).toEqual({ $loopCount: 1, greeted: 1 });
    expect(emitted.filter(([type]) => type === 'histogram')).toHaveLength(4);
    expect(emitted).toContainEqual(['counter', 'kinesis.records.taken', 300]);

    const records = await recordsOnStream(client, STREAM);
    expect(records).toHaveLength(600);
    const lines = readdirSync(folder).map((file) => readFileSync(path.join(folder, file), 'utf8'));
    const keys = lines.flatMap((text) => [...readAcknowledged(text)]);
    expect(new Set(keys)).toEqual(new Set(records.map(recordKey)));
    const kinds = records.map(({ data }) => decodeRecord(data).kind);
    expect(new Set(kinds)).toEqual(new Set(['creation', 'photograph', 'purchase']));
  });

  test('a virtual user whose put cannot succeed fails, with its error as a metric', async () => {
    const flow = [{ putEvents: { count: 1 } }];
    const { engine, scenario } = engineFor(flow, { target: 'no-such-stream' });
    await engine.init();
    const { error, emitted } = await arrive(engine, scenario);
    expect(error).toMatchObject({ name: 'ResourceNotFoundException' });
    expect(emitted).toContainEqual(['error', 'ResourceNotFoundException']);
    expect(emitted).toContainEqual(['counter', 'kinesis.records.failed', 1]);
  });

  test('a function fails its virtual user by its callback or its promise', async () => {
    const processor = {
      refuse: (_context: VirtualUser, _metrics: Metrics, done: (error: Error) => void) =>
        done(new RangeError('refused')),
      reject: async () => {
        throw new TypeError('rejected');
      },
    };
    for (const [name, expected] of [
      ['refuse', 'RangeError'],
      ['reject', 'TypeError'],
    ]) {
      const { engine, scenario } = engineFor([{ function: name }], { processor });
      await engine.init();
      expect((await arrive(engine, scenario)).error).toMatchObject({ name: expected });
    }
  });

  test.each<[unknown, string]>([
    [[{ putEvents: { count: -5 } }], 'scenario buy, step 1: putEvents.count must be'],
    [[{ function: 'greet' }], 'config.processor exports no function "greet"'],
    [[{ function: 'toString' }], 'config.processor exports no function "toString"'],
  ])('refuses %j before any virtual user arrives', async (flow, message) => {
    await expect(engineFor(flow, { processor: {} }).engine.init()).rejects.toThrow(message);
  });
});
