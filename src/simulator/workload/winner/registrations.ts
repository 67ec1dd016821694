/**
 * Who registers which product, and when. A registration is a `product/create` or `product/image`
 * event. Two of one kind for one product are rivals: the one with the least event id counts.
 */
import type { Random } from '../../model/random.ts';
import { below, shuffle } from '../../random.ts';

export interface Registration {
  readonly kind: 'creation' | 'photograph';
  /** The product, by its rank in sales. */
  readonly rank: number;
  /** The user, by number. */
  readonly user: number;
}

/**
 * How many creators and photographers a product has, by rank, repeated every twenty. The numbers
 * are fixed, so that any twenty products include every case (rivals, no registration, one role
 * only) and the best seller has rivals.
 */
const CANDIDATES: readonly (readonly [creators: number, photographers: number])[] = [
  ...([
    [2, 2],
    [1, 3],
    [3, 1],
    [2, 2],
    [1, 0],
  ] as const),
  ...([
    [2, 1],
    [0, 2],
    [2, 1],
    [1, 2],
    [3, 2],
  ] as const),
  ...([
    [1, 1],
    [2, 1],
    [1, 3],
    [0, 0],
    [1, 2],
  ] as const),
  ...([
    [2, 1],
    [2, 1],
    [2, 3],
    [1, 0],
    [2, 1],
  ] as const),
];

/**
 * The registrations by their index in the history; at most half of all events, best sellers first.
 */
export function planRegistrations(
  random: Random,
  size: { readonly count: number; readonly products: number; readonly users: number },
): ReadonlyMap<number, Registration> {
  const most = Math.floor(size.count / 2);
  const plan = new Map<number, Registration>();
  for (let rank = 0; rank < size.products && plan.size < most; rank++) {
    for (const registration of shuffle(random, registrationsOf(random, rank, size.users))) {
      if (plan.size === most) break;
      plan.set(freeIndex(plan, drawMoment(random), size.count), registration);
    }
  }
  return plan;
}

function registrationsOf(random: Random, rank: number, users: number): Registration[] {
  const [creators, photographers] = CANDIDATES[rank % CANDIDATES.length] ?? [1, 1];
  const registrations: Registration[] = [];
  for (const [kind, candidates] of [
    ['creation', creators],
    ['photograph', photographers],
  ] as const) {
    // Some users are busier than others: u * sqrt(u) favours low numbers, and is exact on every
    // machine.
    const drawn = random();
    const first = Math.floor(users * drawn * Math.sqrt(drawn));
    for (let rival = 0; rival < candidates; rival++) {
      registrations.push({ kind, rank, user: (first + rival) % users });
    }
  }
  return registrations;
}

/**
 * A position in the history, in [0, 1): mostly early, sometimes late, when much has been sold
 * already.
 */
function drawMoment(random: Random): number {
  const spread = below(random, 20);
  if (spread < 11) return random() ** 2 / 4;
  if (spread < 17) return random();
  return 0.5 + random() / 2;
}

/** The first index from that position on, wrapping around, that has no registration. */
function freeIndex(plan: ReadonlyMap<number, unknown>, moment: number, count: number): number {
  let index = Math.floor(moment * count);
  while (plan.has(index)) index = (index + 1) % count;
  return index;
}
