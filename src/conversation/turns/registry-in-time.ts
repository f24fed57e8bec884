import { inTime, settlesAtOnce } from '../../deadline.ts';
import { problem } from '../../problems.ts';

/** Waits for the registry no longer than a turn may take. Throws `registry_unavailable`. */
export async function registryInTime<T>(deadlineMs: number, work: Promise<T>): Promise<T> {
  // The registry has most documents at hand, and a timer costs more than looking.
  if (await settlesAtOnce(work)) return work;
  return inTime(deadlineMs, work, () =>
    problem('registry_unavailable', 'The registry did not answer in time. Try again.'),
  );
}
