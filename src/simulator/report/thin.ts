/**
 * Keeps a limited number of points of a long series: all of them, then every second, every fourth,
 * and so on.
 */
export interface Thinned<Point> {
  add(point: Point): void;
  /** The points kept, and of how many each is one. */
  kept(): { readonly points: readonly Point[]; readonly every: number };
}

export function createThinned<Point>(pointsMax: number): Thinned<Point> {
  let points: Point[] = [];
  let every = 1;
  let seen = 0;
  return {
    add(point) {
      if (seen++ % every !== 0) return;
      points.push(point);
      if (points.length <= pointsMax) return;
      points = points.filter((_, index) => index % 2 === 0);
      every *= 2;
    },
    kept: () => ({ points, every }),
  };
}
