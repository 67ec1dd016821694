/** Limits of the shipped handler, by its own names, that a small history reaches. */
import type { Random } from '../../model/random.ts';
import { below } from '../../random.ts';

export function smallLimits(random: Random): Readonly<Record<string, number>> {
  return {
    ...(random() < 0.7 ? { purchasesPerWrite: 1 + below(random, 3) } : {}),
    ...(random() < 0.3 ? { productsAtOnce: 1 } : {}),
    ...(random() < 0.3 ? { attemptsMax: 2 + below(random, 3) } : {}),
    ...(random() < 0.5 ? { transactionActionsMax: 2 + below(random, 4) } : {}),
  };
}
