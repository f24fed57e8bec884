/**
 * Returns the CPU time of the calling thread in milliseconds. It does not count the time in which a busy machine runs other
 * programs, so the difference of two calls is the cost of the work between them.
 */
export function cpuTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
