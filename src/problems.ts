/**
 * All problems that a caller can act on: stable codes, each with its status and title. Objects return them as values,
 * and only `edge/problem-details.ts` makes HTTP responses of them.
 */
import type { FieldError, ProblemMembers } from './contract/problem.ts';

export const PROBLEMS = {
  action_filter_invalid: [422, 'The action filter is not an accepted regular expression'],
  agent_deleted: [409, 'The agent is deleted'],
  agent_exists: [409, 'An agent has this name already'],
  agent_in_use: [400, 'An active service uses the agent'],
  agent_not_found: [404, 'The agent does not exist'],
  agent_incomplete: [400, 'The first version of an agent needs every field'],
  agent_without_voice: [400, 'The agent has no voice'],
  answer_filtered: [502, 'The language model withheld its answer'],
  api_key_not_found: [404, 'The API key does not exist'],
  api_key_shown: [409, 'The key was shown already'],
  body_stalled: [408, 'The request body did not arrive in time'],
  body_too_large: [413, 'The request body is too large'],
  budget_exhausted: [429, 'A budget is spent'],
  challenge_failed: [403, 'The challenge was not passed'],
  visitor_adopted: [409, 'Another user has adopted the visitor'],
  visitor_token_invalid: [403, 'The visitor token is not valid here'],
  visitor_conversation_open: [409, 'Both have an unfinished conversation of the service'],
  challenge_required: [403, 'A challenge must be passed first'],
  charset_unsupported: [415, 'The request body has a charset that is not accepted'],
  content_encoding_unsupported: [415, 'The request body is compressed'],
  conversation_erased: [410, 'The conversation was erased'],
  conversation_finished: [409, 'The conversation is finished'],
  conversation_not_found: [404, 'The conversation does not exist'],
  conversation_open: [400, 'Another conversation of this service is unfinished'],
  conversation_without_interactions: [400, 'The conversation has no interactions'],
  credentials_invalid: [401, 'The credentials are missing or invalid'],
  deployment_misconfigured: [503, 'The deployment is not configured'],
  email_taken: [409, 'Another user has this address of e-mail'],
  external_event_in_future: [400, 'The time of an external event is in the future'],
  external_event_out_of_order: [400, 'The external events are not in the order of the conversation'],
  graph_deleted: [409, 'The state machine is deleted'],
  graph_exists: [409, 'A state machine has this name already'],
  graph_in_use: [400, 'An active service uses the state machine'],
  graph_not_found: [404, 'The state machine does not exist'],
  graph_reference_invalid: [400, 'A state machine that it refers to cannot be used'],
  host_not_allowed: [421, 'This server does not answer for this host'],
  idempotency_key_invalid: [400, 'The idempotency key is not valid'],
  idempotency_key_reused: [422, 'The idempotency key belongs to another request'],
  interaction_not_found: [404, 'The interaction does not exist'],
  interaction_void: [404, 'The interaction came to nothing'],
  interaction_not_latest: [400, 'The interaction is not the latest completed one'],
  internal_error: [500, 'The server failed'],
  language_without_voice: [400, 'There is no voice in this language'],
  last_administrator: [400, 'The user is the last administrator'],
  maintenance: [503, 'The service is down for maintenance'],
  message_empty: [400, 'The message is empty'],
  message_is_text: [400, 'The message is a text message'],
  message_not_latest: [409, 'The message is not the latest one'],
  message_not_found: [404, 'The message does not exist'],
  method_not_allowed: [405, 'The method is not allowed here'],
  model_unavailable: [502, 'The language model did not answer'],
  operation_in_progress: [409, 'A related operation is in progress'],
  origin_not_allowed: [403, 'Pages of this origin are not allowed'],
  organization_exists: [409, 'The organization exists already'],
  organization_not_found: [404, 'The organization does not exist'],
  path_not_found: [404, 'There is nothing at this path'],
  permission_missing: [403, 'A required permission is missing'],
  provider_refused: [502, 'A provider refuses this server'],
  quota_reached: [400, 'The maximum number of these is reached'],
  range_not_satisfiable: [416, 'The range is outside the recording'],
  rate_limit_exceeded: [429, 'Too many requests'],
  recording_not_found: [404, 'The recording does not exist'],
  recording_unsupported: [415, 'The format of the recording is not accepted'],
  recording_url_invalid: [403, 'The URL of the recording is invalid or expired'],
  registry_unavailable: [503, 'The registry did not answer'],
  request_invalid: [422, 'The request is not valid'],
  revision_outdated: [412, 'It has changed since it was read'],
  role_exists: [409, 'A role has this name already'],
  role_not_found: [404, 'The role does not exist'],
  role_reserved: [400, 'The role cannot be changed'],
  service_exists: [409, 'An active service has this name already'],
  service_invalid: [400, 'The service cannot use this agent or state machine'],
  service_not_found: [404, 'The service does not exist'],
  service_overloaded: [503, 'The service is overloaded'],
  speech_unavailable: [502, 'The speech provider did not answer'],
  tool_not_found: [404, 'The tool does not exist'],
  too_many_steps: [500, 'The agent moved through too many states'],
  too_many_tags: [400, 'The conversation would have too many tags'],
  transcription_unavailable: [502, 'The transcription provider did not answer'],
  turn_budget_exceeded: [500, 'The agent used up the budget of the turn'],
  turn_deadline_exceeded: [504, 'The agent took too long'],
  turn_stopped: [409, 'The turn was stopped'],
  turn_failed: [500, 'The agent failed to answer'],
  user_not_found: [404, 'The user does not exist'],
  variable_not_found: [400, 'The user has no such variable'],
  version_not_next: [409, 'It would not be the next version'],
  version_set_invalid: [400, 'The version set is not valid'],
  version_set_not_found: [404, 'The version set does not exist'],
  version_set_reserved: [400, 'The version set cannot be changed'],
  visitors_not_allowed: [404, 'The service takes no visitors'],
  voice_not_configured: [400, 'Voice is not configured'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

/** Stable code of a problem. */
export type ProblemCode = keyof typeof PROBLEMS;

/** A problem as a value. `detail` is a sentence for the caller; `extra` are further members of the problem details. */
export interface Problem {
  code: ProblemCode;
  detail: string;
  extra?: ProblemMembers;
  errors?: FieldError[];
  /** Number of all errors; `errors` has the first of them. */
  error_count?: number;
}

/** Answer of an object: a value, or a problem. Values cross an RPC boundary unchanged; exceptions do not. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; problem: Problem };

/** Returns a successful outcome. */
export function success<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

/** Returns a failed outcome with the problem. */
export function failure(
  code: ProblemCode,
  detail: string,
  extra?: ProblemMembers,
): { ok: false; problem: Problem } {
  return { ok: false, problem: extra ? { code, detail, extra } : { code, detail } };
}

/** Carries a problem as an exception, inside a turn or a request. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`${problem.code}: ${problem.detail}`);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

/** Tells whether an error is a problem that the caller can change: its status is below 500. */
export function isRefusal(error: unknown): boolean {
  return error instanceof ProblemError && PROBLEMS[error.problem.code][0] < 500;
}

/** Returns the outcome of `work`; a thrown `ProblemError` becomes a failed outcome. Throws every other error on. */
export async function outcomeOf<T>(work: Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, problem: error.problem };
    throw error;
  }
}

/** Returns the value of a successful outcome. Throws a `ProblemError` for a failed one. */
export function unwrap<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new ProblemError(outcome.problem);
}

/** Returns a problem as an exception, to be thrown. */
export function problem(code: ProblemCode, detail: string, extra?: ProblemMembers): ProblemError {
  return new ProblemError(extra ? { code, detail, extra } : { code, detail });
}
