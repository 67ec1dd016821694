/** All ways to make a scenario smaller by one step, in the order in which they are tried. Pure. */
import type { FaultRatios } from '../model/faults.ts';
import type { RunOptions } from '../model/run-options.ts';
import { PLAIN_OPTIONS } from './draw.ts';
import { faultsIn, type Scenario, type ScenarioLimits, type ScenarioPush } from './scenario.ts';
import type { Attempt } from './shrink.ts';

export interface Reduction<Event> {
  readonly name: string;
  readonly scenario: Scenario<Event>;
  /** Fewer records are worth more than fewer faults: with another seed, none of those needs to be muted. */
  readonly isOfRecords?: true;
  /** It is smaller only if no more faults than these happen: others may come up after what was changed. */
  readonly openMax?: number;
}

type Reductions<Event> = (scenario: Scenario<Event>, last: Attempt) => readonly Reduction<Event>[];

/** Lists of one kind each: what takes away most comes first. */
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

/** Any two: what needs the one for want of the other stays when either goes alone. */
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
    // The occurrences are others now.
    scenario: {
      ...withRatios(scenario, Object.fromEntries(asked.filter(([name]) => !names.includes(name)))),
      muted: [],
    },
  });
  if (asked.length === 0) return [];
  const each = asked.length > 1 ? asked.map(([name]) => without([name])) : [];
  return [without(asked.map(([name]) => name)), ...each];
}

/** Half as likely each, down to one in a hundred. */
function rarerFaults<Event>(scenario: Scenario<Event>): Reduction<Event>[] {
  const asked = faultsIn(scenario);
  return Object.entries(asked).flatMap(([name, ratio]) => {
    const half = Math.round(ratio * 500) / 1000;
    if (half < RATIO_MIN) return [];
    const rarer = withRatios(scenario, { ...asked, [name]: half });
    // The occurrences are others now.
    return [{ name: `${name} ${half}`, scenario: { ...rarer, muted: [] } }];
  });
}

const RATIO_MIN = 0.01;

/** Copies and malformed records. */
function fewerPushes<Event>(scenario: Scenario<Event>): Reduction<Event>[] {
  return scenario.pushes.flatMap((push, position) => {
    if (push.event >= 0 && push.copy === 0) return [];
    const pushes = scenario.pushes.filter((_, at) => at !== position);
    const fewer = { ...scenario, pushes: recounted(pushes) };
    return [{ name: 'without a copy', scenario: fewer, isOfRecords: true as const }];
  });
}

/** Mutes what the random source want, all at once, by halves, and one by one. */
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
 * One that happens is muted for an earlier one of the same fault: a crash that comes sooner. What comes
 * after the earlier one is not what it was, and stays muted.
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

/** The occurrences that aren't muted, by their numbers. */
export function openIn(scenario: Scenario, occurrences: readonly string[]): number[] {
  const muted = new Set(scenario.muted);
  return [...occurrences.keys()].filter((occurrence) => !muted.has(occurrence));
}

const NUMBERS = [
  'shards',
  'parallelizationFactor',
  'batchSize',
] as const satisfies readonly (keyof RunOptions)[];

/** Towards what is plain, at once, then by halves, then by one. */
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

/** How long the function may take, and how often it is polled, are no limits: they are the same in each run. */
function simplerLimits<Event>(scenario: Scenario<Event>): Reduction<Event>[] {
  const { timeoutMs, pollIntervalMs, ...tight } = scenario.limits;
  const names = Object.keys(tight) as (keyof ScenarioLimits)[];
  return names.map((gone) => {
    const { [gone]: _, ...limits } = scenario.limits;
    return { name: `without the limit ${gone}`, scenario: { ...scenario, limits } };
  });
}

/** Each swap of neighbours that stand in the wrong order; the whole in order before that. */
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

/** Numbers from what is simplest up to just below what is; also from below, where that is less. */
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
