/**
 * Repeats one schedule step by step. When its choices no longer match what the handler does, or
 * when they are used up, the schedule goes on in order, so that it always ends with a result.
 */

import type { HandlerLoader } from '../../execution/virtual/shipped.ts';
import type { Failure } from '../../model/failure.ts';
import type { Workload } from '../../model/workload.ts';
import type { Arrangement, Batch } from './arrangements.ts';
import type { Answer, Write } from './contents.ts';
import type { Request } from './requests.ts';
import { createSmallWorld } from './small-world.ts';
import {
  type Choice,
  ENDLESS,
  nameOf,
  type Option,
  resolved,
  ScheduleFailed,
  type State,
} from './states.ts';

export interface Schedule<Event = unknown> {
  readonly events: readonly Event[];
  readonly arrangement: Arrangement;
  readonly choices: readonly Choice[];
}

export interface RepeatParts<Event> {
  readonly workload: Workload<Event>;
  readonly schedule: Schedule<Event>;
  readonly load?: HandlerLoader;
}

export interface Repeated {
  readonly steps: readonly Step[];
  /** The first step that no choice matches; undefined: the choices match all steps. */
  readonly offFrom: number | undefined;
  /** Why it failed; undefined: it did not. */
  readonly failure: Failure | undefined;
}

export interface Step {
  /** From 0. */
  readonly invocation: number;
  readonly request: Request;
  readonly answer: Answer;
  readonly changes: readonly Write[];
  readonly dies: boolean;
  /** What follows for its invocation; undefined: it goes on, or the schedule has failed. */
  readonly next: 'over' | { readonly invocation: number; readonly again: Batch } | undefined;
}

export async function repeatSchedule<Event>(parts: RepeatParts<Event>): Promise<Repeated> {
  const { workload, schedule, load } = parts;
  const { events, arrangement, choices } = schedule;
  const world = createSmallWorld({ workload, events, load, onEnding: () => {} });
  const { states, contents, endings } = world;
  const visited = new Set<string>();
  const steps: Step[] = [];
  let offFrom: number | undefined;
  const go = async (): Promise<Failure | undefined> => {
    for (let state = await states.first(arrangement, true); ; ) {
      const name = nameOf(state);
      if (visited.has(name)) throw new ScheduleFailed(ENDLESS);
      visited.add(name);
      const { content } = state;
      const options = states.optionsOf(state);
      const [inOrder] = options;
      if (inOrder === undefined) return resolved(() => endings.difference(content));
      const wanted = offFrom === undefined ? choices[steps.length] : undefined;
      const chosen = wanted && options.find((option) => matches(option, wanted));
      if (chosen === undefined) offFrom ??= steps.length;
      const option = chosen ?? inOrder;
      const { request, dies, working } = option;
      const { answer, content: after } = contents.effectOf(content, request);
      const changes = contents.changes(content, after);
      const step = { invocation: working.invocation, request, answer, changes, dies };
      steps.push({ ...step, next: undefined });
      const before = state;
      state = await resolved(() => states.take(before, option));
      steps[steps.length - 1] = { ...step, next: nextOf(before, option, state) };
    }
  };
  try {
    return { failure: await go(), steps, offFrom };
  } catch (error) {
    if (!(error instanceof ScheduleFailed)) throw error;
    return { failure: error.failure, steps, offFrom };
  }
}

function matches({ working, request, waiting, dies }: Option, choice: Choice): boolean {
  return (
    working.invocation === choice.invocation &&
    waiting === choice.waiting &&
    request.operation === choice.operation &&
    dies === (choice.kind === 'dies after')
  );
}

function nextOf(before: State, { working }: Option, after: State): Step['next'] {
  if (after.working.some(({ invocation }) => invocation === working.invocation)) return undefined;
  const again = after.working.find(({ invocation }) => invocation >= before.begun);
  return again === undefined ? 'over' : { invocation: again.invocation, again: again.place.batch };
}
