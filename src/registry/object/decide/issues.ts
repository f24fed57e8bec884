/** Issues of a request's body that only the registry can find. */
import { ProblemError, type ProblemCode } from '../../../problems.ts';
import type { Issue } from '../../checks/issues.ts';

/** Maximum number of errors that a problem lists. */
const MAX_ERRORS = 100;

/** Returns a problem with issues of the body as its errors. The first is in the detail. */
export function bodyProblem(issues: readonly Issue[], code: ProblemCode = 'request_invalid'): ProblemError {
  const errors = issues.slice(0, MAX_ERRORS).map(({ path, message }) => ({
    loc: ['body', ...path.map((part) => (typeof part === 'number' ? part : String(part)))],
    msg: message,
    type: 'value_error',
  }));
  const [first] = errors;
  const where = first === undefined ? '' : ` ${first.loc.join('.')}: ${first.msg}.`;
  return new ProblemError({
    code,
    detail: `The request is not valid.${where}`,
    errors,
    error_count: issues.length,
  });
}
