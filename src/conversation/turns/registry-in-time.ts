import { inTime } from '../../deadline.ts';
import { problem } from '../../problems.ts';

/** Waits for the registry no longer than a turn may take. Throws `registry_unavailable`. */
export function registryInTime<T>(deadlineMs: number, work: Promise<T>): Promise<T> {
  return inTime(deadlineMs, work, () =>
    problem('registry_unavailable', 'The registry did not answer in time. Try again.'),
  );
}
