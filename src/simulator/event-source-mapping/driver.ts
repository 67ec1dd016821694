/**
 * Runs the delivery machine in a world: carries out its commands, feeds it what comes of them. The world
 * has the clock, the stream and the function; a local one real ones, a simulated one its own. It runs
 * alone as well, without a simulator around it.
 */

import type { History } from '../history/history.ts';
import type { Invoked } from '../model/history.ts';
import type { Random } from '../model/random.ts';
import { step } from './machine.ts';
import type {
  Answer,
  DeliveryCommand,
  DeliveryInput,
  DiscardCommand,
  DiscoveredShard,
  InvokeCommand,
  PollCommand,
} from './messages.ts';
import { inFlight, isDrained } from './selectors.ts';
import type { EventSourceMapping } from './settings.ts';
import { createMapping } from './state.ts';

/** What delivery needs from outside. A promise that rejects ends the delivery with its error. */
export interface DeliveryWorld {
  /** Milliseconds since the epoch, on the clock by which records arrive. */
  now(): number;
  /** Calls back at this time, and answers how to call that off. */
  at(atMs: number, callback: () => void): () => void;
  discover(): Promise<readonly DiscoveredShard[]>;
  poll(command: PollCommand): Promise<PollAnswer>;
  /** Calls `assigned` with the worker that takes it, before it runs. */
  invoke(command: InvokeCommand, assigned: (worker: string) => void): Promise<Answer>;
  /** Takes a batch to the on-failure destination. */
  discard(command: DiscardCommand): Promise<void>;
  /** Nothing up to this record of a shard will be asked for again. */
  checkpointed?(shardId: string, sequenceNumber: string): void;
}

export type PollAnswer =
  | Omit<Extract<DeliveryInput, { type: 'polled' }>, 'shardId'>
  | Omit<Extract<DeliveryInput, { type: 'poll-failed' }>, 'shardId'>;

export interface Delivery {
  /** Resolves when all that was put before `sinceMs` is done or discarded. Rejects if the world failed. */
  drained(sinceMs: number): Promise<void>;
  /** Nothing new is polled or invoked; resolves when what runs has been answered. */
  stop(): Promise<void>;
}

export interface DeliveryParts {
  readonly settings: EventSourceMapping;
  readonly world: DeliveryWorld;
  readonly history: History;
  readonly random: Random;
}

export function startDelivery({ settings, world, history, random }: DeliveryParts): Delivery {
  let state = createMapping(settings);
  let failure: { readonly error: unknown } | undefined;
  let callOff = (): void => {};
  const waiting = new Set<{ isOver(): boolean; resolve(): void; reject(error: unknown): void }>();

  const feed = (input: DeliveryInput): void => {
    if (failure !== undefined) return;
    try {
      const next = step(state, input, world.now(), random);
      state = next.state;
      for (const command of next.commands) carryOut(command);
    } catch (error) {
      fail(error);
    }
    settleWaiting();
  };

  const fail = (error: unknown): void => {
    failure ??= { error };
    callOff();
    settleWaiting();
  };

  const settleWaiting = (): void => {
    for (const waiter of waiting) {
      if (failure === undefined && !waiter.isOver()) continue;
      waiting.delete(waiter);
      if (failure === undefined) waiter.resolve();
      else waiter.reject(failure.error);
    }
  };

  const carryOut = (command: DeliveryCommand): void => {
    switch (command.type) {
      case 'record':
        history.record(command.fact);
        if (command.fact.type === 'checkpoint-moved') {
          world.checkpointed?.(command.fact.shardId, command.fact.sequenceNumber);
        }
        break;
      case 'wake':
        callOff();
        callOff = world.at(command.atMs, () => feed({ type: 'tick' }));
        break;
      case 'discover':
        world.discover().then((shards) => feed({ type: 'shards-discovered', shards }), fail);
        break;
      case 'poll':
        world.poll(command).then((answer) => feed({ ...answer, shardId: command.shardId }), fail);
        break;
      case 'invoke':
        world
          .invoke(command, (worker) => history.record(invoked(command, worker)))
          .then(
            (answer) => feed({ type: 'answered', invocationId: command.invocationId, answer }),
            fail,
          );
        break;
      case 'discard':
        history.record({
          type: 'batch-discarded',
          shardId: command.shardId,
          reason: command.reason,
          invocations: command.invocations,
          sequenceNumbers: command.records.map(({ sequenceNumber }) => sequenceNumber),
        });
        world.discard(command).catch(fail);
        break;
    }
  };

  const wait = (isOver: () => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.add({ isOver, resolve, reject });
      settleWaiting();
    });

  world.discover().then((shards) => feed({ type: 'shards-discovered', shards }), fail);
  return {
    drained: (sinceMs) => wait(() => isDrained(state, sinceMs)),
    stop() {
      callOff();
      feed({ type: 'switched', on: false });
      return wait(() => inFlight(state).length === 0);
    },
  };
}

/** An invocation as the history has it. */
export function invoked(command: InvokeCommand, worker: string): Invoked {
  return {
    type: 'invoked',
    invocation: command.invocationId,
    worker,
    shardId: command.shardId,
    attempt: command.attempt,
    repeated: command.repeated,
    sequenceNumbers: command.records.map(({ sequenceNumber }) => sequenceNumber),
  };
}
