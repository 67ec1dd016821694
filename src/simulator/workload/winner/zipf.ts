/** Sales are skewed: the n-th product sells 1/n as often as the first (Zipf's law, exponent 1). */

/** From a throw in [0, 1) to a rank in [0, `size`), 0 being the most frequent. */
export function createZipf(size: number): (thrown: number) => number {
  const cumulative = new Float64Array(size);
  let total = 0;
  for (let rank = 0; rank < size; rank++) {
    total += 1 / (rank + 1);
    cumulative[rank] = total;
  }
  return (thrown) => {
    const target = thrown * total;
    // The first rank whose cumulative weight is over the target, by bisection.
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
