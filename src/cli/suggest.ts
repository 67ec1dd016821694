/** Suggestions for a mistyped word. */
import leven from 'leven';

/** The nearest of the candidates; `undefined` if none is near. */
export function suggestion(typed: string, candidates: readonly string[]): string | undefined {
  const word = typed.toLowerCase();
  const beginnings = candidates.filter(
    (candidate) => word.length > 1 && candidate.startsWith(word),
  );
  if (beginnings.length === 1) return beginnings[0];
  // With more than a third of its letters wrong, it is another word.
  let leastDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  let nearest: string | undefined;
  for (const candidate of candidates) {
    const distance = leven(word, candidate);
    if (distance >= leastDistance) continue;
    leastDistance = distance;
    nearest = candidate;
  }
  return nearest;
}

const NEAR_MAX = 3;

/** Ids that are similar to the typed one or contain it; the nearest first. */
export function nearOnes(typed: string, ids: Iterable<string>): readonly string[] {
  const word = typed.toLowerCase();
  const distanceMax = Math.max(1, Math.floor(word.length / 3));
  const near: { readonly id: string; readonly distance: number }[] = [];
  for (const id of ids) {
    const isPart = word !== '' && id.toLowerCase().includes(word);
    const distance = isPart ? 0 : leven(word, id.toLowerCase(), { maxDistance: distanceMax + 1 });
    if (distance <= distanceMax) near.push({ id, distance });
  }
  return near
    .sort((left, right) => left.distance - right.distance)
    .slice(0, NEAR_MAX)
    .map(({ id }) => id);
}
