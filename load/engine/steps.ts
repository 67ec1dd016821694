/** The steps of a virtual user: put events, think, loop, call a function of the run's processor. */
import { SimulatorError } from '../../src/simulator/model/errors.ts';
import type { Feed } from './feed.ts';
import type { Metrics, Producer } from './producer.ts';
import type { Step } from './script.ts';

/** Artillery's context of a virtual user. */
export interface VirtualUser {
  readonly vars: Record<string, unknown>;
}

/** Ends by its callback or by the promise that it returns, as in artillery's own engines. */
export type UserFunction = (
  context: VirtualUser,
  metrics: Metrics,
  done: (error?: unknown) => void,
) => unknown;

export type Processor = Readonly<Record<string, unknown>>;

/** The part of artillery's helpers that is used here. */
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

export type RunSteps = (context: VirtualUser, metrics: Metrics) => Promise<void>;

/** Runs the steps one after another. Throws a {@link SimulatorError} at a missing function. */
export function compile(steps: readonly Step[], parts: StepParts): RunSteps {
  const compiled = steps.map((step) => compileStep(step, parts));
  return async (context, metrics) => {
    for (const run of compiled) await run(context, metrics);
  };
}

function compileStep(step: Step, parts: StepParts): RunSteps {
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

function callFunction(name: string, processor: Processor = {}): RunSteps {
  const found = Object.hasOwn(processor, name) ? processor[name] : undefined;
  if (typeof found !== 'function') {
    throw new SimulatorError('usage', `config.processor exports no function "${name}"`);
  }
  const call = found as UserFunction;
  return (context, metrics) =>
    new Promise((resolve, reject) => {
      const done = (error?: unknown): void => (error ? reject(error) : resolve());
      const returned = call(context, metrics, done);
      if (returned instanceof Promise) returned.then(() => done(), done);
    });
}
