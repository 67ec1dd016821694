/**
 * What the handler does with a batch, as a tree: where an invocation stands is the answers that it has
 * been given, in their order, and from there each further answer leads to one place. The handler is run
 * only to find a place that is new, with the same answers from its beginning.
 */

import type { RequestPath } from '../../execution/virtual/request-path.ts';
import type { HandlerLoader } from '../../execution/virtual/shipped.ts';
import { SimulatorError } from '../../model/errors.ts';
import type { Workload } from '../../model/workload.ts';
import type { Batch } from './arrangements.ts';
import type { Answer } from './contents.ts';
import { failedOf, invoke, quiet } from './invoke.ts';
import type { Request, Requests } from './requests.ts';

export interface Place {
  /** From 0, in the order in which they were met. */
  readonly id: number;
  readonly batch: Batch;
  /** Requests that wait for their answers, in the order in which they were made. */
  readonly waiting: readonly Request[];
  /** Undefined: it goes on when it is answered. */
  readonly end: PlaceEnd | undefined;
  readonly from: Step | undefined;
  /** By the number of the answer, for each of those that wait. */
  readonly next: readonly Map<number, Place>[];
}

export type PlaceEnd =
  /** `again`: what is to be delivered again. */
  | { readonly kind: 'answered'; readonly again: Batch }
  | { readonly kind: 'wrong'; readonly reason: string };

interface Step {
  readonly place: Place;
  readonly waiting: number;
  readonly answer: Answer;
}

export interface Behaviour {
  /** Where an invocation begins. */
  begin(batch: Batch): Place | Unknown;
  /** Where it stands once the `waiting`-th of the requests that wait has been answered. */
  answered(place: Place, waiting: number, answer: Answer): Place | Unknown;
  /** How often the handler was run. */
  runs(): number;
}

/** Nobody has been there: to be called and awaited, and then asked for again. */
export type Unknown = () => Promise<void>;

export function isUnknown<T>(found: T | Unknown): found is Unknown {
  return typeof found === 'function';
}

export interface BehaviourParts<Event> {
  readonly workload: Pick<Workload<Event>, 'encode'>;
  readonly events: readonly Event[];
  readonly load: HandlerLoader;
  readonly requests: Requests;
  readonly stage: string;
}

/** A run of the handler that stands somewhere, and can go on from there once. */
interface Running {
  readonly waiting: Waiting[];
  end: PlaceEnd | undefined;
  /** How many it was given. */
  answers: number;
  /** It has asked for what the tables alone don't answer. */
  hasToken: boolean;
}

interface Waiting {
  readonly request: Request;
  resolve(body: object): void;
  reject(error: Error): void;
}

/** Runs that are kept where they stand, so that the next answer needn't begin anew. */
const KEPT_MAX = 500;
/** No batch of a few events takes so many. */
const ANSWERS_MAX = 500;
const TOKEN =
  "the handler sends a transaction with a token, whose memory is not in the tables: its schedules can't be searched";

export function createBehaviour<Event>(parts: BehaviourParts<Event>): Behaviour {
  const { workload, events, load, requests, stage } = parts;
  const beginnings = new Map<string, Place>();
  const kept = new Map<Place, Running>();
  let [places, runs] = [0, 0];

  const start = async (batch: Batch): Promise<Running> => {
    runs++;
    const running: Running = { waiting: [], end: undefined, answers: 0, hasToken: false };
    const requestPath: RequestPath = (_, operation, input) =>
      new Promise((resolve, reject) => {
        const request = requests(operation, input);
        if (request === undefined) running.hasToken = true;
        else running.waiting.push({ request, resolve, reject });
      });
    invoke({ workload, events, batch, load, requestPath, stage }).then(
      (answer) => {
        running.end ??= { kind: 'answered', again: failedOf(batch, answer) };
      },
      (error: unknown) => {
        running.end = { kind: 'wrong', reason: `an invocation threw ${String(error)}` };
      },
    );
    await quiet();
    return running;
  };

  const placeOf = (running: Running, batch: Batch, from: Step | undefined): Place => {
    if (running.hasToken) throw new SimulatorError('usage', TOKEN);
    const waiting = running.waiting.map(({ request }) => request);
    const end =
      running.end ??
      (waiting.length === 0
        ? wrong('an invocation waits for nothing, and has not answered')
        : running.answers > ANSWERS_MAX
          ? wrong(`an invocation has made over ${ANSWERS_MAX} requests`)
          : undefined);
    const next = waiting.map(() => new Map());
    const place: Place = { id: places++, batch, waiting, end, from, next };
    if (end === undefined) keep(place, running);
    return place;
  };

  const keep = (place: Place, running: Running): void => {
    kept.set(place, running);
    if (kept.size <= KEPT_MAX) return;
    for (const [oldest] of kept) {
      kept.delete(oldest);
      break;
    }
  };

  /** A run that stands there: one that was kept, or another with the same answers. */
  const runTo = async (place: Place): Promise<Running> => {
    const running = kept.get(place);
    kept.delete(place);
    if (running !== undefined) return running;
    const again = await start(place.batch);
    for (const { waiting, answer } of wayTo(place)) await give(again, waiting, answer);
    const isSame = place.waiting.every(({ id }, at) => again.waiting[at]?.request.id === id);
    if (!isSame) throw new Error('the handler does not do the same with the same answers');
    return again;
  };

  return {
    begin(batch) {
      const name = batch.join();
      const known = beginnings.get(name);
      if (known !== undefined) return known;
      return async () => {
        beginnings.set(name, placeOf(await start(batch), batch, undefined));
      };
    },
    answered(place, waiting, answer) {
      const known = place.next[waiting]?.get(answer.id);
      if (known !== undefined) return known;
      return async () => {
        const running = await runTo(place);
        await give(running, waiting, answer);
        const next = placeOf(running, place.batch, { place, waiting, answer });
        place.next[waiting]?.set(answer.id, next);
      };
    },
    runs: () => runs,
  };
}

/** All that is made of the answer without another one is made before it returns. */
async function give(running: Running, at: number, { body, error }: Answer): Promise<void> {
  const [waiting] = running.waiting.splice(at, 1);
  running.answers++;
  if (error !== undefined) waiting?.reject(error);
  // What the handler does to its copy is no concern of another run's.
  else waiting?.resolve(structuredClone(body));
  await quiet();
}

function wayTo(place: Place): Step[] {
  const way: Step[] = [];
  for (let at = place.from; at !== undefined; at = at.place.from) way.push(at);
  return way.reverse();
}

function wrong(reason: string): PlaceEnd {
  return { kind: 'wrong', reason };
}
