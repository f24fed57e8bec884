/** How the cost of some work grows with its size, whatever the machine does beside it. */

/** How many times larger the larger work is. */
const FACTOR = 8;
/** What linear work may grow by: eight, and three times that for the machine. What is quadratic grows by 64. */
export const MAX_LINEAR_GROWTH = 24;
/** Shorter times say more about the machine than about the work. */
const MIN_MS = 3;
const RUNS = 4;

/** The time of the work at eight times `size`, by that at `size`: the least of several runs, for noise only adds. */
export function growthOf(work: (size: number) => void, size: number): number {
  const least = [Infinity, Infinity];
  for (let run = 0; run < RUNS; run += 1) {
    for (const [index, of] of [size, FACTOR * size].entries()) {
      const begin = performance.now();
      work(of);
      least[index] = Math.min(least[index] ?? Infinity, performance.now() - begin);
    }
  }
  const [small = Infinity, large = Infinity] = least;
  return large / Math.max(small, MIN_MS);
}
