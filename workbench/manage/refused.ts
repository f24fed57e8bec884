import type { ProblemDetails } from '../../src/contract/problem.ts';
import { ApiError } from '../shared.ts';

/** An answer of the API that refuses a request, with the place of each error. */
export class RefusedError extends ApiError {
  readonly errors: NonNullable<ProblemDetails['errors']>;

  constructor(status: number, problem: Partial<ProblemDetails>) {
    super(status, problem);
    this.errors = problem.errors ?? [];
  }

  /** Returns the error of an answer; one of a proxy has no problem details. */
  static async of(response: Response): Promise<RefusedError> {
    const problem: unknown = await response.json().catch(() => ({}));
    return new RefusedError(response.status, problem as Partial<ProblemDetails>);
  }
}
