/** Client of the counts of visitors. A failure refuses: a limiter that does not answer lets no unlimited number begin. */
import { inTime } from '../deadline.ts';
import { logError } from '../log.ts';
import { problem, type ProblemError } from '../problems.ts';
import type { Home } from '../home.ts';
import { limiterOf, visitorCounterOf } from '../objects.ts';
import type { Limits } from './client.ts';
import type { Beginning, BeginningAnswer } from './visitor-counts.ts';

/** Time that a request waits for the object of a network, in milliseconds. */
const TIMEOUT_MS = 2_000;

function unavailable(error: unknown): ProblemError {
  logError('limiter_unavailable', error);
  return problem('service_overloaded', 'The visitors cannot be counted now. Try again soon.');
}

/**
 * Counts a visitor who begins. Throws `challenge_failed` (403) for a proof that was used, and `rate_limit_exceeded` (429)
 * when too many have begun from the network.
 */
export async function beginVisitor(
  env: Limits,
  home: Home,
  place: { service_id: string; network: string },
  beginning: Beginning,
): Promise<void> {
  const asked = visitorCounterOf(env, home, place).begin(beginning) as Promise<BeginningAnswer>;
  const answer = await inTime(TIMEOUT_MS, asked).catch((error: unknown) => {
    throw unavailable(error);
  });
  if (answer.verdict === 'begins') return;
  if (answer.verdict === 'used') {
    throw problem('challenge_failed', 'The proof was used already. Ask for a new challenge.');
  }
  const seconds = Math.max(Math.ceil((answer.resetAt - Date.now()) / 1000), 1);
  throw problem('rate_limit_exceeded', `Too many visitors begin here. Try again in ${seconds} seconds.`, {
    retry_after: String(seconds),
  });
}

/** Tells whether a visitor was erased: the registry then told the limiter that nothing of them is valid. */
export async function isErased(env: Limits, home: Home, userId: string): Promise<boolean> {
  const told = await inTime(TIMEOUT_MS, limiterOf(env, home, userId).told()).catch((error: unknown) => {
    throw unavailable(error);
  });
  return 'user' in told;
}
