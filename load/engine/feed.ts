/**
 * The events of a worker's virtual users: canonical histories of the workload's generator, one after another, with
 * copies and late events as real producers have them. All are valid, so the reference can be computed from the
 * records on the stream. Determined by the seed and the worker's name. Pure.
 */
import TinyQueue from 'tinyqueue';
import { below, seededRandom } from '../../src/simulator/random.ts';
import type { WinnerEvent } from '../../src/simulator/workload/winner/event.ts';
import { marked } from '../../src/simulator/workload/winner/shared-tables.ts';
import { winner } from '../../src/simulator/workload/winner/winner.ts';
import type { PutEvents } from './script.ts';

export interface FeedOptions {
  readonly seed: string;
  /** Each worker has other events. */
  readonly worker: string;
  /** Prefix of product and user ids. */
  readonly mark: string;
  /** Events of one canonical history. */
  readonly history: number;
  readonly duplicate: number;
  readonly late: number;
  /** Whether any step has a skew: the hot product's registrations come first then. */
  readonly hot: boolean;
}

export interface FedEvent {
  readonly event: WinnerEvent;
  /** 0 for the first, 1 for its copy. */
  readonly copy: number;
}

export type Choice = Pick<PutEvents, 'kind' | 'skew'>;

export interface Feed {
  /** The next events; there is no end of them. */
  take(count: number, choice: Choice): FedEvent[];
}

/** Events of its kind between an event and its copy, or its late arrival, at most. */
const LATER_MAX = 500;
/** One product with two creators and two photographers, and a few early sales. */
const HOT = { count: 8, entities: { products: 1, users: 4 } };

export function createFeed(options: FeedOptions): Feed {
  const { seed, worker, history } = options;
  const workload = marked(winner, options.mark);
  const random = seededRandom(seed, `feed ${worker}`);
  const hot = workload.generate(`${seed} hot`, HOT);
  const hotProduct = hot.at(0).productId;
  const waiting = new Map<Choice['kind'], TinyQueue<Waiting>>();
  let place = 0;
  let [histories, index] = [0, 0];
  let source = options.hot ? hot : nextHistory();

  function nextHistory() {
    index = 0;
    return workload.generate(`${seed} ${worker} ${histories++}`, { count: history });
  }

  function nextEvent({ kind, skew }: Choice): WinnerEvent {
    for (;;) {
      if (index === source.length) source = nextHistory();
      const event = source.at(index++);
      // Of the hot product's own history, all kinds count.
      if (source === hot || kind === 'any' || event.kind === kind) {
        const isHot = event.kind === 'purchase' && random() < skew;
        return isHot ? { ...event, productId: hotProduct } : event;
      }
    }
  }

  function next(choice: Choice): FedEvent {
    let queue = waiting.get(choice.kind);
    if (queue === undefined) {
      queue = new TinyQueue<Waiting>([], (left, right) => left.place - right.place);
      waiting.set(choice.kind, queue);
    }
    place++;
    for (;;) {
      const due = queue.peek();
      if (due !== undefined && due.place <= place) {
        queue.pop();
        return due;
      }
      const event = nextEvent(choice);
      const later = () => place + 1 + below(random, LATER_MAX);
      const isLate = random() < options.late;
      if (random() < options.duplicate) queue.push({ event, copy: 1, place: later() });
      if (!isLate) return { event, copy: 0 };
      queue.push({ event, copy: 0, place: later() });
    }
  }

  return { take: (count, choice) => Array.from({ length: count }, () => next(choice)) };
}

interface Waiting extends FedEvent {
  /** Counted in events taken. */
  readonly place: number;
}
