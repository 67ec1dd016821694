/** What the game's histories are about, and how many of each. */

/**
 * 20 products and 10 users at 1,000 events, 100 and 40 at 10,000: both grow more slowly than sales.
 */
export function entities(count: number) {
  return {
    products: Math.max(1, Math.round(20 * (count / 1000) ** 0.7)),
    // Two at least: one person alone has no rival.
    users: Math.max(2, Math.round(10 * (count / 1000) ** 0.6)),
  };
}

export type GameEntity = keyof ReturnType<typeof entities>;
