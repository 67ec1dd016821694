/** Results to print: made by hand, so that a test knows what it should read. */
import { defaultOptions } from '../../../src/cli/options/run-options.ts';
import type { RunOptions } from '../../../src/simulator/model/run-options.ts';
import {
  type EventTrace,
  type ExplainedDifference,
  RESULT_VERSION,
  type RunResult,
} from '../../../src/simulator/model/run-result.ts';
import { createFigures } from '../../../src/simulator/report/figures.ts';

export function sampleOptions(changes: Partial<RunOptions> = {}): RunOptions {
  return { ...defaultOptions({ seed: 'S', count: 1000, shuffle: true }), ...changes };
}

export function eventId(shard: number, number: number): string {
  const digits = `4957166910905107909916163357518762165176851${String(number).padStart(13, '0')}`;
  return `shardId-${String(shard).padStart(12, '0')}:${digits}`;
}

export function sampleTrace(event: number, changes: Partial<EventTrace> = {}): EventTrace {
  return {
    event,
    kind: 'product/purchase',
    subject: '7749361',
    eventId: eventId(1, 1000 + event),
    origin: `hello-retail/web-client-purchase-product/amzn1.${event}/alex`,
    arrivals: [
      {
        position: 10_000 - event,
        shardId: 'shardId-000000000001',
        sequenceNumber: '1',
        deliveries: [{ invocation: 12, outcome: 'success' }],
      },
    ],
    ...changes,
  };
}

export function sampleDifference(changes: Partial<ExplainedDifference> = {}): ExplainedDifference {
  const creator = 'hello-retail/merchant/amzn1.5/bea';
  const rival = 'hello-retail/merchant/amzn1.6/cid';
  return {
    table: 'Contributions',
    key: ['7749361'],
    expected: { productId: '7749361', creator, creatorEventId: eventId(1, 1001) },
    actual: { productId: '7749361', creator: rival, creatorEventId: eventId(1, 1002) },
    explanation: {
      headline: "product 7749361: creator is cid, but bea's product/create has the least event id",
      events: [1, 2, 3],
    },
    traces: [
      sampleTrace(1, { kind: 'product/create', origin: creator }),
      sampleTrace(2, {
        kind: 'product/create',
        origin: rival,
        arrivals: [
          {
            position: 3,
            shardId: 'shardId-000000000000',
            sequenceNumber: '1',
            deliveries: [
              { invocation: 1, outcome: 'partial, reported failed' },
              { invocation: 2, outcome: 'success' },
            ],
          },
          { position: 4, shardId: 'shardId-000000000000', sequenceNumber: '2', deliveries: [] },
        ],
      }),
      sampleTrace(3, { arrivals: [] }),
    ],
    ...changes,
  };
}

export function sampleResult(changes: Partial<RunResult> = {}): RunResult {
  return {
    version: RESULT_VERSION,
    verdict: 'converged',
    failures: [],
    options: sampleOptions(),
    figures: createFigures().figures(0),
    differencesTotal: 0,
    differences: [],
    historyHash: undefined,
    output: [],
    notes: [],
    repeat: 'npx simulate --seed S --shuffle',
    ...changes,
  };
}
