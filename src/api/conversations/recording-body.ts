import { bodyChunks, bodyLimits, sizeInWords } from '../../edge/body.ts';
import { isForm, readForm } from '../../edge/form.ts';
import { parseHeaderValue } from '../../edge/header-parameters.ts';
import { problem, type ProblemError } from '../../problems.ts';
import { fieldsOf, INTERACT_FIELDS, MAX_FORM_BYTES, type FormFields } from './interact-form.ts';

/** The largest recording, in bytes: half an hour of MP3, and what providers take. */
export const MAX_RECORDING_BYTES = 25 * 1024 * 1024;
/** The field that holds the recording. */
const RECORDING_FIELD = 'recorded_message';

/** What the sender of too much is told, wherever it is noticed. */
const TOO_LARGE =
  `A recording must not exceed ${sizeInWords(MAX_RECORDING_BYTES)}, ` +
  `and what its form has beside it ${sizeInWords(MAX_FORM_BYTES)}.`;

/** A recording, or a form around one, that is too large: 413. */
export function recordingTooLarge(): ProblemError {
  return problem('body_too_large', TOO_LARGE);
}

/**
 * Takes the bytes of a recording as they arrive, with the media type that it was sent as (lower case, without
 * parameters, empty when there is none); what follows waits until it has taken them. The memory of the bytes is its
 * own from then on.
 */
export type RecordingSink = (bytes: Uint8Array<ArrayBuffer>, type: string) => Promise<void>;

/** Gives the bytes to `sink`, at most as many as a recording may have. */
function bounded(sink: RecordingSink): RecordingSink {
  let length = 0;
  return (bytes, type) => {
    length += bytes.byteLength;
    if (length > MAX_RECORDING_BYTES) throw recordingTooLarge();
    return sink(bytes, type);
  };
}

/** Reads a body that is nothing but the recording. */
async function readRaw(request: Request, sink: RecordingSink): Promise<FormFields> {
  const { value: type } = parseHeaderValue(request.headers.get('content-type') ?? '');
  for await (const chunk of bodyChunks(request, bodyLimits(MAX_RECORDING_BYTES, TOO_LARGE))) {
    await sink(chunk, type);
  }
  return { initial_message_type: 'user-message' };
}

/** Reads a form, of which the recording is one field: as text, or as a file part with a name and a type. */
async function readSpokenForm(request: Request, sink: RecordingSink): Promise<FormFields> {
  const fields = await readForm(request, {
    ...bodyLimits(MAX_RECORDING_BYTES + MAX_FORM_BYTES, TOO_LARGE),
    maxFormBytes: MAX_FORM_BYTES,
    fields: INTERACT_FIELDS,
    streamed: { name: RECORDING_FIELD, sink: bounded(sink) },
  });
  return fieldsOf(fields);
}

/**
 * Reads a body with a recording in it: a form, or the bare recording with its own content type. The recording goes to
 * `sink` as it arrives; the other fields are returned. Throws 422 for a broken form, 413, 408, and 415 for a compressed
 * body.
 */
export function readRecordingBody(request: Request, sink: RecordingSink): Promise<FormFields> {
  return isForm(request) ? readSpokenForm(request, sink) : readRaw(request, sink);
}
