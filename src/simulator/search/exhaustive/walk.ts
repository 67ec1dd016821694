/**
 * The walk through the states of all schedules, depth first: each state is gone into once, and the
 * schedules through it are counted. Nothing is hashed: states are told apart exactly.
 */
import type { Arrangement } from './arrangements.ts';
import { isUnknown, type Unknown } from './behaviour.ts';
import type { Endings } from './endings.ts';
import {
  type Choice,
  ENDLESS,
  foundOut,
  nameOf,
  type Option,
  type State,
  type States,
  Wrong,
} from './states.ts';

export interface WalkParts {
  readonly states: States;
  readonly endings: Endings;
}

export interface Walk {
  /**
   * How many schedules an arrangement has, from its beginning to an end, as if each were carried out by
   * itself. `turn` is called now and then; when it answers false, that was enough: undefined.
   * @throws Wrong
   */
  follow(
    arrangement: Arrangement,
    mayDie: boolean,
    turn: () => Promise<boolean>,
  ): Promise<number | undefined>;
  /** Different ones that were met. */
  states(): number;
  /** From one state to the next. */
  steps(): number;
}

interface Frame {
  readonly name: string;
  readonly state: State;
  readonly options: readonly Option[];
  /** The next option to be taken. */
  at: number;
  /** Of the options before it. */
  schedules: number;
}

const STEPS_PER_TURN = 20_000;

export function createWalk({ states, endings }: WalkParts): Walk {
  const { first, optionsOf, take } = states;
  /** How many schedules lead on from a state. */
  const known = new Map<string, number>();
  /** States that the walk is in the midst of. */
  const open = new Set<string>();
  let steps = 0;

  /** How many schedules lead on from a state, if that is known. */
  const schedulesFrom = (
    name: string,
    { content, working }: State,
  ): number | undefined | Unknown => {
    if (open.has(name)) throw new Wrong(ENDLESS);
    if (working.length > 0) return known.get(name);
    const difference = endings.difference(content);
    if (isUnknown(difference)) return difference;
    if (difference !== undefined) throw new Wrong(difference);
    known.set(name, 1);
    return 1;
  };

  return {
    async follow(arrangement, mayDie, turn) {
      const frames: Frame[] = [];
      /** Goes into a state, or answers how many schedules lead on from it. */
      const enter = (state: State): number | undefined | Unknown => {
        const name = nameOf(state);
        const schedules = schedulesFrom(name, state);
        if (schedules !== undefined) return schedules;
        frames.push({ name, state, options: optionsOf(state), at: 0, schedules: 0 });
        open.add(name);
        return undefined;
      };
      const beginning = await first(arrangement, mayDie);
      let schedules = await foundOut(() => enter(beginning));
      try {
        for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
          const { state, options } = frame;
          const option = options[frame.at];
          if (option !== undefined) {
            if (++steps % STEPS_PER_TURN === 0 && !(await turn())) return undefined;
            const go = (): number | undefined | Unknown => {
              const next = take(state, option);
              return isUnknown(next) ? next : enter(next);
            };
            const gone = go();
            // Nothing is awaited that is known, which is nearly all.
            schedules = isUnknown(gone) ? await foundOut(go) : gone;
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
        if (error instanceof Wrong) error.choices = frames.map(choiceOf);
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
