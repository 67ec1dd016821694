/**
 * Lambda's event source mapping for a Kinesis stream as a pure state machine: state, input, time
 * and random source in, next state and commands out. Implements items 1 to 17, 19 and 20 of
 * docs/reference/event-source-mapping.md.
 */
import type { Random } from '../model/random.ts';
import { moveCheckpoint } from './checkpoint.ts';
import { completeInvocation } from './complete-invocation.ts';
import { deliver, deliveryDueAtMs } from './deliver.ts';
import type { DeliveryCommand, DeliveryInput, DiscoveredShard } from './messages.ts';
import { failPoll, poll, pollDueAtMs, read, rewind } from './read.ts';
import { isFinished } from './selectors.ts';
import { createShard, type MappingState, type ShardState } from './state.ts';
import type { ShardDraft, StepContext } from './step-context.ts';

export interface Step {
  readonly state: MappingState;
  /** In the order to carry them out. */
  readonly commands: readonly DeliveryCommand[];
}

/**
 * `nowMs` is in milliseconds since the epoch, on the clock of the records' arrival times. The
 * previous state stays valid. Throws on a response that no command asked for: a bug of the driver.
 */
export function step(
  state: MappingState,
  input: DeliveryInput,
  nowMs: number,
  random: Random,
): Step {
  const on = input.type === 'switched' ? input.on : state.on;
  const { settings } = state;
  const context: StepContext = {
    settings,
    on,
    nowMs,
    random,
    commands: [],
    invocations: state.invocations,
    repeatsDue: state.repeatsDue,
  };
  const shards = new Map(state.shards);
  let { discovering, discovered } = state;

  const update = (shard: ShardState, change = unchanged): void =>
    advance(shards, shard, change, context);

  switch (input.type) {
    case 'shards-discovered':
      for (const shard of input.shards) addShard(shards, shard, state);
      for (const shard of shards.values()) if (!shard.ready) update(shard);
      discovering = false;
      discovered = true;
      break;
    case 'polled':
      update(shardOf(shards, input.shardId), (shard) => read(shard, input, context));
      if (input.endOfShard) {
        discovering = true;
        context.commands.push({ type: 'discover' });
      }
      break;
    case 'poll-failed':
      update(shardOf(shards, input.shardId), failPoll);
      break;
    case 'answered': {
      const { invocationId, result } = input;
      const [shard, invocation] = invocationOf(shards, invocationId);
      update(shard, (draft) => completeInvocation(draft, invocation, result, context));
      break;
    }
    case 'tick':
      for (const shard of shards.values()) if (shard.dueAtMs <= nowMs) update(shard);
      break;
    case 'switched': {
      const resumes = input.on && !state.on && settings.rereadOnResume;
      for (const shard of shards.values()) update(shard, resumes ? rewind : unchanged);
      break;
    }
  }

  // A tick uses up the timer, even if it came early.
  const armedAtMs = input.type === 'tick' ? Number.POSITIVE_INFINITY : state.wakeAtMs;
  const wakeAtMs = wake(shards, armedAtMs, context);
  const { commands, invocations, repeatsDue } = context;
  return {
    state: { settings, on, invocations, repeatsDue, discovering, discovered, wakeAtMs, shards },
    commands,
  };
}

type Shards = Map<string, ShardState>;

function unchanged(_draft: ShardDraft): void {}

/** Changes a shard, then starts everything that it can start now. */
function advance(
  shards: Shards,
  shard: ShardState,
  change: (draft: ShardDraft) => void,
  context: StepContext,
): void {
  const draft: ShardDraft = { ...shard };
  draft.ready ||= isReady(shards, shard, context);
  change(draft);
  deliver(draft, context);
  moveCheckpoint(draft, context);
  poll(draft, context);
  draft.dueAtMs = Math.min(deliveryDueAtMs(draft, context), pollDueAtMs(draft, context));
  shards.set(draft.shardId, draft);
  if (!isFinished(draft)) return;
  // Item 19: its children may start now.
  for (const child of shards.values()) {
    if (child.ready || !child.parents.includes(draft.shardId)) continue;
    advance(shards, child, unchanged, context);
  }
}

/** Item 19. An unknown parent is older than the stream's retention. */
function isReady(shards: Shards, shard: ShardState, context: StepContext): boolean {
  if (!context.settings.parentFirst) return true;
  return shard.parents.every((shardId) => {
    const parent = shards.get(shardId);
    return parent === undefined || isFinished(parent);
  });
}

/** Item 20: only the first shards start at LATEST; later ones are read from their beginning. */
function addShard(shards: Shards, found: DiscoveredShard, state: MappingState): void {
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

/** Requests a wake at the earliest time at which a shard can advance, unless it is armed. */
function wake(shards: Shards, armedAtMs: number, context: StepContext): number {
  let wakeAtMs = Number.POSITIVE_INFINITY;
  for (const shard of shards.values()) wakeAtMs = Math.min(wakeAtMs, shard.dueAtMs);
  if (wakeAtMs !== armedAtMs && wakeAtMs !== Number.POSITIVE_INFINITY) {
    context.commands.push({ type: 'wake', atMs: wakeAtMs });
  }
  return wakeAtMs;
}
