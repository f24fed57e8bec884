/** Problem details as the document shows them, with the list of their codes. */
import { ProblemDetails } from '../../contract/problem.ts';
import { PROBLEMS } from '../../problems.ts';

/** The schema of problem details. The codes are an open list: `x-extensible-enum`. */
export const DocumentedProblem = ProblemDetails.extend({
  code: ProblemDetails.shape.code.meta({ 'x-extensible-enum': Object.keys(PROBLEMS) }),
}).meta({ id: 'Problem', description: 'Problem details (RFC 9457).' });
