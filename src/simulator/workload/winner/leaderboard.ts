/** Whoever sold most, in either role. */
import type { Leaderboard, Tables } from '../../model/workload.ts';

const ROLES = ['creator', 'photographer'] as const;

/** By score, then by user id. */
export function leaderboard(tables: Tables): readonly Leaderboard[] {
  const scores = tables.get('Scores') ?? [];
  return ROLES.map((role) => ({
    title: `Winners as ${role}`,
    places: scores
      .filter((row) => row['role'] === role)
      .map((row) => ({ name: String(row['userId']), score: Number(row['score']) }))
      .sort((left, right) => right.score - left.score || (left.name < right.name ? -1 : 1)),
  }));
}
