/** The events of a product that live tables hold: its holders' registrations and its purchases. */
import type { GameEvent } from '../../../handler/domain/event.ts';
import type { Row } from '../../model/workload.ts';

/** `contribution`, `purchases`: the product's rows in Contributions and Events. */
export function storedEvents(
  productId: string,
  contribution: Row | undefined,
  purchases: readonly Row[],
): readonly GameEvent[] {
  const registered = (kind: 'creation' | 'photograph', role: string): GameEvent[] => {
    const [origin, eventId] = [contribution?.[role], contribution?.[`${role}EventId`]];
    if (typeof origin !== 'string' || typeof eventId !== 'string') return [];
    return [{ kind, productId, eventId, origin }];
  };
  return [
    ...registered('creation', 'creator'),
    ...registered('photograph', 'photographer'),
    ...purchases.map(
      ({ eventId, origin, timeOrigin }): GameEvent => ({
        kind: 'purchase',
        productId,
        eventId: String(eventId),
        origin: String(origin),
        timeOrigin: String(timeOrigin),
      }),
    ),
  ];
}
