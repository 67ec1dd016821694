/** Which component reached its limit first, and how that is known. Pure. */
import { amount, count } from '../src/simulator/report/text.ts';
import type { Moment } from './passages.ts';

export interface Limit {
  readonly component: string;
  /** One line. */
  readonly how: string;
}

export interface Observations {
  /** Records. */
  readonly offered: number;
  /** Records refused for the stream's throughput, each time counted. */
  readonly throttled: number;
  readonly timeline: readonly Moment[];
  /** Seconds from the first arrival to the last put. */
  readonly putSeconds: number;
  /** Processors of one, on average while records were put, by the process's part in the run. */
  readonly processors: Readonly<Record<string, number>>;
  /** Share of all processors of the machine that was busy meanwhile, whoever was. */
  readonly machineBusy: number;
  /** Share of the time in which a lane (a concurrent batch of a shard) had an invocation running. */
  readonly lanesBusy: number;
  /** Lanes, all shards together. */
  readonly lanes: number;
  /** Requests to DynamoDB, and those of them that it throttled. */
  readonly requests: number;
  readonly requestsThrottled: number;
}

const THROTTLED_SHARE = 0.01;
const BUSY = 0.9;
/** Records older than that have waited for more than a poll and a batch. */
const LATE_MS = 2_000;

/** Undefined: none was reached. */
export function firstLimit(observed: Observations): Limit | undefined {
  const { offered, throttled, processors } = observed;
  if (throttled > offered * THROTTLED_SHARE) {
    return {
      component: 'stream',
      how: `it refused ${count(throttled)} of ${count(offered)} records for its throughput`,
    };
  }
  const knee = kneeOf(observed.timeline, observed.putSeconds);
  if (knee !== undefined) {
    const from =
      `from second ${count(knee.seconds)} on, at ${count(knee.arrivedPerSecond)} records/s, ` +
      `the oldest record was over ${amount(LATE_MS / 1000)} s old`;
    const [component, why] = causeOf(observed);
    return { component, how: `${from}, and ${why}` };
  }
  const producers = processors[PRODUCERS] ?? 0;
  if (producers >= BUSY) {
    return { component: PRODUCERS, how: `artillery used ${percent(producers)} of a processor` };
  }
  return undefined;
}

/** The name of artillery's process among the processors. */
export const PRODUCERS = 'producers';

/** The moment from which records stayed late until the last put; after it, a backlog only shrinks. */
function kneeOf(timeline: readonly Moment[], putSeconds: number): Moment | undefined {
  const whilePut = timeline.filter(({ seconds }) => seconds <= Math.max(1, putSeconds));
  const inTime = whilePut.findLastIndex(({ oldestAgeMs }) => oldestAgeMs <= LATE_MS);
  return whilePut[inTime + 1];
}

function causeOf(observed: Observations): readonly [component: string, why: string] {
  const { processors, machineBusy, lanesBusy, lanes, requests, requestsThrottled } = observed;
  if (requestsThrottled > requests * THROTTLED_SHARE) {
    return ['DynamoDB', `it throttled ${count(requestsThrottled)} of ${count(requests)} requests`];
  }
  const [busiest] = Object.entries(processors)
    .filter(([name]) => name !== PRODUCERS)
    .sort(([, left], [, right]) => right - left);
  if (busiest !== undefined && busiest[1] >= BUSY) {
    return [busiest[0], `${busiest[0]} used ${percent(busiest[1])} of a processor`];
  }
  if (machineBusy >= BUSY) {
    return [
      'this machine',
      `its processors were busy ${percent(machineBusy)} of the time, with this run or with others`,
    ];
  }
  if (lanesBusy >= BUSY) {
    return [
      'concurrency of the function',
      `its ${count(lanes)} lanes were busy ${percent(lanesBusy)} of the time`,
    ];
  }
  return [
    'delivery',
    `nothing was busy: lanes ${percent(lanesBusy)}, machine ${percent(machineBusy)}`,
  ];
}

export function percent(share: number): string {
  return `${count(share * 100)} %`;
}
