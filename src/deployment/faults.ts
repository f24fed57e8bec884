/**
 * Faults of the configuration of this deployment. One policy holds for models, speech, tools and all other parts: a
 * request that needs a faulty part is answered with 503 (a tool tells the agent instead), the log names the variable
 * once, and `/readyz` names it always. No answer contains the value of a variable.
 */
import { logError } from '../log.ts';
import { problem, type ProblemError } from '../problems.ts';

/** A variable, secret or binding that keeps the deployment from serving. */
export interface Fault {
  variable: string;
  /** The end of a sentence that begins with the variable's name, such as "is not set". It never quotes the value. */
  reason: string;
}

/** The value of each variable that was logged last as faulty. */
const logged = new Map<string, string | undefined>();
/**
 * The most variables whose last fault is remembered. The registry names the secrets, so that there may be more: the log
 * then repeats some.
 */
const MAX_LOGGED = 1_000;

/** Logs a fault, once for each value of the variable in each isolate. */
export function reportFault({ variable, reason }: Fault, value?: string): void {
  if (logged.has(variable) && logged.get(variable) === value) return;
  if (logged.size >= MAX_LOGGED) logged.clear();
  logged.set(variable, value);
  logError('deployment_misconfigured', new Error(variable), { variable, fault: `${variable} ${reason}` });
}

/** Forgets which faults the log has named, as a new isolate does. Test files that share an isolate begin with it. */
export function forgetFaults(): void {
  logged.clear();
}

/** Returns the problem for a caller who needs the faulty part: 503 without details. Logs the fault (`reportFault`). */
export function misconfigured(fault: Fault, value?: string): ProblemError {
  reportFault(fault, value);
  return problem(
    'deployment_misconfigured',
    'This deployment is not configured to answer this request. Its log and /readyz name what is missing.',
  );
}

/** Returns the value of a variable; undefined when it is not set, or set to the empty text. */
export function set(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

/** Returns the value of the variable at fault; undefined when it is not set, or when it is a binding. */
export function valueOf(env: object, { variable }: Fault): string | undefined {
  const value: unknown = Reflect.get(env, variable);
  return typeof value === 'string' ? value : undefined;
}
