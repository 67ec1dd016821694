import { expect, test } from '@jest/globals';
import { createTracer } from '../../../src/simulator/check/event-traces.ts';
import { explain } from '../../../src/simulator/check/explain.ts';
import type { HistoryFact, InvocationOutcome } from '../../../src/simulator/model/history.ts';
import type { Difference } from '../../../src/simulator/model/workload.ts';

const pushed = (
  event: number,
  copy: number,
  shardId: string,
  sequenceNumber: string,
): HistoryFact => ({
  type: 'record-pushed',
  push: 0,
  event,
  copy,
  shardId,
  sequenceNumber,
});
const invoked = (
  invocation: number,
  shardId: string,
  ...sequenceNumbers: string[]
): HistoryFact => ({
  type: 'invoked',
  invocation,
  worker: 'w',
  shardId,
  attempt: 1,
  repeated: false,
  sequenceNumbers,
});
const answered = (invocation: number, outcome: InvocationOutcome): HistoryFact => ({
  type: 'answered',
  invocation,
  outcome,
});

/** Event 1 travels twice, once on each shard; both shards count their sequence numbers from 1. */
const RUN: readonly HistoryFact[] = [
  pushed(1, 0, 'B', '1'),
  pushed(-1, 0, 'A', '1'),
  pushed(0, 0, 'A', '2'),
  invoked(1, 'A', '1', '2'),
  pushed(1, 1, 'A', '3'),
  invoked(2, 'B', '1'),
  answered(2, { kind: 'success' }),
  answered(1, { kind: 'partial', failed: ['2'] }),
  invoked(3, 'A', '2', '3'),
  answered(3, { kind: 'timed-out' }),
  invoked(4, 'A', '2', '3'),
];

function tracerOf(facts: readonly HistoryFact[]) {
  const tracer = createTracer();
  for (const fact of facts) tracer.read({ atMs: 0, ...fact });
  return tracer;
}
const describeEvent = (event: number) => ({
  kind: 'kind',
  subject: 'p',
  eventId: `id ${event}`,
  origin: 'o',
});

test('an event is traced over its records and their deliveries', () => {
  const traces = tracerOf(RUN).trace([1, 0, 2], describeEvent);
  expect(traces.get(0)).toEqual({
    event: 0,
    ...describeEvent(0),
    arrivals: [
      {
        position: 2,
        shardId: 'A',
        sequenceNumber: '2',
        deliveries: [
          { invocation: 1, outcome: 'partial, reported failed' },
          { invocation: 3, outcome: 'timed-out' },
          { invocation: 4, outcome: 'unanswered' },
        ],
      },
    ],
  });
  expect(traces.get(1)?.arrivals).toEqual([
    {
      position: 0,
      shardId: 'B',
      sequenceNumber: '1',
      deliveries: [{ invocation: 2, outcome: 'success' }],
    },
    {
      position: 3,
      shardId: 'A',
      sequenceNumber: '3',
      deliveries: [
        { invocation: 3, outcome: 'timed-out' },
        { invocation: 4, outcome: 'unanswered' },
      ],
    },
  ]);
  expect(traces.get(2)?.arrivals).toEqual([]);
});

test('each difference gets its explanation and the traces of its events, in the order it names', () => {
  const difference: Difference = { table: 'T', key: ['p'], expected: {}, actual: undefined };
  const workload = {
    explain: (_difference: Difference) => ({ headline: 'because', events: [1, 0] }),
    describe: (event: string) => ({ ...describeEvent(0), eventId: event }),
  };
  const history = { length: 2, at: (index: number) => `event ${index}` };
  const [explained] = explain(workload, history, tracerOf(RUN), [difference]);
  expect(explained).toMatchObject({ ...difference, explanation: { headline: 'because' } });
  expect(explained?.traces.map(({ event, eventId }) => [event, eventId])).toEqual([
    [1, 'event 1'],
    [0, 'event 0'],
  ]);
});
