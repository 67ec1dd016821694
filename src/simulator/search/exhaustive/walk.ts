/**
 * The walk through the states of a schedule, depth first. A state is what the tables hold, where each
 * invocation at work stands, and whether a worker may still die: what may come of it is the same however
 * it was reached, so it is gone into once. Nothing is hashed: states are told apart exactly.
 */
import type { Arrangement } from './arrangements.ts';
import { type Behaviour, isUnknown, type Place, type Unknown } from './behaviour.ts';
import type { Content, Contents } from './contents.ts';
import type { Endings } from './endings.ts';
import type { Request } from './requests.ts';

export interface Choice {
  /** Which of the invocations, from 0. */
  readonly invocation: number;
  readonly kind: 'goes' | 'dies after';
  readonly operation: string;
}

export interface WalkParts {
  readonly behaviour: Behaviour;
  readonly contents: Contents;
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

/** A schedule that ends as it must not. */
export class Wrong extends Error {
  override readonly name = 'Wrong';
  choices: readonly Choice[] = [];
}

interface State {
  readonly content: Content;
  readonly working: readonly Working[];
  /** Invocations so far, those that are over included. */
  readonly begun: number;
  readonly mayDie: boolean;
}

interface Working {
  readonly invocation: number;
  readonly place: Place;
}

interface Option {
  readonly working: Working;
  readonly request: Request;
  /** Which of the place's requests it is. */
  readonly waiting: number;
  readonly dies: boolean;
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
const ENDLESS = 'it never ends: it comes back to where it was';

export function createWalk({ behaviour, contents, endings }: WalkParts): Walk {
  /** How many schedules lead on from a state. */
  const known = new Map<string, number>();
  /** States that the walk is in the midst of. */
  const open = new Set<string>();
  let steps = 0;

  /** Of one working on a batch: where it comes to wait; undefined: it is over. */
  const settled = (content: Content, begun: Place | Unknown): Place | Unknown | undefined => {
    let place = begun;
    while (!isUnknown(place) && place.end !== undefined) {
      const { batch, end, from } = place;
      if (end.kind === 'wrong') throw new Wrong(end.reason);
      const { again } = end;
      if (from === undefined && again.length === batch.length) throw new Wrong(ENDLESS);
      const passed = batch.slice(0, batch.length - again.length);
      const violation = endings.passed(content, passed);
      if (violation !== undefined) throw new Wrong(violation);
      if (again.length === 0) return undefined;
      place = behaviour.begin(again);
    }
    return place;
  };

  const optionsOf = ({ working, content, mayDie }: State): Option[] =>
    working.flatMap((each) =>
      each.place.waiting.flatMap((request, waiting): Option[] => {
        const goes = { working: each, request, waiting, dies: false };
        // A worker that dies at a read, at a write that comes to nothing, or before one, leaves what it
        // left after its last write; and when the next delivery begins is chosen anyway.
        const leaves = mayDie && contents.effectOf(content, request).content !== content;
        return leaves ? [goes, { ...goes, dies: true }] : [goes];
      }),
    );

  /** The state that an option leads to, or what is to be found out before that can be said. */
  const take = (state: State, { working, request, waiting, dies }: Option): State | Unknown => {
    const { answer, content, violation } = contents.effectOf(state.content, request);
    if (violation !== undefined) throw new Wrong(violation);
    const { place } = working;
    const next = dies ? behaviour.begin(place.batch) : behaviour.answered(place, waiting, answer);
    const stands = settled(content, next);
    if (isUnknown(stands)) return stands;
    const isNew = dies || (stands !== undefined && stands.batch !== place.batch);
    const invocation = isNew ? state.begun : working.invocation;
    return {
      content,
      working: state.working.flatMap((each) => {
        if (each !== working) return [each];
        return stands === undefined ? [] : [{ invocation, place: stands }];
      }),
      begun: state.begun + (isNew ? 1 : 0),
      mayDie: state.mayDie && !dies,
    };
  };

  const first = async (arrangement: Arrangement, mayDie: boolean): Promise<State> => {
    const working: Working[] = [];
    for (const batch of arrangement) {
      const place = await foundOut(() => settled(contents.empty, behaviour.begin(batch)));
      if (place !== undefined) working.push({ invocation: working.length, place });
    }
    return { content: contents.empty, working, begun: working.length, mayDie };
  };

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

async function foundOut<T>(find: () => T | Unknown): Promise<T> {
  for (;;) {
    const found = find();
    if (!isUnknown(found)) return found;
    await found();
  }
}

function nameOf({ content, working, mayDie }: State): string {
  const places = working.map(({ place }) => place.id).sort((left, right) => left - right);
  return `${content.id} ${mayDie ? 1 : 0} ${places.join(' ')}`;
}

function choiceOf({ options, at }: Frame): Choice {
  const { working, request, dies } = options[at] as Option;
  const kind = dies ? 'dies after' : 'goes';
  return { invocation: working.invocation, kind, operation: request.operation };
}
