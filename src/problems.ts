/**
 * Everything that can go wrong in a way a caller can act on: a closed list of stable codes. The objects answer with
 * these, and `edge/problem-details.ts` alone turns them into HTTP.
 */
import type { FieldError, ProblemMembers } from './contract/problem.ts';

export const PROBLEMS = {
  action_filter_invalid: [422, 'The action filter is not a regular expression that is accepted here'],
  agent_without_voice: [400, 'The agent has no voice'],
  answer_filtered: [502, 'The language model withheld its answer'],
  body_stalled: [408, 'The request body did not arrive in time'],
  body_too_large: [413, 'The request body is too large'],
  charset_unsupported: [415, 'The request body has a charset that is not accepted'],
  content_encoding_unsupported: [415, 'The request body is compressed'],
  conversation_finished: [409, 'The conversation is finished'],
  conversation_not_found: [404, 'The conversation does not exist'],
  conversation_open: [400, 'Another conversation of this service is unfinished'],
  conversation_without_interactions: [400, 'The conversation has no interactions'],
  credentials_invalid: [401, 'The credentials are missing or invalid'],
  deployment_misconfigured: [503, 'The deployment is not configured'],
  external_event_in_future: [400, 'An external event lies in the future'],
  external_event_out_of_order: [400, 'The external events do not fit the conversation'],
  host_not_allowed: [421, 'This server does not answer for this host'],
  idempotency_key_invalid: [400, 'The idempotency key is not valid'],
  interaction_not_found: [404, 'The interaction does not exist'],
  interaction_not_latest: [400, 'The interaction is not the latest completed one'],
  internal_error: [500, 'Something went wrong on our side'],
  language_without_voice: [400, 'There is no voice in this language'],
  maintenance: [503, 'The service is down for maintenance'],
  message_empty: [400, 'The message is empty'],
  message_is_text: [400, 'The message is a text message'],
  message_not_found: [404, 'The message does not exist'],
  method_not_allowed: [405, 'The method is not allowed here'],
  operation_in_progress: [409, 'A related operation is in progress'],
  organization_not_found: [404, 'The organization does not exist'],
  path_not_found: [404, 'There is nothing at this path'],
  permission_missing: [403, 'A required permission is missing'],
  provider_refused: [502, 'A provider refuses this server'],
  range_not_satisfiable: [416, 'The range lies outside the recording'],
  rate_limit_exceeded: [429, 'Too many requests'],
  recording_not_found: [404, 'The recording does not exist'],
  recording_unsupported: [415, 'The recording is in no format that is accepted'],
  recording_url_invalid: [403, 'The URL of the recording is not valid'],
  registry_unavailable: [503, 'The registry did not answer'],
  request_invalid: [422, 'The request is not valid'],
  model_unavailable: [502, 'The language model did not answer'],
  service_not_found: [404, 'The service does not exist'],
  service_overloaded: [503, 'The service is overloaded'],
  speech_unavailable: [502, 'The speech provider did not answer'],
  too_many_steps: [500, 'The agent moved through too many states'],
  too_many_tags: [400, 'The conversation would have too many tags'],
  transcription_unavailable: [502, 'The transcription provider did not answer'],
  turn_budget_exceeded: [500, 'The agent used up the budget of the turn'],
  turn_deadline_exceeded: [504, 'The agent took too long'],
  turn_failed: [500, 'The agent failed to answer'],
  user_not_found: [404, 'The user does not exist'],
  version_set_not_found: [404, 'The version set does not exist'],
  voice_not_configured: [400, 'Voice is not configured'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemCode = keyof typeof PROBLEMS;

/** A problem as a value. `detail` is one readable sentence; `extra` are further members of the problem details. */
export interface Problem {
  code: ProblemCode;
  detail: string;
  extra?: ProblemMembers;
  errors?: FieldError[];
  /** How many errors there are, of which `errors` lists the first. */
  error_count?: number;
}

/** What an object answers: a value, or why there is none. Values cross an RPC boundary whole; exceptions do not. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; problem: Problem };

export function success<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

export function failure(
  code: ProblemCode,
  detail: string,
  extra?: ProblemMembers,
): { ok: false; problem: Problem } {
  return { ok: false, problem: extra ? { code, detail, extra } : { code, detail } };
}

/** The same problem as an exception, for where one must unwind: inside a turn, or inside a request. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`${problem.code}: ${problem.detail}`);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

/** Turns the problem that `work` throws into its outcome; other errors are thrown on. */
export async function outcomeOf<T>(work: Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, problem: error.problem };
    throw error;
  }
}

/** Throws the problem of a failed outcome, and unwraps the value of a successful one. */
export function unwrap<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new ProblemError(outcome.problem);
}

export function problem(code: ProblemCode, detail: string, extra?: ProblemMembers): ProblemError {
  return new ProblemError(extra ? { code, detail, extra } : { code, detail });
}
