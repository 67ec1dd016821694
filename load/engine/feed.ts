/**
 * Where a worker's virtual users get their events: from canonical histories of the workload's generator, one
 * after another, with copies and late ones as real producers have them. Valid by making, so that the reference
 * can be computed from what lies on the stream. All by the seed and the worker's name; pure.
 */
import TinyQueue from 'tinyqueue';
import { below, seededRandom } from '../../src/simulator/random.ts';
import type { WinnerEvent } from '../../src/simulator/workload/winner/event.ts';
import { marked } from '../../src/simulator/workload/winner/shared.ts';
import { winner } from '../../src/simulator/workload/winner/winner.ts';
import type { PutEvents } from './script.ts';

export interface FeedOptions {
  readonly seed: string;
  /** Other workers have other events. */
  readonly worker: string;
  /** What product and user ids begin with. */
  readonly mark: string;
  /** Events of one canonical history. */
  readonly history: number;
  readonly duplicate: number;
  readonly late: number;
  /** Whether any step has a skew: then the registrations of the one product come first. */
  readonly hot: boolean;
}

export interface Fed {
  readonly event: WinnerEvent;
  /** 0 for the first, 1 for its copy. */
  readonly copy: number;
}

export type Choice = Pick<PutEvents, 'kind' | 'skew'>;

export interface Feed {
  /** The next events. They are endless. */
  take(count: number, choice: Choice): Fed[];
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
  let [chapter, index] = [0, 0];
  let source = options.hot ? hot : nextChapter();

  function nextChapter() {
    index = 0;
    return workload.generate(`${seed} ${worker} ${chapter++}`, { count: history });
  }

  function nextEvent({ kind, skew }: Choice): WinnerEvent {
    for (;;) {
      if (index === source.length) source = nextChapter();
      const event = source.at(index++);
      // What the hot product's own history holds is for everybody.
      if (source === hot || kind === 'any' || event.kind === kind) {
        const isHot = event.kind === 'purchase' && random() < skew;
        return isHot ? { ...event, productId: hotProduct } : event;
      }
    }
  }

  function next(choice: Choice): Fed {
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

interface Waiting extends Fed {
  /** Counted in events taken. */
  readonly place: number;
}
