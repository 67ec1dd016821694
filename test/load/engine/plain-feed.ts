/** A feed with default options. */
import { createFeed, type FeedOptions } from '../../../load/engine/feed.ts';

export const ANY = { kind: 'any', skew: 0 } as const;

export function feed(more: Partial<FeedOptions> = {}) {
  return createFeed({
    seed: 'S',
    worker: '1',
    history: 500,
    duplicate: 0,
    late: 0,
    hot: false,
    mark: '',
    ...more,
  });
}
