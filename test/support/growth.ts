/** Measures how the cost of work grows with its size, independent of other load on the machine. */

/** Ratio of the larger work to the smaller one. */
const FACTOR = 8;
/** Maximum growth of linear work: eight, and three times that for the machine. Quadratic work grows by 64. */
export const MAX_LINEAR_GROWTH = 24;
/** Shorter times say more about the machine than about the work. */
const MIN_MS = 3;
const RUNS = 4;

/**
 * Returns the time of the work at eight times `size` by that at `size`. The smaller work is done eight times in a row, so
 * that both measurements take about as long: a busy machine interrupts them alike. The least of several runs counts, for
 * noise only adds.
 */
export function growthOf(work: (size: number) => void, size: number): number {
  let [small, large] = [Infinity, Infinity];
  for (let run = 0; run < RUNS; run += 1) {
    const begin = performance.now();
    for (let count = 0; count < FACTOR; count += 1) work(size);
    const between = performance.now();
    work(FACTOR * size);
    small = Math.min(small, (between - begin) / FACTOR);
    large = Math.min(large, performance.now() - between);
  }
  return large / Math.max(small, MIN_MS);
}
