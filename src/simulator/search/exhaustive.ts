/**
 * Every schedule of a small history: depth first over the choices, each schedule executed anew from its
 * beginning. A state that was met before is not gone into again: it is the same if the tables are, and if
 * each invocation has the same batch, has been given the same answers to the same requests, and waits with
 * the same one. Orders of requests that don't touch each other meet in such a state at once.
 */
import { readTableDefinitions } from '../stack/definitions.ts';
import type { Workload } from '../workload/workload.ts';
import { realTurn } from '../world/memory/loop.ts';
import { type HandlerLoader, loadShippedHandler } from '../world/memory/shipped.ts';
import { type Arrangement, arrangements } from './arrangements.ts';
import { type Choice, runSchedule } from './schedule.ts';

export interface ExhaustiveParts<Event> {
  readonly workload: Workload<Event>;
  readonly events: readonly Event[];
  readonly load?: HandlerLoader;
  /** Whether a worker may die, once in a schedule; by default it may. */
  readonly withDeaths?: boolean;
  readonly isStopped?: () => boolean;
  readonly onArrangement?: (counts: ExhaustiveCounts) => void;
}

export interface ExhaustiveCounts {
  /** Ways in which the events arrive. */
  readonly arrangements: number;
  /** States that are different, over all arrangements. */
  readonly states: number;
  /** Schedules that were followed to their end; the others led into a state that was known. */
  readonly schedules: number;
  readonly executions: number;
}

export interface Exhausted extends ExhaustiveCounts {
  readonly failure?: {
    readonly arrangement: Arrangement;
    readonly reason: string;
    readonly choices: readonly Choice[];
  };
}

const STAGE = 'memory';
/** So often a Ctrl-C is heard. */
const EXECUTIONS_PER_TURN = 100;

export async function exhaust<Event>(parts: ExhaustiveParts<Event>): Promise<Exhausted> {
  const { workload, events, load = loadShippedHandler, withDeaths = true } = parts;
  const tables = readTableDefinitions(STAGE).map(({ input }) => input);
  const counts = { arrangements: 0, states: 0, schedules: 0, executions: 0 };
  const all = arrangements(events.length);
  // Also between arrangements: what is left of one is often what is left of another.
  const known = new Set<string>();
  for (const arrangement of all) {
    /** Choices that begin a schedule that is still to be followed. */
    const open: (readonly number[])[] = [[]];
    for (let prefix = open.pop(); prefix !== undefined; prefix = open.pop()) {
      if (parts.isStopped?.()) return counts;
      const taken: number[] = [];
      const told: Choice[] = [];
      const end = await runSchedule({
        workload,
        events,
        arrangement,
        deathsMax: withDeaths ? 1 : 0,
        load,
        tables,
        stage: STAGE,
        choose(choices, state) {
          const depth = taken.length;
          let chosen = prefix[depth];
          if (chosen === undefined) {
            const now = state();
            if (known.has(now)) return undefined;
            known.add(now);
            for (let other = choices.length - 1; other > 0; other--) open.push([...taken, other]);
            chosen = 0;
          }
          taken.push(chosen);
          told.push(choices[chosen] as Choice);
          return chosen;
        },
      });
      counts.executions++;
      if (counts.executions % EXECUTIONS_PER_TURN === 0) await realTurn();
      if (end.kind !== 'given up') counts.schedules++;
      if (end.kind === 'wrong') {
        return { ...counts, failure: { arrangement, reason: end.reason, choices: told } };
      }
    }
    counts.arrangements++;
    counts.states = known.size;
    parts.onArrangement?.({ ...counts });
  }
  return counts;
}
