/**
 * Why a score is what it is: the products that the user registered, each with what it brings. Where
 * one product's figures make up the whole difference, it is named with the mistake they look like.
 */
import type { Difference, Explanation } from '../../model/workload.ts';
import type { Dossiers } from './dossier.ts';
import { compareRegistered } from './reference.ts';

/** One product from the point of view of one user in one role. */
interface Stake {
  readonly productId: string;
  /** Whether the user holds the role. */
  readonly held: boolean;
  /** Who holds it, since which event. */
  readonly holder: { readonly origin: string; readonly eventId: string };
  /** Purchases after the user's own registration, in canonical order of ids: credited if held. */
  readonly after: readonly number[];
  /** Purchases up to it, which credit nobody or another. */
  readonly before: readonly number[];
  readonly registrations: readonly number[];
}

export function explainScores(
  { key, expected, actual }: Difference,
  dossiers: Dossiers,
): Explanation {
  const [userId = '', role = ''] = key;
  const stakes = stakesOf(userId, role === 'creator' ? 'creation' : 'photograph', dossiers);
  const should = Number(expected?.['score'] ?? 0);
  const is = Number(actual?.['score'] ?? 0);
  const amount = Math.abs(is - should);
  const suspects = stakes
    .map((stake) => ({
      stake,
      cause: is > should ? causeOfMore(stake, amount) : causeOfLess(stake, amount),
    }))
    .filter(({ cause }) => cause !== undefined);

  const holdings = stakes.filter(({ held }) => held).length;
  const general =
    is > should
      ? 'purchases were counted twice, or stayed credited after another took the role'
      : 'purchases were not counted, or the role was not taken from another';
  return {
    headline:
      `${userId} as ${role}: score ${is} is ${amount} too ${is > should ? 'high' : 'low'}, should be ${should} ` +
      `(holds ${holdings} of ${stakes.length} products registered): ` +
      (suspects.length > 0
        ? suspects
            .map(({ cause }) => cause)
            .slice(0, 3)
            .join('; or ')
        : general),
    events: eventsOf(suspects.length > 0 ? suspects.map(({ stake }) => stake) : stakes),
  };
}

function causeOfMore({ productId, held, holder, after, before }: Stake, amount: number) {
  if (!held && after.length === amount) {
    return `as if still credited for the ${purchases(amount)} of product ${productId}, which ${holder.origin} holds since ${holder.eventId}`;
  }
  if (held && before.length === amount) {
    return `as if credited for the ${purchases(amount)} of product ${productId} before the registration ${holder.eventId}`;
  }
  if (held && after.length === amount) {
    return `as if the ${purchases(amount)} of product ${productId} had been counted twice`;
  }
  return undefined;
}

function causeOfLess({ productId, held, holder, after }: Stake, amount: number) {
  return held && after.length === amount
    ? `as if not credited for the ${purchases(amount)} of product ${productId} after the registration ${holder.eventId}`
    : undefined;
}

/** `1 purchase`, `2 purchases`. */
function purchases(amount: number): string {
  return `${amount} purchase${amount === 1 ? '' : 's'}`;
}

function stakesOf(
  userId: string,
  kind: 'creation' | 'photograph',
  { history, products, registeredBy }: Dossiers,
): Stake[] {
  const stakes: Stake[] = [];
  for (const productId of registeredBy.get(userId) ?? []) {
    const product = products.get(productId);
    const registrations = product?.[kind] ?? [];
    const sorted = registrations.map((index) => history.at(index)).sort(compareRegistered);
    const holder = sorted[0];
    const own = sorted.find(({ origin }) => origin === userId);
    if (product === undefined || holder === undefined || own === undefined) continue;
    const isAfter = (index: number) => history.at(index).eventId > own.eventId;
    stakes.push({
      productId,
      held: holder.origin === userId,
      holder,
      after: product.purchase.filter(isAfter),
      before: product.purchase.filter((index) => !isAfter(index)),
      registrations,
    });
  }
  return stakes;
}

/** Registrations first, then the purchases that are or look credited: a cut takes from the end. */
function eventsOf(stakes: readonly Stake[]): number[] {
  return [
    ...stakes.flatMap(({ registrations }) => registrations),
    ...stakes.flatMap(({ after }) => after),
    ...stakes.flatMap(({ held, before }) => (held ? before : [])),
  ];
}
