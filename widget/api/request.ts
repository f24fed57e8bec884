/** One request to the server, which fails in two ways only: an `ApiError`, or a lost connection. */
import type { ProblemDetails } from '../../src/contract/problem.ts';

/** The failure of a request to the API: its problem details, or the `error` event that ended a stream. */
export class ApiError extends Error {
  readonly status: number;
  /** Stable, from the API's list; empty when the answer was none of the API's. */
  readonly code: string;
  readonly retryAfterSeconds: number | null;
  /** All members of the problem. */
  readonly problem: KnownProblem;

  constructor(status: number, problem: KnownProblem, retryAfterSeconds: number | null = null) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
    this.name = 'ApiError';
    this.status = status;
    this.problem = problem;
    this.code = problem.code ?? '';
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The members of problem details that are read here. An answer of a proxy has none of them. */
type KnownProblem = Partial<Pick<ProblemDetails, 'title' | 'detail' | 'code'>> & Record<string, unknown>;

/** The connection ended, or said nothing for too long, before the answer was whole. */
export class ConnectionLostError extends Error {
  constructor(cause?: unknown) {
    super('connection lost', { cause });
    this.name = 'ConnectionLostError';
  }
}

async function problemOf(response: Response): Promise<ApiError> {
  const problem = (await response.json().catch(() => ({}))) as KnownProblem;
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ApiError(response.status, problem, Number.isFinite(retryAfter) ? retryAfter : null);
}

/** `fetch`, but only a successful answer is returned. */
export async function requestOf(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init).catch((error: unknown) => {
    throw new ConnectionLostError(error);
  });
  if (!response.ok) throw await problemOf(response);
  return response;
}

/** The JSON of a successful answer. A body that breaks off on its way is a lost connection too. */
export async function jsonOf<T>(response: Response): Promise<T> {
  try {
    return (await response.json()) as T;
  } catch (error) {
    throw new ConnectionLostError(error);
  }
}
