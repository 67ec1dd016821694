/** Drives the mapping's state machine: carries out its commands and feeds back the responses. */

import type { History } from '../history/history.ts';
import type { Invoked } from '../model/history.ts';
import type { Random } from '../model/random.ts';
import type { DeliveryWorld } from './delivery-world.ts';
import { step } from './machine.ts';
import type { DeliveryCommand, DeliveryInput, InvokeCommand } from './messages.ts';
import { inFlight, isDrained } from './selectors.ts';
import type { EventSourceMapping } from './settings.ts';
import { createMapping } from './state.ts';

export interface Delivery {
  /** Resolves when all records put before `sinceMs` are done or discarded. */
  drained(sinceMs: number): Promise<void>;
  /** Stops polling and invoking; resolves when the running invocations have ended. */
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
  const waiters = new Set<Waiter>();

  const feed = (input: DeliveryInput): void => {
    if (failure !== undefined) return;
    try {
      const next = step(state, input, world.now(), random);
      state = next.state;
      for (const command of next.commands) commands.carryOut(command);
    } catch (error) {
      fail(error);
    }
    settleWaiters();
  };

  const fail = (error: unknown): void => {
    failure ??= { error };
    commands.cancelWake();
    settleWaiters();
  };

  const settleWaiters = (): void => {
    for (const waiter of waiters) {
      if (failure === undefined && !waiter.isOver()) continue;
      waiters.delete(waiter);
      if (failure === undefined) waiter.resolve();
      else waiter.reject(failure.error);
    }
  };

  const wait = (isOver: () => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      waiters.add({ isOver, resolve, reject });
      settleWaiters();
    });

  const commands = commandRunner({ world, history, feed, fail });
  commands.carryOut({ type: 'discover' });
  return {
    drained: (sinceMs) => wait(() => isDrained(state, sinceMs)),
    stop() {
      commands.cancelWake();
      feed({ type: 'switched', on: false });
      return wait(() => inFlight(state).length === 0);
    },
  };
}

interface Waiter {
  isOver(): boolean;
  resolve(): void;
  reject(error: unknown): void;
}

interface CommandRunnerParts extends Pick<DeliveryParts, 'world' | 'history'> {
  feed(input: DeliveryInput): void;
  fail(error: unknown): void;
}

function commandRunner({ world, history, feed, fail }: CommandRunnerParts) {
  let cancelWake = (): void => {};

  function carryOut(command: DeliveryCommand): void {
    switch (command.type) {
      case 'append':
        history.append(command.fact);
        if (command.fact.type === 'checkpoint-moved') {
          world.checkpointed?.(command.fact.shardId, command.fact.sequenceNumber);
        }
        break;
      case 'wake':
        cancelWake();
        cancelWake = world.at(command.atMs, () => feed({ type: 'tick' }));
        break;
      case 'discover':
        world.discover().then((shards) => feed({ type: 'shards-discovered', shards }), fail);
        break;
      case 'poll':
        world.poll(command).then((result) => feed({ ...result, shardId: command.shardId }), fail);
        break;
      case 'invoke':
        world
          .invoke(command, (worker) => history.append(invoked(command, worker)))
          .then(
            (result) => feed({ type: 'answered', invocationId: command.invocationId, result }),
            fail,
          );
        break;
      case 'discard':
        history.append({
          type: 'batch-discarded',
          shardId: command.shardId,
          reason: command.reason,
          invocations: command.invocations,
          sequenceNumbers: command.records.map(({ sequenceNumber }) => sequenceNumber),
        });
        world.discard(command).catch(fail);
        break;
    }
  }

  return { carryOut, cancelWake: () => cancelWake() };
}

/** The history's fact for an invocation. */
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
