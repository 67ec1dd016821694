/**
 * Delivery by AWS: waits until a sentinel of every shard is applied and the tables stand still.
 *
 * A sentinel may be applied before the other records of its batch. So there are two rounds: the
 * sentinels of the second lie behind the batches of the first. Where a shard has several lanes, no
 * sentinel speaks for all of them. What decides is therefore the comparison: right twice in a row,
 * or wrong and unchanged.
 */
import { sameValue } from '../../check/equality.ts';
import type { Pushes } from '../../disorder/disorder.ts';
import type { Stall } from '../../model/failure.ts';
import type { RemoteWorld } from '../../worlds/world.ts';
import type { CheckedTables } from '../check-tables.ts';
import type { Deliver, DeliverParts } from './deliver.ts';

export const deliverRemotely: Deliver = ({ world, ...parts }) => {
  if (world.remote === undefined) throw new TypeError('only on a deployed stack AWS delivers');
  const remote: RemoteParts = { ...parts, world };
  return { finish: () => awaitDelivery(remote) };
};

type RemoteParts = DeliverParts & { readonly world: RemoteWorld };

const ROUNDS = 2;

async function awaitDelivery(parts: RemoteParts): Promise<Stall | undefined> {
  const { options, world } = parts;
  const deadlineMs = parts.now() + options.wait * 1000;
  for (let round = 1; round <= ROUNDS; round++) {
    const shardIds = await awaitSentinels(round, deadlineMs, parts);
    if (shardIds.length === 0) continue;
    const { stackName } = world.remote;
    const missing = { cause: 'sentinels-missing', shardIds, waitSeconds: options.wait } as const;
    return (await batchesGivenUp(parts)) ?? { ...missing, stackName };
  }
  return awaitStillTables(deadlineMs, parts);
}

/** The shards whose sentinels were not applied in time. */
async function awaitSentinels(
  round: number,
  deadlineMs: number,
  { world: { remote, pause }, history, now }: RemoteParts,
): Promise<readonly string[]> {
  const putAtMs = now();
  let open = await remote.putSentinels(round);
  for (;;) {
    const applied = await Promise.all(open.map((sentinel) => sentinel.isApplied()));
    for (const { shardId } of open.filter((_, at) => applied[at])) {
      history.append({ type: 'sentinel-applied', shardId, round, lagMs: now() - putAtMs });
    }
    open = open.filter((_, at) => !applied[at]);
    // A batch that was given up may have had a sentinel in it.
    const isOver = open.length === 0 || now() > deadlineMs || (await remote.discarded()) > 0;
    if (isOver) return open.map(({ shardId }) => shardId);
    await pause(remote.pollMs);
  }
}

async function awaitStillTables(
  deadlineMs: number,
  parts: RemoteParts,
): Promise<Stall | undefined> {
  const { world, options, pushes, now, checkTables } = parts;
  const { remote, pause } = world;
  const malformed = countMalformed(pushes);
  let last: CheckedTables | undefined;
  let sinceMs = now();
  for (;;) {
    const checked = await checkTables();
    const { differences, quarantined = malformed } = checked;
    const isRight = differences.length === 0 && quarantined === malformed;
    if (!sameValue(checked, last)) [last, sinceMs] = [checked, now()];
    else if (isRight) return undefined;
    else if (now() - sinceMs >= options.still * 1000) break;
    if (now() > deadlineMs) {
      const { stackName } = remote;
      const limits = { stillSeconds: options.still, waitSeconds: options.wait };
      return { cause: 'tables-not-still', ...limits, stackName };
    }
    await pause(remote.pollMs);
  }
  return batchesGivenUp(parts);
}

/** The tables may lawfully lack what these batches had. */
async function batchesGivenUp({ world }: RemoteParts): Promise<Stall | undefined> {
  const batches = await world.remote.discarded();
  return batches === 0 ? undefined : { cause: 'batches-given-up', batches };
}

function countMalformed(pushes: Pushes): number {
  let malformed = 0;
  for (let at = 0; at < pushes.length; at++) if (pushes.at(at).event < 0) malformed++;
  return malformed;
}
