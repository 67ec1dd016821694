/** Who has the highest score, in each role. */
import type { Leaderboard, Tables } from '../../model/workload.ts';

const ROLES = ['creator', 'photographer'] as const;

/** By score, then by user id. */
export function leaderboard(tables: Tables): readonly Leaderboard[] {
  const scores = tables.get('Scores') ?? [];
  return ROLES.map((role) => ({
    title: `Winners as ${role}`,
    measure: 'score',
    places: scores
      .filter((row) => row['role'] === role)
      .map((row) => ({ name: String(row['userId']), value: Number(row['score']) }))
      .sort((left, right) => right.value - left.value || (left.name < right.name ? -1 : 1)),
  }));
}
