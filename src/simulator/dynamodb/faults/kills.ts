/**
 * Kills workers in mid-batch: when a worker that has got at least one write acknowledged sends
 * another. Whether DynamoDB still gets that write is random. The world provides the kill itself.
 */
import type { History } from '../../history/history.ts';
import type { Random } from '../../model/random.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { isWrite } from '../gateway/operations.ts';
import type { GatewayRequest } from '../gateway/request.ts';

export interface KillParts {
  /** Kills in the whole run. */
  readonly kills: number;
  /** Estimated batches of the run, over which the kills are spread. */
  readonly batches: number;
  readonly random: Random;
  readonly history: History;
  /** Kills at once. Returns false if the worker is no longer running that invocation. */
  kill(worker: string, invocation: number): boolean;
}

/** A gateway that kills some of its callers. */
export function withKills(gateway: Gateway, parts: KillParts): Gateway {
  const { random, history } = parts;
  const invocations = new Map<number, Invocation>();
  let killsLeft = parts.kills;
  // The late batches are a reserve: a chosen invocation may have too few writes to be killed.
  let batchesLeft = Math.max(parts.kills, Math.round(parts.batches * SPREAD_RATIO));

  const begin = (): Invocation => {
    const isUrgent = batchesLeft <= killsLeft;
    const chance = Math.min(CHANCE_MAX, killsLeft / Math.max(1, batchesLeft));
    if (batchesLeft > 0) batchesLeft--;
    // Mostly after few writes, sometimes after many, as batches differ in size.
    const dueAfter = isUrgent ? 1 : Math.floor(2 ** (random() * DOUBLINGS_MAX));
    return { acknowledged: 0, dueAfter: random() < chance ? dueAfter : undefined };
  };

  const invocationOf = ({ invocation }: GatewayRequest): Invocation => {
    const known = invocations.get(invocation) ?? begin();
    invocations.set(invocation, known);
    return known;
  };

  return {
    idle: () => gateway.idle(),
    async handle(request) {
      if (request.invocation === 0 || !isWrite(request.operation)) return gateway.handle(request);
      const state = invocationOf(request);
      const { dueAfter, acknowledged } = state;
      if (killsLeft > 0 && dueAfter !== undefined && acknowledged >= dueAfter) {
        killsLeft--;
        state.dueAfter = undefined;
        const isForwarded = random() < 0.5;
        const result = isForwarded ? await gateway.handle(request) : undefined;
        if (parts.kill(request.worker, request.invocation)) {
          history.append({
            type: 'invocation-killed',
            invocation: request.invocation,
            worker: request.worker,
            acknowledgedWrites: acknowledged,
            lastWriteForwarded: isForwarded,
          });
          return { kind: 'lost' };
        }
        killsLeft++;
        if (result !== undefined) return result;
      }
      const result = await gateway.handle(request);
      if (result.kind === 'response' && result.status < 300) state.acknowledged++;
      return result;
    },
  };
}

interface Invocation {
  /** Writes that succeeded. */
  acknowledged: number;
  /** It is killed at the first write after this many; undefined: never. */
  dueAfter: number | undefined;
}

/** Below 1, so that a batch succeeds in the end even if more kills than batches are left. */
const CHANCE_MAX = 0.9;
const SPREAD_RATIO = 0.8;
/** At most 2 ** 5 acknowledged writes. */
const DOUBLINGS_MAX = 5;
