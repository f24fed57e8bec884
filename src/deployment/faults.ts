/** What is wrong with the configuration of this deployment: logged for its operator, kept from its callers. */
import { logError } from '../log.ts';
import { problem, type ProblemError } from '../problems.ts';

/** A variable, secret or binding that keeps the deployment from serving. */
export interface Fault {
  variable: string;
  /** What is wrong, as the end of a sentence that begins with the variable's name. It never quotes the value. */
  reason: string;
}

/** The value of each variable that was logged last as faulty. Its keys are names in this source, so it is bounded. */
const logged = new Map<string, string | undefined>();

/**
 * A problem for the caller of a deployment that is not configured: 503 without details. The log names the variable,
 * once per isolate and value.
 */
export function misconfigured({ variable, reason }: Fault, value: string | undefined): ProblemError {
  if (!logged.has(variable) || logged.get(variable) !== value) {
    logged.set(variable, value);
    logError('deployment_misconfigured', new Error(variable), { variable, reason });
  }
  return problem(
    'deployment_misconfigured',
    'This deployment is not configured to answer this request. Its log and /readyz name what is missing.',
  );
}

/** The value of a variable; a variable that is set to the empty text is not set. */
export function set(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
