/** Zipf's law with exponent 1: the n-th product sells 1/n as often as the first. */

/** Maps a random number in [0, 1) to a rank in [0, `size`); rank 0 is the most frequent. */
export function createZipf(size: number): (random: number) => number {
  const cumulative = new Float64Array(size);
  let total = 0;
  for (let rank = 0; rank < size; rank++) {
    total += 1 / (rank + 1);
    cumulative[rank] = total;
  }
  return (random) => {
    const target = random * total;
    // Bisection: the first rank whose cumulative weight exceeds the target.
    let low = 0;
    let high = size - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((cumulative[middle] ?? 0) > target) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
