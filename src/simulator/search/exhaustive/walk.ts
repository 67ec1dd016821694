/**
 * Walks through the states of all schedules, depth first: each state is visited once, and the
 * schedules through it are counted. States are compared exactly, not by a hash.
 */
import type { Arrangement } from './arrangements.ts';
import { type Deferred, isDeferred } from './behaviour.ts';
import type { Endings } from './endings.ts';
import {
  type Choice,
  ENDLESS,
  nameOf,
  type Option,
  resolved,
  ScheduleFailed,
  type State,
  type States,
} from './states.ts';

export interface WalkParts {
  readonly states: States;
  readonly endings: Endings;
}

export interface Walk {
  /**
   * The number of schedules that an arrangement has. `turn` is called regularly; when it returns
   * false, the walk stops and returns undefined.
   * @throws ScheduleFailed
   */
  follow(
    arrangement: Arrangement,
    mayDie: boolean,
    turn: () => Promise<boolean>,
  ): Promise<number | undefined>;
  /** Number of different states that were visited. */
  states(): number;
  /** Number of transitions from one state to the next. */
  steps(): number;
}

interface Frame {
  readonly name: string;
  readonly state: State;
  readonly options: readonly Option[];
  /** Index of the next option to take. */
  at: number;
  /** Number of schedules through the options before it. */
  schedules: number;
}

/** Undefined: the state must be visited first. */
type Schedules = number | undefined | Deferred;

const STEPS_PER_TURN = 20_000;

export function createWalk({ states, endings }: WalkParts): Walk {
  const { first, optionsOf, take } = states;
  /** Number of schedules from a state on. */
  const known = new Map<string, number>();
  /** States on the current path. */
  const open = new Set<string>();
  let steps = 0;

  const schedulesFrom = (name: string, { content, working }: State): Schedules => {
    if (open.has(name)) throw new ScheduleFailed(ENDLESS);
    if (working.length > 0) return known.get(name);
    const difference = endings.difference(content);
    if (isDeferred(difference)) return difference;
    if (difference !== undefined) throw new ScheduleFailed(difference);
    known.set(name, 1);
    return 1;
  };

  return {
    async follow(arrangement, mayDie, turn) {
      const frames: Frame[] = [];
      /** Visits a state, or returns the number of schedules from it on. */
      const enter = (state: State): Schedules => {
        const name = nameOf(state);
        const schedules = schedulesFrom(name, state);
        if (schedules !== undefined) return schedules;
        frames.push({ name, state, options: optionsOf(state), at: 0, schedules: 0 });
        open.add(name);
        return undefined;
      };
      const beginning = await first(arrangement, mayDie);
      let schedules = await resolved(() => enter(beginning));
      try {
        for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
          const { state, options } = frame;
          const option = options[frame.at];
          if (option !== undefined) {
            if (++steps % STEPS_PER_TURN === 0 && !(await turn())) return undefined;
            const go = (): Schedules => {
              const next = take(state, option);
              return isDeferred(next) ? next : enter(next);
            };
            const gone = go();
            // Nearly every value is known: awaiting it would cost most of the time.
            schedules = isDeferred(gone) ? await resolved(go) : gone;
          } else {
            frames.pop();
            open.delete(frame.name);
            known.set(frame.name, frame.schedules);
            schedules = frame.schedules;
          }
          const before = frames.at(-1);
          if (schedules === undefined || before === undefined) continue;
          before.schedules += schedules;
          before.at++;
        }
      } catch (error) {
        if (error instanceof ScheduleFailed) error.choices = frames.map(choiceOf);
        throw error;
      } finally {
        open.clear();
      }
      return schedules;
    },
    states: () => known.size,
    steps: () => steps,
  };
}

function choiceOf({ options, at }: Frame): Choice {
  const { working, request, waiting, dies } = options[at] as Option;
  const kind = dies ? 'dies after' : 'goes';
  return { invocation: working.invocation, waiting, kind, operation: request.operation };
}
