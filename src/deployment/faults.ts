/**
 * What is wrong with the configuration of this deployment. One policy for models, speech, tools and all else: a request
 * that needs a faulty part is answered with 503 (a tool tells the agent instead), the log names the variable once, and
 * `/readyz` names it always. Callers never read a variable's value.
 */
import { logError } from '../log.ts';
import { problem, type ProblemError } from '../problems.ts';

/** A variable, secret or binding that keeps the deployment from serving. */
export interface Fault {
  variable: string;
  /** What is wrong, as the end of a sentence that begins with the variable's name. It never quotes the value. */
  reason: string;
}

/** The value of each variable that was logged last as faulty. */
const logged = new Map<string, string | undefined>();
/** Names of secrets come from the registry: of more than this the log may repeat some. */
const MAX_LOGGED = 1_000;

/** Logs a fault, once per isolate and value. */
export function reportFault({ variable, reason }: Fault, value?: string): void {
  if (logged.has(variable) && logged.get(variable) === value) return;
  if (logged.size >= MAX_LOGGED) logged.clear();
  logged.set(variable, value);
  logError('deployment_misconfigured', new Error(variable), { variable, fault: `${variable} ${reason}` });
}

/** A problem for the caller of a deployment that is not configured: 503 without details. The log names the variable. */
export function misconfigured(fault: Fault, value?: string): ProblemError {
  reportFault(fault, value);
  return problem(
    'deployment_misconfigured',
    'This deployment is not configured to answer this request. Its log and /readyz name what is missing.',
  );
}

/** The value of a variable; a variable that is set to the empty text is not set. */
export function set(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

/** The value of the variable at fault; undefined where it is a binding. */
export function valueOf(env: object, { variable }: Fault): string | undefined {
  const value: unknown = Reflect.get(env, variable);
  return typeof value === 'string' ? value : undefined;
}
