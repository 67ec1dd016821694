/** What somebody may have meant who mistyped a word. */
import leven from 'leven';

/** The nearest of the candidates, or `undefined` where none is near. */
export function suggestion(typed: string, candidates: readonly string[]): string | undefined {
  const word = typed.toLowerCase();
  const beginnings = candidates.filter(
    (candidate) => word.length > 1 && candidate.startsWith(word),
  );
  if (beginnings.length === 1) return beginnings[0];
  // A third of the letters wrong is a slip; more is another word.
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
