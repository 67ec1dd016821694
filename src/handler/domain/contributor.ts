/** The roles of a product, and which of two candidates for a role comes first. */

export type Role = 'creator' | 'photographer';
export const ROLES: readonly Role[] = ['creator', 'photographer'];

/** A candidate for a role: the origin and event id of a registration. */
export interface Contributor {
  readonly origin: string;
  readonly eventId: string;
}

/** The candidate, if it takes the role from its holder. */
export function successor(
  holder: Contributor | undefined,
  candidate: Contributor | undefined,
): Contributor | undefined {
  if (candidate === undefined) return undefined;
  return holder === undefined || precedes(candidate, holder) ? candidate : undefined;
}

/** Rule 3: by event id, then by origin; both are compared byte by byte. */
export function precedes(left: Contributor, right: Contributor): boolean {
  if (left.eventId !== right.eventId) return left.eventId < right.eventId;
  return compareBytes(left.origin, right.origin) < 0;
}

/** UTF-8 byte order, which for well-formed text is the order of code points. */
function compareBytes(left: string, right: string): number {
  const rightPoints = right[Symbol.iterator]();
  for (const point of left) {
    const other = rightPoints.next();
    if (other.done) return 1;
    const difference = (point.codePointAt(0) ?? 0) - (other.value.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return rightPoints.next().done ? 0 : -1;
}
