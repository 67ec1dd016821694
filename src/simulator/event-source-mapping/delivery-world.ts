/** What a mapping's driver needs from its world. A rejection ends the delivery with its error. */
import type {
  DeliveryInput,
  DiscardCommand,
  DiscoveredShard,
  InvocationResult,
  InvokeCommand,
  PollCommand,
} from './messages.ts';

export interface DeliveryWorld {
  /** Milliseconds since the epoch, on the clock of the records' arrival times. */
  now(): number;
  /** Calls back at this time. Returns a function that cancels the call. */
  at(atMs: number, callback: () => void): () => void;
  discover(): Promise<readonly DiscoveredShard[]>;
  poll(command: PollCommand): Promise<PollResult>;
  /** Calls `assigned` with the worker's name before the handler runs. */
  invoke(command: InvokeCommand, assigned: (worker: string) => void): Promise<InvocationResult>;
  /** Sends a batch to the on-failure destination. */
  discard(command: DiscardCommand): Promise<void>;
  /** Records of a shard up to this one won't be polled again. */
  checkpointed?(shardId: string, sequenceNumber: string): void;
}

export type PollResult =
  | Omit<Extract<DeliveryInput, { type: 'polled' }>, 'shardId'>
  | Omit<Extract<DeliveryInput, { type: 'poll-failed' }>, 'shardId'>;
