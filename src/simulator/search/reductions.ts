/** Every way to make a scenario smaller by one step, in the order in which they are tried. Pure. */
import type { FaultRatios } from '../model/faults.ts';
import type { RunOptions } from '../model/run-options.ts';
import {
  faultsIn,
  PLAIN_OPTIONS,
  type Scenario,
  type ScenarioLimits,
  type ScenarioPush,
} from './scenario.ts';

/** A run that failed. */
export interface Attempt {
  /** The faults that were drawn, in their order: those that can be muted. */
  readonly occurrences: readonly string[];
}

export interface Reduction<Event> {
  readonly name: string;
  readonly scenario: Scenario<Event>;
  /**
   * It removes records, which is worth more than fewer faults: with another seed no fault has to be
   * muted.
   */
  readonly isOfRecords?: true;
  /** It is smaller only if at most so many faults happen: the change may lead to others. */
  readonly openMax?: number;
}

type Reductions<Event> = (scenario: Scenario<Event>, last: Attempt) => readonly Reduction<Event>[];

/** One list for each kind of reduction, the largest steps first. */
export function reductions<Event>(): readonly Reductions<Event>[] {
  return [
    fewerEvents,
    fewerFaults,
    rarerFaults,
    fewerPushes,
    fewerOccurrences,
    earlierOccurrences,
    simplerOptions,
    simplerLimits,
    straighterOrder,
    twoEventsFewer,
  ];
}

/** The same scenario with other seeds. */
export function renumberSeeds<Event>(scenario: Scenario<Event>, count: number): Scenario<Event>[] {
  const base = scenario.options.seed.replace(/~\d+$/, '');
  return Array.from({ length: count }, (_, at) => withOptions(scenario, { seed: `${base}~${at}` }));
}

function fewerEvents<Event>(scenario: Scenario<Event>): Reduction<Event>[] {
  const { length } = scenario.events;
  const parts = [length >> 1, length >> 2, 1].filter((size) => size > 0);
  return [...new Set(parts)].flatMap((size) =>
    Array.from({ length: Math.ceil(length / size) }, (_, at) => {
      const gone = new Set(Array.from({ length: size }, (_, more) => at * size + more));
      return {
        name: `without ${size} of ${length} events`,
        scenario: withoutEvents(scenario, gone),
        isOfRecords: true as const,
      };
    }),
  );
}

/** Any two: events that compensate for each other can only be removed together. */
function twoEventsFewer<Event>(scenario: Scenario<Event>): Reduction<Event>[] {
  const { length } = scenario.events;
  const all = [...scenario.events.keys()];
  return all.flatMap((one) =>
    all.slice(one + 1).map((other) => ({
      name: `without 2 of ${length} events`,
      scenario: withoutEvents(scenario, new Set([one, other])),
      isOfRecords: true as const,
    })),
  );
}

function withoutEvents<Event>(
  scenario: Scenario<Event>,
  gone: ReadonlySet<number>,
): Scenario<Event> {
  const places = new Map<number, number>();
  const events = scenario.events.filter((_, event) => {
    if (gone.has(event)) return false;
    places.set(event, places.size);
    return true;
  });
  const pushes = scenario.pushes.flatMap((push) => {
    if (push.event < 0) return [push];
    const event = places.get(push.event);
    return event === undefined ? [] : [{ ...push, event }];
  });
  const options = { ...scenario.options, count: Math.max(1, events.length) };
  return { ...scenario, options, events, pushes };
}

function fewerFaults<Event>(scenario: Scenario<Event>): Reduction<Event>[] {
  const asked = Object.entries(faultsIn(scenario));
  const without = (names: readonly string[]): Reduction<Event> => ({
    name: `without ${names.length === 1 ? names[0] : 'any fault'}`,
    // The numbers of the occurrences have changed.
    scenario: {
      ...withRatios(scenario, Object.fromEntries(asked.filter(([name]) => !names.includes(name)))),
      muted: [],
    },
  });
  if (asked.length === 0) return [];
  const each = asked.length > 1 ? asked.map(([name]) => without([name])) : [];
  return [without(asked.map(([name]) => name)), ...each];
}

/** Each ratio halved, down to one in a hundred. */
function rarerFaults<Event>(scenario: Scenario<Event>): Reduction<Event>[] {
  const asked = faultsIn(scenario);
  return Object.entries(asked).flatMap(([name, ratio]) => {
    const half = Math.round(ratio * 500) / 1000;
    if (half < RATIO_MIN) return [];
    const rarer = withRatios(scenario, { ...asked, [name]: half });
    // The numbers of the occurrences have changed.
    return [{ name: `${name} ${half}`, scenario: { ...rarer, muted: [] } }];
  });
}

const RATIO_MIN = 0.01;

/** Without a copy or a malformed record. */
function fewerPushes<Event>(scenario: Scenario<Event>): Reduction<Event>[] {
  return scenario.pushes.flatMap((push, position) => {
    if (push.event >= 0 && push.copy === 0) return [];
    const pushes = scenario.pushes.filter((_, at) => at !== position);
    const fewer = { ...scenario, pushes: recounted(pushes) };
    return [{ name: 'without a copy', scenario: fewer, isOfRecords: true as const }];
  });
}

/** Mutes the faults that happened: all at once, by halves, and one by one. */
function fewerOccurrences<Event>(
  scenario: Scenario<Event>,
  { occurrences }: Attempt,
): Reduction<Event>[] {
  const open = openIn(scenario, occurrences);
  const parts = [open.length, open.length >> 1, open.length >> 2, 1].filter((size) => size > 0);
  return [...new Set(parts)].flatMap((size) =>
    Array.from({ length: Math.ceil(open.length / size) }, (_, at) => {
      const some = open.slice(at * size, (at + 1) * size);
      const name = `without ${some.length} of ${open.length} faults`;
      return {
        name,
        scenario: { ...scenario, muted: [...scenario.muted, ...some].sort(byNumber) },
      };
    }),
  );
}

/**
 * Mutes a fault that happened and unmutes an earlier occurrence of the same fault, such as a crash
 * that comes sooner. Occurrences after the earlier one have changed, and stay muted.
 */
function earlierOccurrences<Event>(
  scenario: Scenario<Event>,
  { occurrences }: Attempt,
): Reduction<Event>[] {
  const open = openIn(scenario, occurrences);
  return open.flatMap((late) => {
    const name = occurrences[late];
    const earlier = scenario.muted.filter(
      (occurrence) => occurrence < late && occurrences[occurrence] === name,
    );
    return earlier.map((early) => {
      const others = scenario.muted.filter((occurrence) => occurrence !== early);
      return {
        name: `${name} earlier`,
        scenario: { ...scenario, muted: [...others, late].sort(byNumber) },
        openMax: open.length,
      };
    });
  });
}

/** The numbers of the occurrences that are not muted. */
export function openIn(scenario: Scenario, occurrences: readonly string[]): number[] {
  const muted = new Set(scenario.muted);
  return [...occurrences.keys()].filter((occurrence) => !muted.has(occurrence));
}

const NUMBERS = [
  'shards',
  'parallelizationFactor',
  'batchSize',
] as const satisfies readonly (keyof RunOptions)[];

/** Towards the plain options: at once, by half, by one. */
function simplerOptions<Event>(scenario: Scenario<Event>): Reduction<Event>[] {
  const { options } = scenario;
  const simpler: Reduction<Event>[] = [];
  const add = (name: string, change: Partial<RunOptions>) =>
    simpler.push({ name, scenario: withOptions(scenario, change) });
  for (const name of NUMBERS) {
    const [is, plain] = [options[name], name === 'batchSize' ? 1 : PLAIN_OPTIONS[name]];
    for (const value of between(is, plain)) add(`${name} ${value}`, { [name]: value });
  }
  for (const name of ['batchWindow', 'retryAttempts'] as const) {
    if (options[name] !== PLAIN_OPTIONS[name]) {
      add(`${name} ${PLAIN_OPTIONS[name]}`, { [name]: PLAIN_OPTIONS[name] });
    }
  }
  if (options.partition !== 'key') add('partition key', { partition: 'key' });
  if (!options.bisect) add('bisect', { bisect: true });
  return simpler;
}

/** Time-out and poll interval stay: they are the same in every run. */
function simplerLimits<Event>(scenario: Scenario<Event>): Reduction<Event>[] {
  const { limits } = scenario;
  const { handler = {}, timeoutMs, pollIntervalMs, ...others } = limits;
  const without = (name: string, fewer: ScenarioLimits): Reduction<Event> => ({
    name: `without the limit ${name}`,
    scenario: { ...scenario, limits: fewer },
  });
  return [
    ...Object.keys(handler).map((name) => {
      const fewer = withoutKey(handler, name);
      const isLast = Object.keys(fewer).length === 0;
      return without(name, isLast ? withoutKey(limits, 'handler') : { ...limits, handler: fewer });
    }),
    ...Object.keys(others).map((name) => without(name, withoutKey(limits, name))),
  ];
}

function withoutKey<Values extends object>(values: Values, gone: string): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name !== gone)) as Values;
}

/** All pushes in order; then each swap of two neighbours that are in the wrong order. */
function straighterOrder<Event>(scenario: Scenario<Event>): Reduction<Event>[] {
  const { pushes } = scenario;
  const sorted = pushes.toSorted(
    (left, right) => left.event - right.event || left.copy - right.copy,
  );
  if (sorted.every((push, at) => push === pushes[at])) return [];
  const swaps = pushes.flatMap((push, at) => {
    const next = pushes[at + 1];
    if (next === undefined || push.event <= next.event) return [];
    const swapped = pushes.with(at, next).with(at + 1, push);
    return [{ name: 'two pushes in order', scenario: { ...scenario, pushes: recounted(swapped) } }];
  });
  return [{ name: 'all in order', scenario: { ...scenario, pushes: recounted(sorted) } }, ...swaps];
}

/** Numbers from the plain one to the one next to the present value. */
function between(is: number, plain: number): number[] {
  if (is === plain) return [];
  const step = is > plain ? -1 : 1;
  return [...new Set([plain, Math.trunc((is + plain) / 2), is + step])].filter(
    (value) => value !== is,
  );
}

/** Copies counted in the order of the pushes. */
function recounted(pushes: readonly ScenarioPush[]): ScenarioPush[] {
  const copies = new Map<number, number>();
  return pushes.map(({ event }) => {
    const copy = event < 0 ? 0 : (copies.get(event) ?? 0);
    copies.set(event, copy + 1);
    return { event, copy };
  });
}

function withOptions<Event>(
  scenario: Scenario<Event>,
  change: Partial<RunOptions>,
): Scenario<Event> {
  return { ...scenario, options: { ...scenario.options, ...change } };
}

function withRatios<Event>(scenario: Scenario<Event>, ratios: FaultRatios): Scenario<Event> {
  const name = Object.keys(ratios).length === 0 ? 'none' : 'drawn';
  return withOptions(scenario, { faultProfile: { name, ratios } });
}

function byNumber(left: number, right: number): number {
  return left - right;
}
