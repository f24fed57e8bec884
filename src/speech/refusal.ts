/** The reason for which a provider refuses a call. The provider's words are read and not passed on. */
import type { Refusal } from '../provider-failure.ts';

/** Names of the fields that hold the recording. This deployment determines all other fields. */
const RECORDING_FIELD = /^(?:file|audio|input)/i;
/** Words about the recording. */
const ABOUT_RECORDING = /\b(?:audio|decod|file|format|media|recording|sound|too short|wav)/i;
/** Words about what this deployment sends with the recording. */
const ABOUT_SETTINGS =
  /\b(?:api key|billing|language|model|parameter|prompt|quota|response_format|temperature)\b/i;
const TOO_SHORT = /too[ _]short|minimum (?:audio )?length/i;

interface Reason {
  message: string;
  code: string;
  /** The name of the faulty field; null when the provider names none. */
  field: string | null;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/**
 * Returns the reason in an answer of OpenAI's shape (`error.message`, `code`, `param`) or FastAPI's (`detail[0].loc`).
 */
function reasonIn(body: string): Reason {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { message: body, code: '', field: null };
  }
  const error = property(value, 'error') ?? value;
  const detail = property(value, 'detail');
  const [fault]: unknown[] = Array.isArray(detail) ? detail : [];
  const place = property(fault, 'loc');
  const named: unknown = property(error, 'param') ?? (Array.isArray(place) ? place.at(-1) : null);
  const message =
    text(property(error, 'message')) || text(error) || text(detail) || text(property(fault, 'msg'));
  return { message, code: text(property(error, 'code')), field: text(named) || null };
}

/**
 * Returns the reason for which a provider refuses a call, by the status and the text of its answer. Returns null when
 * neither the recording nor the credentials are the reason, or when the reason is not known. A 400 without a reason
 * counts as one about the recording: the rest of the call is the same every time.
 */
export function refusalOf(status: number, body: string): Refusal | null {
  if (status === 401 || status === 402 || status === 403) return 'credentials';
  if (status === 413) return 'too_large';
  if (status === 415) return 'unsupported';
  if (status !== 400 && status !== 422) return null;
  const { message, code, field } = reasonIn(body);
  if (field !== null && !RECORDING_FIELD.test(field)) return null;
  if (TOO_SHORT.test(code) || TOO_SHORT.test(message)) return 'too_short';
  const isAboutSettings = ABOUT_SETTINGS.test(message) && !ABOUT_RECORDING.test(message);
  return field === null && isAboutSettings ? null : 'unsupported';
}

/** Returns true if a message that came without a status is about the recording. */
export function speaksOfRecording(message: string): boolean {
  return ABOUT_RECORDING.test(message);
}
