/**
 * The states of a schedule, and how one leads to the next. A state is what the tables hold, where each
 * invocation at work stands, and whether a worker may still die: what may come of it is the same however
 * it was reached.
 */
import type { Arrangement } from './arrangements.ts';
import { type Behaviour, isUnknown, type Place, type Unknown } from './behaviour.ts';
import type { Content, Contents } from './contents.ts';
import type { Endings } from './endings.ts';
import type { Request } from './requests.ts';

/** One step of a schedule: which of the requests that wait is carried out. */
export interface Choice {
  /** Which of the invocations, from 0. */
  readonly invocation: number;
  /** Which of those that it waits for, from 0. */
  readonly waiting: number;
  readonly kind: 'goes' | 'dies after';
  readonly operation: string;
}

/** A schedule that ends as it must not. */
export class Wrong extends Error {
  override readonly name = 'Wrong';
  choices: readonly Choice[] = [];
}

export interface State {
  readonly content: Content;
  readonly working: readonly Working[];
  /** Invocations so far, those that are over included. */
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
  /** Which of the place's requests it is. */
  readonly waiting: number;
  readonly dies: boolean;
}

export interface StatesParts {
  readonly behaviour: Behaviour;
  readonly contents: Contents;
  readonly endings: Endings;
}

export interface States {
  /** @throws Wrong */
  first(arrangement: Arrangement, mayDie: boolean): Promise<State>;
  /** What may happen next; nothing: it is over. */
  optionsOf(state: State): Option[];
  /**
   * The state that an option leads to, or what is to be found out before that can be said.
   * @throws Wrong
   */
  take(state: State, option: Option): State | Unknown;
}

export const ENDLESS = 'it never ends: it comes back to where it was';

export function createStates({ behaviour, contents, endings }: StatesParts): States {
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

  return { first, optionsOf, take };
}

export async function foundOut<T>(find: () => T | Unknown): Promise<T> {
  for (;;) {
    const found = find();
    if (!isUnknown(found)) return found;
    await found();
  }
}

/** The same for states of which the same may come. */
export function nameOf({ content, working, mayDie }: State): string {
  const places = working.map(({ place }) => place.id).sort((left, right) => left - right);
  return `${content.id} ${mayDie ? 1 : 0} ${places.join(' ')}`;
}
