/** The steps of a virtual user: put events, think, loop, call a function of the run's processor. */
import { SimulatorError } from '../../src/simulator/model/errors.ts';
import type { Feed } from './feed.ts';
import type { Metrics, Producer } from './producer.ts';
import type { Step } from './script.ts';

/** Artillery's context of a virtual user. */
export interface VirtualUser {
  readonly vars: Record<string, unknown>;
}

/** As artillery's own engines call it: done by its callback, or by the promise that it returns. */
export type UserFunction = (
  context: VirtualUser,
  metrics: Metrics,
  done: (error?: unknown) => void,
) => unknown;

export type Processor = Readonly<Record<string, unknown>>;

/** What artillery hands to an engine, as far as it is used. */
export interface Helpers {
  createThink(step: {
    readonly think: string;
  }): (context: VirtualUser, done: (error: unknown) => void) => void;
}

export interface StepParts {
  readonly feed: Feed;
  readonly producer: Producer;
  readonly processor: Processor | undefined;
  readonly helpers: Helpers;
}

export type Perform = (context: VirtualUser, metrics: Metrics) => Promise<void>;

/** The steps, one after another. Throws a {@link SimulatorError} where a function isn't there. */
export function compile(steps: readonly Step[], parts: StepParts): Perform {
  const compiled = steps.map((step) => compileStep(step, parts));
  return async (context, metrics) => {
    for (const perform of compiled) await perform(context, metrics);
  };
}

function compileStep(step: Step, parts: StepParts): Perform {
  if ('putEvents' in step) {
    const { count, recordsPerCall, ...choice } = step.putEvents;
    return (_context, metrics) =>
      parts.producer.put(parts.feed.take(count, choice), recordsPerCall, metrics);
  }
  if ('think' in step) {
    const think = parts.helpers.createThink(step);
    return (context) =>
      new Promise((resolve, reject) => {
        think(context, (error) => (error ? reject(error) : resolve()));
      });
  }
  if ('loop' in step) {
    const round = compile(step.loop, parts);
    return async (context, metrics) => {
      for (let count = 0; count < step.count; count++) {
        context.vars['$loopCount'] = count;
        await round(context, metrics);
      }
    };
  }
  return callFunction(step.function, parts.processor);
}

function callFunction(name: string, processor: Processor = {}): Perform {
  const found = Object.hasOwn(processor, name) ? processor[name] : undefined;
  if (typeof found !== 'function') {
    throw new SimulatorError('usage', `config.processor exports no function "${name}"`);
  }
  const call = found as UserFunction;
  return (context, metrics) =>
    new Promise((resolve, reject) => {
      const done = (error?: unknown): void => (error ? reject(error) : resolve());
      const answer = call(context, metrics, done);
      if (answer instanceof Promise) answer.then(() => done(), done);
    });
}
