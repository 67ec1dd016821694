/**
 * Kills workers in mid-batch: after the first write of an invocation that was acknowledged, and before
 * its last, for it dies at a further write that it sends. Whether DynamoDB still gets that one is left
 * to the random source. Free of any transport: how a worker is killed is the world's business.
 */

import type { History } from '../../history/history.ts';
import type { Random } from '../../model/random.ts';
import type { Gateway, GatewayRequest } from '../gateway/gateway.ts';
import { isWrite } from '../gateway/wire.ts';

export interface KillParts {
  /** How many, in the whole run. */
  readonly kills: number;
  /** About as many batches as the run will have; the kills are spread over them. */
  readonly batches: number;
  readonly random: Random;
  readonly history: History;
  /** Kills at once; false: the worker is no longer at that invocation. */
  kill(worker: string, invocation: number): boolean;
}

/** The gateway, with death in front of it. */
export function withKills(gateway: Gateway, parts: KillParts): Gateway {
  const { random, history } = parts;
  const invocations = new Map<number, Invocation>();
  let killsLeft = parts.kills;
  // Late batches are a reserve: an invocation that was to die may have had too few writes for it.
  let batchesLeft = Math.max(parts.kills, Math.round(parts.batches * SPREAD_RATIO));

  const begin = (): Invocation => {
    const isUrgent = batchesLeft <= killsLeft;
    const chance = Math.min(CHANCE_MAX, killsLeft / Math.max(1, batchesLeft));
    if (batchesLeft > 0) batchesLeft--;
    // Mostly early, now and then late: some batches have few writes, some have many.
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
        const answer = isForwarded ? await gateway.handle(request) : undefined;
        if (parts.kill(request.worker, request.invocation)) {
          history.record({
            type: 'invocation-killed',
            invocation: request.invocation,
            worker: request.worker,
            acknowledgedWrites: acknowledged,
            lastWriteForwarded: isForwarded,
          });
          return { kind: 'lost' };
        }
        killsLeft++;
        if (answer !== undefined) return answer;
      }
      const answer = await gateway.handle(request);
      if (answer.kind === 'reply' && answer.status < 300) state.acknowledged++;
      return answer;
    },
  };
}

interface Invocation {
  /** Writes that it has heard of as done. */
  acknowledged: number;
  /** So many of them, and it dies at the next write; undefined: it lives. */
  dueAfter: number | undefined;
}

/** Even where more kills than batches are left, a batch must come through in the end. */
const CHANCE_MAX = 0.9;
const SPREAD_RATIO = 0.8;
/** At most 32 acknowledged writes. */
const DOUBLINGS_MAX = 5;
