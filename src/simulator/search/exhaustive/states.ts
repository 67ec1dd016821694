/**
 * The states of a schedule, and the transitions between them. A state is the content of the tables,
 * the place of each invocation at work, and whether a worker may still die. What can follow does
 * not depend on how the state was reached.
 */
import type { Failure } from '../../model/failure.ts';
import type { Arrangement } from './arrangements.ts';
import { type Behaviour, type Deferred, isDeferred, type Place } from './behaviour.ts';
import type { Content, Contents } from './contents.ts';
import type { Endings } from './endings.ts';
import type { Request } from './requests.ts';

/** One step of a schedule: which waiting request is executed. */
export interface Choice {
  /** Index of the invocation. */
  readonly invocation: number;
  /** Index among its waiting requests. */
  readonly waiting: number;
  readonly kind: 'goes' | 'dies after';
  readonly operation: string;
}

/** The schedule violates an invariant, never ends, or ends with wrong tables. */
export class ScheduleFailed extends Error {
  override readonly name = 'ScheduleFailed';
  readonly failure: Failure;
  choices: readonly Choice[] = [];

  constructor(failure: Failure) {
    super(failure.kind);
    this.failure = failure;
  }
}

export interface State {
  readonly content: Content;
  readonly working: readonly Working[];
  /** Number of invocations so far, including those that have ended. */
  readonly begun: number;
  readonly mayDie: boolean;
}

export interface Working {
  readonly invocation: number;
  readonly place: Place;
}

export interface Option {
  readonly working: Working;
  readonly request: Request;
  /** Index among the place's waiting requests. */
  readonly waiting: number;
  readonly dies: boolean;
}

export interface StatesParts {
  readonly behaviour: Behaviour;
  readonly contents: Contents;
  readonly endings: Endings;
}

export interface States {
  /** @throws ScheduleFailed */
  first(arrangement: Arrangement, mayDie: boolean): Promise<State>;
  /** What can happen next; empty: the schedule has ended. */
  optionsOf(state: State): Option[];
  /**
   * The state that an option leads to.
   * @throws ScheduleFailed
   */
  take(state: State, option: Option): State | Deferred;
}

export const ENDLESS: Failure = { kind: 'endless' };

export function createStates({ behaviour, contents, endings }: StatesParts): States {
  /**
   * The first place from here that has a waiting request; undefined: all records are acknowledged.
   */
  const waitingPlace = (
    content: Content,
    begun: Place | Deferred,
  ): Place | Deferred | undefined => {
    let place = begun;
    while (!isDeferred(place) && place.end !== undefined) {
      const { batch, end, from } = place;
      if (end.kind === 'wrong') throw new ScheduleFailed(end.failure);
      const { again } = end;
      if (from === undefined && again.length === batch.length) throw new ScheduleFailed(ENDLESS);
      const done = batch.slice(0, batch.length - again.length);
      const violation = endings.acknowledged(content, done);
      if (violation !== undefined) throw new ScheduleFailed(violation);
      if (again.length === 0) return undefined;
      place = behaviour.begin(again);
    }
    return place;
  };

  const optionsOf = ({ working, content, mayDie }: State): Option[] =>
    working.flatMap((each) =>
      each.place.waiting.flatMap((request, waiting): Option[] => {
        const goes = { working: each, request, waiting, dies: false };
        // A death before this request, or after one that changes nothing, leaves the same tables as
        // a death after the last write. When the next delivery begins is another choice.
        const isWrite = mayDie && contents.effectOf(content, request).content !== content;
        return isWrite ? [goes, { ...goes, dies: true }] : [goes];
      }),
    );

  const take = (state: State, { working, request, waiting, dies }: Option): State | Deferred => {
    const { answer, content, violation } = contents.effectOf(state.content, request);
    if (violation !== undefined) throw new ScheduleFailed(violation);
    const { place } = working;
    const next = dies ? behaviour.begin(place.batch) : behaviour.answered(place, waiting, answer);
    const reached = waitingPlace(content, next);
    if (isDeferred(reached)) return reached;
    const isNew = dies || (reached !== undefined && reached.batch !== place.batch);
    const invocation = isNew ? state.begun : working.invocation;
    return {
      content,
      working: state.working.flatMap((each) => {
        if (each !== working) return [each];
        return reached === undefined ? [] : [{ invocation, place: reached }];
      }),
      begun: state.begun + (isNew ? 1 : 0),
      mayDie: state.mayDie && !dies,
    };
  };

  const first = async (arrangement: Arrangement, mayDie: boolean): Promise<State> => {
    const working: Working[] = [];
    for (const batch of arrangement) {
      const place = await resolved(() => waitingPlace(contents.empty, behaviour.begin(batch)));
      if (place !== undefined) working.push({ invocation: working.length, place });
    }
    return { content: contents.empty, working, begun: working.length, mayDie };
  };

  return { first, optionsOf, take };
}

/** Awaits whatever `compute` defers to, until it returns a value. */
export async function resolved<T>(compute: () => T | Deferred): Promise<T> {
  for (;;) {
    const value = compute();
    if (!isDeferred(value)) return value;
    await value();
  }
}

/** Equal for states that the same can follow. */
export function nameOf({ content, working, mayDie }: State): string {
  const places = working.map(({ place }) => place.id).sort((left, right) => left - right);
  return `${content.id} ${mayDie ? 1 : 0} ${places.join(' ')}`;
}
