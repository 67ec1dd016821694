/** At most so many of a long row of points: every one, then every second, every fourth, as they come. */
export interface Thinned<Point> {
  add(point: Point): void;
  /** The points kept, and how many each stands for. */
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
