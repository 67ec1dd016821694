/**
 * The delivery stage where delivery is AWS's own: waits until a sentinel of every shard has been applied and the
 * tables stand still.
 *
 * A sentinel is applied when its own row is written, and its batch may have events that are not applied yet. So there are two
 * rounds: those of the second lie behind the batches of the first. Where a shard has several lanes, no sentinel
 * speaks for all of them. What decides is therefore the comparison: right twice in a row, or wrong and unchanged.
 */
import { sameValue } from '../../check/equality.ts';
import type { Pushes } from '../../disorder/disorder.ts';
import type { History } from '../../history/history.ts';
import type { RunOptions } from '../../model/run-options.ts';
import type { RemoteDelivery } from '../../worlds/world.ts';
import type { Checked } from '../check.ts';

export interface ArriveParts {
  readonly remote: RemoteDelivery;
  readonly pause: (ms: number) => Promise<void>;
  readonly history: History;
  readonly options: Pick<RunOptions, 'wait' | 'still'>;
  readonly pushes: Pushes;
  /** Milliseconds. */
  readonly now: () => number;
  /** Compares the tables as they are now. */
  readonly look: () => Promise<Checked>;
}

const ROUNDS = 2;

/** Resolves when the tables say what they will say, or with the reason why that isn't known. */
export async function arrive(parts: ArriveParts): Promise<string | undefined> {
  const deadlineMs = parts.now() + parts.options.wait * 1000;
  for (let round = 1; round <= ROUNDS; round++) {
    const missing = await awaitSentinels(round, deadlineMs, parts);
    if (missing.length > 0) {
      return (
        (await gaveUp(parts)) ??
        `within ${parts.options.wait} s (--wait) nothing was seen of the last record of ${missing.join(', ')}: ` +
          `look at ${parts.remote.whereToLook}`
      );
    }
  }
  return standStill(deadlineMs, parts);
}

/** The shards whose sentinels have not come in time. */
async function awaitSentinels(
  round: number,
  deadlineMs: number,
  { remote, pause, history, now }: ArriveParts,
): Promise<readonly string[]> {
  const putAtMs = now();
  let open = await remote.putSentinels(round);
  for (;;) {
    const applied = await Promise.all(open.map((sentinel) => sentinel.isApplied()));
    for (const { shardId } of open.filter((_, at) => applied[at])) {
      history.record({ type: 'sentinel-applied', shardId, round, lagMs: now() - putAtMs });
    }
    open = open.filter((_, at) => !applied[at]);
    // Once a batch was given up, a sentinel may have been in it.
    const isOver = open.length === 0 || now() > deadlineMs || (await remote.discarded()) > 0;
    if (isOver) return open.map(({ shardId }) => shardId);
    await pause(remote.pollMs);
  }
}

async function standStill(deadlineMs: number, parts: ArriveParts): Promise<string | undefined> {
  const { remote, pause, options, pushes, now, look } = parts;
  const malformed = countMalformed(pushes);
  let last: Checked | undefined;
  let sinceMs = now();
  for (;;) {
    const seen = await look();
    const isRight = seen.differences.length === 0 && (seen.quarantined ?? malformed) === malformed;
    if (!sameValue(seen, last)) [last, sinceMs] = [seen, now()];
    else if (isRight) return undefined;
    else if (now() - sinceMs >= options.still * 1000) break;
    if (now() > deadlineMs) {
      return (
        `the tables still changed, or had not stood still for ${options.still} s (--still), ` +
        `${options.wait} s after the last put (--wait): look at ${remote.whereToLook}`
      );
    }
    await pause(remote.pollMs);
  }
  return gaveUp(parts);
}

/** What the tables lawfully lack. */
async function gaveUp({ remote }: ArriveParts): Promise<string | undefined> {
  const discarded = await remote.discarded();
  if (discarded === 0) return undefined;
  const batches = `${discarded} ${discarded === 1 ? 'batch' : 'batches'}`;
  return `Lambda gave up ${batches}, named in the failure queue: see simulate redrive`;
}

function countMalformed(pushes: Pushes): number {
  let malformed = 0;
  for (let at = 0; at < pushes.length; at++) if (pushes.at(at).event < 0) malformed++;
  return malformed;
}
