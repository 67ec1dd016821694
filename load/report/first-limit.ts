/** Finds the component that reached its limit first. Pure. */
import { amount, count } from '../../src/simulator/report/text.ts';
import { type HandlerFigures, type Limit, type Moment, PRODUCERS } from '../figures.ts';
import { percent } from './text.ts';

export interface Observations {
  /** Records. */
  readonly offered: number;
  /** Records refused for the stream's throughput, each time counted. */
  readonly throttled: number;
  readonly timeline: readonly Moment[];
  /** Shares of one processor while records were put, by the process's part in the run. */
  readonly processors: Readonly<Record<string, number>>;
  /** Busy share of all processors of the machine meanwhile, by this run or others. */
  readonly machineBusy: number;
  /** Undefined where the handler can't be observed. */
  readonly inside: Pick<HandlerFigures, 'lanes' | 'requests' | 'requestsThrottled'> | undefined;
  /** Of all probes; 0 without any. */
  readonly leastLagMs: number;
}

const THROTTLED_SHARE = 0.01;
const BUSY = 0.9;
/** An older record has waited for more than a poll and a batch. On AWS, the least lag is added. */
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

/** The moment from which records stayed late until the last put; afterwards a backlog can only shrink. */
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
      "which part is not known here: see the function's duration, concurrency and iterator age, and " +
        "DynamoDB's throttled requests, in CloudWatch (docs/operations/runbook.md)",
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
