/**
 * What the handler does with a batch, as a tree. A place in the tree is the sequence of answers
 * that an invocation has received, and each further answer leads to one next place. The handler is
 * run only to discover a new place, with the same answers from the beginning.
 */

import type { RequestPath } from '../../execution/virtual/request-path.ts';
import type { HandlerLoader } from '../../execution/virtual/shipped.ts';
import { SimulatorError } from '../../model/errors.ts';
import type { Failure } from '../../model/failure.ts';
import type { Workload } from '../../model/workload.ts';
import type { Batch } from './arrangements.ts';
import type { Answer } from './contents.ts';
import { failedOf, invoke, quiescence } from './invoke.ts';
import type { Request, Requests } from './requests.ts';

export interface Place {
  /** From 0, in the order in which they were met. */
  readonly id: number;
  readonly batch: Batch;
  /** Requests that have no answer yet, in the order in which they were made. */
  readonly waiting: readonly Request[];
  /** Undefined: the invocation goes on with the next answer. */
  readonly end: PlaceEnd | undefined;
  readonly from: Step | undefined;
  /** For each waiting request, the places that its answers lead to, by the answer's id. */
  readonly next: readonly Map<number, Place>[];
}

export type PlaceEnd =
  /** `again`: the records that are delivered again. */
  | { readonly kind: 'answered'; readonly again: Batch }
  | { readonly kind: 'wrong'; readonly failure: Failure };

interface Step {
  readonly place: Place;
  readonly waiting: number;
  readonly answer: Answer;
}

export interface Behaviour {
  /** The place where an invocation with this batch begins. */
  begin(batch: Batch): Place | Deferred;
  /** The next place, after the answer to the `waiting`-th waiting request. */
  answered(place: Place, waiting: number, answer: Answer): Place | Deferred;
  /** How often the handler was run. */
  runs(): number;
}

/** The value is not known yet: await the call, then ask for the value again. */
export type Deferred = () => Promise<void>;

export function isDeferred<T>(found: T | Deferred): found is Deferred {
  return typeof found === 'function';
}

export interface BehaviourParts<Event> {
  readonly workload: Pick<Workload<Event>, 'encode' | 'tables'>;
  readonly events: readonly Event[];
  readonly load: HandlerLoader;
  readonly requests: Requests;
  readonly stage: string;
}

/** A run of the handler that is at some place, and can go on from there once. */
interface Running {
  readonly waiting: Waiting[];
  end: PlaceEnd | undefined;
  /** Number of answers that it has received. */
  answers: number;
  /** It has sent a transaction with a token. */
  hasToken: boolean;
}

interface Waiting {
  readonly request: Request;
  resolve(body: object): void;
  reject(error: Error): void;
}

/**
 * Runs that are kept at their place, so that the next answer does not need a run from the
 * beginning.
 */
const KEPT_MAX = 500;
/** More than any batch of a few events takes. */
const ANSWERS_MAX = 500;
const TOKEN =
  'the handler sends a transaction with a token, which DynamoDB remembers outside the tables: its schedules cannot be searched';

export function createBehaviour<Event>(parts: BehaviourParts<Event>): Behaviour {
  const beginnings = new Map<string, Place>();
  const kept = createKept();
  let [places, runs] = [0, 0];

  const begin = (batch: Batch): Promise<Running> => {
    runs++;
    return startRun(parts, batch);
  };

  const placeOf = (running: Running, batch: Batch, from: Step | undefined): Place => {
    if (running.hasToken) throw new SimulatorError('usage', TOKEN);
    const waiting = running.waiting.map(({ request }) => request);
    const end = endOf(running);
    const next = waiting.map(() => new Map());
    const place: Place = { id: places++, batch, waiting, end, from, next };
    if (end === undefined) kept.keep(place, running);
    return place;
  };

  /** A run at this place: the one that was kept, or a new one with the same answers. */
  const runTo = async (place: Place): Promise<Running> => {
    const running = kept.take(place);
    if (running !== undefined) return running;
    const again = await begin(place.batch);
    for (const { waiting, answer } of wayTo(place)) await give(again, waiting, answer);
    const isSame = place.waiting.every(({ id }, at) => again.waiting[at]?.request.id === id);
    if (!isSame) throw new Error('the handler made other requests after the same answers');
    return again;
  };

  return {
    begin(batch) {
      const name = batch.join();
      const known = beginnings.get(name);
      if (known !== undefined) return known;
      return async () => {
        beginnings.set(name, placeOf(await begin(batch), batch, undefined));
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

/** Runs the handler until it waits for an answer, or has returned. */
async function startRun<Event>(parts: BehaviourParts<Event>, batch: Batch): Promise<Running> {
  const { requests } = parts;
  const running: Running = { waiting: [], end: undefined, answers: 0, hasToken: false };
  const requestPath: RequestPath = (_, operation, input) =>
    new Promise((resolve, reject) => {
      const request = requests(operation, input);
      if (request === undefined) running.hasToken = true;
      else running.waiting.push({ request, resolve, reject });
    });
  invoke({ ...parts, batch, requestPath }).then(
    (answer) => {
      running.end ??= { kind: 'answered', again: failedOf(batch, answer) };
    },
    (error: unknown) => {
      running.end = wrong({ kind: 'handler-error', error: String(error) });
    },
  );
  await quiescence();
  return running;
}

function endOf({ end, waiting, answers }: Running): PlaceEnd | undefined {
  if (end !== undefined) return end;
  if (waiting.length === 0) return wrong({ kind: 'invocation-idle' });
  if (answers <= ANSWERS_MAX) return undefined;
  return wrong({ kind: 'invocation-requests', requests: answers, requestsMax: ANSWERS_MAX });
}

/** The latest runs, each of which can go on from its place once. */
function createKept() {
  const kept = new Map<Place, Running>();
  return {
    keep(place: Place, running: Running): void {
      kept.set(place, running);
      const [oldest] = kept.keys();
      if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
    },
    take(place: Place): Running | undefined {
      const running = kept.get(place);
      kept.delete(place);
      return running;
    },
  };
}

/** Returns when the handler can do nothing more without another answer. */
async function give(running: Running, at: number, { body, error }: Answer): Promise<void> {
  const [waiting] = running.waiting.splice(at, 1);
  running.answers++;
  if (error !== undefined) waiting?.reject(error);
  // A copy, because the handler may change it.
  else waiting?.resolve(structuredClone(body));
  await quiescence();
}

function wayTo(place: Place): Step[] {
  const way: Step[] = [];
  for (let at = place.from; at !== undefined; at = at.place.from) way.push(at);
  return way.reverse();
}

function wrong(failure: Failure): PlaceEnd {
  return { kind: 'wrong', failure };
}
