/** What a provider means by refusing a call: its reason alone, none of its words. */
import type { Refusal } from '../provider-failure.ts';

/** Fields of a call that hold the recording. Any other is this deployment's. */
const RECORDING_FIELD = /^(?:file|audio|input)/i;
/** Words about the recording, and about what this deployment sends with it. */
const ABOUT_RECORDING = /\b(?:audio|decod|file|format|media|recording|sound|too short|wav)/i;
const ABOUT_SETTINGS =
  /\b(?:api key|billing|language|model|parameter|prompt|quota|response_format|temperature)\b/i;
const TOO_SHORT = /too[ _]short|minimum (?:audio )?length/i;

interface Reason {
  message: string;
  code: string;
  /** The field at fault, where the provider names one. */
  field: string | null;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** The reason in the shape of OpenAI (`error.message`, `code`, `param`), or of FastAPI (`detail[0].loc`). */
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
 * Why a provider refuses a call, by its status and the text of its answer. Null when it is neither the recording nor
 * the credentials, or when it cannot be told. A 400 that says nothing more is about the recording: the rest of the call
 * is the same every time.
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

/** Whether a message without a status speaks of a recording that cannot be read. */
export function speaksOfRecording(message: string): boolean {
  return ABOUT_RECORDING.test(message);
}
