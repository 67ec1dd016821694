/** Why a product has its contributors, and how others could get into the table. */
import type { Difference, Explanation, Row } from '../../model/workload.ts';
import type { HistoryIndex } from './history-index.ts';

const ROLES = [
  { role: 'creator', kind: 'creation', schema: 'product/create' },
  { role: 'photographer', kind: 'photograph', schema: 'product/image' },
] as const;

type Role = (typeof ROLES)[number];

/** The events are the registrations of the roles that differ. */
export function explainContributions(
  difference: Difference,
  { history, products }: HistoryIndex,
): Explanation {
  const productId = difference.key[0] ?? '';
  const wrong = ROLES.filter(({ role }) =>
    [role, `${role}EventId`].some(
      (name) => difference.expected?.[name] !== difference.actual?.[name],
    ),
  );
  const registrations = (kind: Role['kind']) => products.get(productId)?.[kind] ?? [];
  const causes = wrong.map((role) =>
    causeOf(
      role,
      difference,
      registrations(role.kind).map((index) => history.at(index)),
    ),
  );
  return {
    headline: `product ${productId}: ${causes.join('; ') || otherAttributes(difference)}`,
    events: wrong.flatMap(({ kind }) => registrations(kind)),
  };
}

function causeOf(
  { role, schema }: Role,
  { expected, actual }: Difference,
  registrations: readonly { readonly eventId: string; readonly origin: string }[],
): string {
  const right = contributor(expected, role);
  const held = contributor(actual, role);
  if (right === undefined) {
    return `the table has ${role} ${held?.origin}, but there is no ${schema}`;
  }
  const least = `the ${schema} with the least event id is ${right.eventId} by ${right.origin}`;
  if (held === undefined) return `${least}; the table has no ${role}`;
  const known = registrations.some(
    ({ eventId, origin }) => eventId === held.eventId && origin === held.origin,
  );
  if (!known) {
    return `${least}; the table has ${held.origin} with event id ${held.eventId}, which is not a ${schema} of this product`;
  }
  if (held.eventId === right.eventId) {
    return `${least}, the smaller of the origins that share it; the table has ${held.origin}`;
  }
  return `${least}; the table has ${held.origin}, whose event id ${held.eventId} is greater: a later registration was kept, as when the first to arrive wins`;
}

function contributor(row: Row | undefined, role: Role['role']) {
  const [origin, eventId] = [row?.[role], row?.[`${role}EventId`]];
  if (origin === undefined && eventId === undefined) return undefined;
  return { origin: String(origin), eventId: String(eventId) };
}

function otherAttributes({ expected, actual }: Difference): string {
  const extra = Object.keys({ ...expected, ...actual }).filter(
    (name) => expected?.[name] !== actual?.[name],
  );
  return `${extra.join(', ')} should not differ`;
}
