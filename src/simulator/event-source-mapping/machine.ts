/**
 * Lambda's event source mapping for a Kinesis stream, as a pure state machine: from a state, an input,
 * the time and random source to the next state and the commands that a driver is to carry out. No timers, no
 * I/O, no clock of its own; it keeps `event-source-mapping.md` 1 to 17, 19 and 20.
 */
import type { Random } from '../model/random.ts';
import { moveCheckpoint } from './checkpoint.ts';
import { deliver, deliveryDueAtMs } from './deliver.ts';
import type { DeliveryCommand, DeliveryInput, DiscoveredShard } from './messages.ts';
import { failPoll, poll, pollDueAtMs, read, rewind } from './read.ts';
import { isFinished } from './selectors.ts';
import { settle } from './settle.ts';
import { createShard, type MappingState, type ShardState } from './state.ts';
import type { ShardDraft, Turn } from './turn.ts';

export interface Step {
  readonly state: MappingState;
  /** To be carried out in this order. */
  readonly commands: readonly DeliveryCommand[];
}

/**
 * `nowMs` is in milliseconds since the epoch, on the clock by which records arrive. The state before
 * stays usable. An answer that nothing asked for is the driver's bug, and throws.
 */
export function step(
  state: MappingState,
  input: DeliveryInput,
  nowMs: number,
  random: Random,
): Step {
  const on = input.type === 'switched' ? input.on : state.on;
  const { settings, invocations, repeatsDue } = state;
  const turn: Turn = { settings, on, nowMs, random, commands: [], invocations, repeatsDue };
  const shards = new Map(state.shards);
  let { discovering, discovered } = state;

  switch (input.type) {
    case 'shards-discovered':
      for (const shard of input.shards) discover(shards, shard, state);
      for (const shard of shards.values()) if (!shard.ready) work(shards, shard, nothing, turn);
      discovering = false;
      discovered = true;
      break;
    case 'polled':
      work(shards, shardOf(shards, input.shardId), (shard) => read(shard, input, turn), turn);
      if (input.endOfShard) {
        discovering = true;
        turn.commands.push({ type: 'discover' });
      }
      break;
    case 'poll-failed':
      work(shards, shardOf(shards, input.shardId), failPoll, turn);
      break;
    case 'answered': {
      const { invocationId, answer } = input;
      const [shard, invocation] = invocationOf(shards, invocationId);
      work(shards, shard, (draft) => settle(draft, invocation, answer, turn), turn);
      break;
    }
    case 'tick':
      for (const shard of shards.values()) {
        if (shard.dueAtMs <= nowMs) work(shards, shard, nothing, turn);
      }
      break;
    case 'switched': {
      const resumes = input.on && !state.on && settings.rereadOnResume;
      for (const shard of shards.values()) work(shards, shard, resumes ? rewind : nothing, turn);
      break;
    }
  }

  // A timer that has fired is gone, though it may have fired early.
  const armedAtMs = input.type === 'tick' ? Number.POSITIVE_INFINITY : state.wakeAtMs;
  const wakeAtMs = wake(shards, armedAtMs, turn);
  return {
    state: {
      settings,
      on,
      invocations: turn.invocations,
      repeatsDue: turn.repeatsDue,
      discovering,
      discovered,
      wakeAtMs,
      shards,
    },
    commands: turn.commands,
  };
}

type Shards = Map<string, ShardState>;

function nothing(): void {}

/** Changes a shard, then does with it whatever can be done now. */
function work(
  shards: Shards,
  shard: ShardState,
  change: (draft: ShardDraft) => void,
  turn: Turn,
): void {
  const draft: ShardDraft = { ...shard };
  draft.ready ||= isReady(shards, shard, turn);
  change(draft);
  deliver(draft, turn);
  moveCheckpoint(draft, turn);
  poll(draft, turn);
  draft.dueAtMs = Math.min(deliveryDueAtMs(draft, turn), pollDueAtMs(draft, turn));
  shards.set(draft.shardId, draft);
  if (!isFinished(draft)) return;
  // Item 19: its children may start now.
  for (const child of shards.values()) {
    if (!child.ready && child.parents.includes(draft.shardId)) work(shards, child, nothing, turn);
  }
}

/** Item 19. A parent that isn't known is older than the stream's retention. */
function isReady(shards: Shards, shard: ShardState, turn: Turn): boolean {
  if (!turn.settings.parentFirst) return true;
  return shard.parents.every((shardId) => {
    const parent = shards.get(shardId);
    return parent === undefined || isFinished(parent);
  });
}

/** Item 20: only the shards found first start at LATEST; children hold what came after. */
function discover(shards: Shards, found: DiscoveredShard, state: MappingState): void {
  if (shards.has(found.shardId)) return;
  const { startingPosition, parallelizationFactor } = state.settings;
  const start = state.discovered ? 'TRIM_HORIZON' : startingPosition;
  shards.set(found.shardId, createShard(found, start, parallelizationFactor));
}

function shardOf(shards: Shards, shardId: string): ShardState {
  const shard = shards.get(shardId);
  if (shard === undefined) throw new Error(`unknown shard ${shardId}`);
  return shard;
}

function invocationOf(shards: Shards, invocationId: number) {
  for (const shard of shards.values()) {
    for (const invocation of shard.running) {
      if (invocation.invocationId === invocationId) return [shard, invocation] as const;
    }
  }
  throw new Error(`no invocation ${invocationId} is in flight`);
}

/** Asks for the earliest time at which any shard moves on by itself, unless it was asked for before. */
function wake(shards: Shards, armedAtMs: number, turn: Turn): number {
  let wakeAtMs = Number.POSITIVE_INFINITY;
  for (const shard of shards.values()) wakeAtMs = Math.min(wakeAtMs, shard.dueAtMs);
  if (wakeAtMs !== armedAtMs && wakeAtMs !== Number.POSITIVE_INFINITY) {
    turn.commands.push({ type: 'wake', atMs: wakeAtMs });
  }
  return wakeAtMs;
}
