/**
 * One schedule, carried out step by step from its choices. Where the handler no longer does what they are
 * about, and where they end, it goes on in order, so that there is always an end to be judged.
 */

import type { HandlerLoader } from '../../execution/virtual/shipped.ts';
import type { Workload } from '../../model/workload.ts';
import type { Arrangement, Batch } from './arrangements.ts';
import type { Answer, Write } from './contents.ts';
import type { Request } from './requests.ts';
import { createSmallWorld } from './small-world.ts';
import {
  type Choice,
  ENDLESS,
  foundOut,
  nameOf,
  type Option,
  type State,
  Wrong,
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
  /** The first step that the choices are not about; undefined: they are about all. */
  readonly offFrom: number | undefined;
  /** What is wrong in the end; undefined: nothing. */
  readonly reason: string | undefined;
}

export interface Step {
  /** From 0. */
  readonly invocation: number;
  readonly request: Request;
  readonly answer: Answer;
  readonly changes: readonly Write[];
  readonly dies: boolean;
  /** What comes of its invocation; undefined: it goes on, or something is wrong. */
  readonly next: 'over' | { readonly invocation: number; readonly again: Batch } | undefined;
}

export async function repeatSchedule<Event>(parts: RepeatParts<Event>): Promise<Repeated> {
  const { workload, schedule, load } = parts;
  const { events, arrangement, choices } = schedule;
  const world = createSmallWorld({ workload, events, load, onEnding: () => {} });
  const { states, contents, endings } = world;
  const met = new Set<string>();
  const steps: Step[] = [];
  let offFrom: number | undefined;
  const go = async (): Promise<string | undefined> => {
    for (let state = await states.first(arrangement, true); ; ) {
      const name = nameOf(state);
      if (met.has(name)) throw new Wrong(ENDLESS);
      met.add(name);
      const { content } = state;
      const options = states.optionsOf(state);
      const [inOrder] = options;
      if (inOrder === undefined) return foundOut(() => endings.difference(content));
      const wanted = offFrom === undefined ? choices[steps.length] : undefined;
      const chosen = wanted && options.find((option) => isMeant(option, wanted));
      if (chosen === undefined) offFrom ??= steps.length;
      const option = chosen ?? inOrder;
      const { request, dies, working } = option;
      const { answer, content: after } = contents.effectOf(content, request);
      const changes = contents.changes(content, after);
      const step = { invocation: working.invocation, request, answer, changes, dies };
      steps.push({ ...step, next: undefined });
      const before = state;
      state = await foundOut(() => states.take(before, option));
      steps[steps.length - 1] = { ...step, next: nextOf(before, option, state) };
    }
  };
  try {
    return { reason: await go(), steps, offFrom };
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    return { reason: error.message, steps, offFrom };
  }
}

function isMeant({ working, request, waiting, dies }: Option, choice: Choice): boolean {
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
