/** Which component reached its limit first, and how that is known. Pure. */
import { amount, count } from '../src/simulator/report/text.ts';
import type { Inside } from './figures.ts';
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
  /** Processors of one, on average while records were put, by the process's part in the run. */
  readonly processors: Readonly<Record<string, number>>;
  /** Share of all processors of the machine that was busy meanwhile, whoever was. */
  readonly machineBusy: number;
  /** What delivery and the handler did; undefined where that can't be seen. */
  readonly inside: Pick<Inside, 'lanes' | 'requests' | 'requestsThrottled'> | undefined;
  /** Of all probes; 0 where none was seen. */
  readonly leastLagMs: number;
}

const THROTTLED_SHARE = 0.01;
const BUSY = 0.9;
/** Records older than that have waited for more than a poll and a batch; on AWS, for more than at the best of times. */
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
  const lateMs = LATE_MS + (observed.inside === undefined ? observed.leastLagMs : 0);
  const knee = kneeOf(observed, lateMs);
  if (knee !== undefined) {
    const from =
      `from second ${count(knee.seconds)} on, at ${count(knee.arrivedPerSecond)} records/s, ` +
      `the oldest record was over ${amount(lateMs / 1000)} s old`;
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
function kneeOf({ timeline }: Observations, lateMs: number): Moment | undefined {
  const lastPut = timeline.findLastIndex(({ arrivedPerSecond }) => arrivedPerSecond > 0);
  const whilePut = timeline.slice(0, lastPut + 1);
  const inTime = whilePut.findLastIndex(({ oldestAgeMs }) => oldestAgeMs <= lateMs);
  return whilePut[inTime + 1];
}

function causeOf(observed: Observations): readonly [component: string, why: string] {
  const { processors, machineBusy, inside } = observed;
  if (inside !== undefined && inside.requestsThrottled > inside.requests * THROTTLED_SHARE) {
    const { requests, requestsThrottled } = inside;
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
  if (inside === undefined) {
    return [
      'behind the stream',
      "which part isn't seen from here: CloudWatch has the function's duration, concurrency and iterator age, and " +
        "DynamoDB's throttled requests (docs/operations/runbook.md)",
    ];
  }
  const { lanes } = inside;
  if (lanes.busy >= BUSY) {
    return [
      'concurrency of the function',
      `its ${count(lanes.count)} lanes were busy ${percent(lanes.busy)} of the time`,
    ];
  }
  return [
    'delivery',
    `nothing was busy: lanes ${percent(lanes.busy)}, machine ${percent(machineBusy)}`,
  ];
}

export function percent(share: number): string {
  return `${count(share * 100)} %`;
}
