import { bodyChunks, bodyLimits, sizeInWords } from '../../edge/body.ts';
import { isForm, readForm } from '../../edge/form.ts';
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
function recordingTooLarge(): ProblemError {
  return problem('body_too_large', TOO_LARGE);
}

/**
 * Takes the bytes of a recording as they arrive; what follows waits until it has taken them. `declared` is the content
 * type of the recording itself: of its part of a form, or of the body; null when it has none.
 */
export type RecordingSink = (bytes: Uint8Array<ArrayBuffer>, declared: string | null) => Promise<void>;

/** Gives the bytes to `sink`, at most as many as a recording may have. */
function bounded(sink: RecordingSink): RecordingSink {
  let length = 0;
  return (bytes, declared) => {
    length += bytes.byteLength;
    if (length > MAX_RECORDING_BYTES) throw recordingTooLarge();
    return sink(bytes, declared);
  };
}

/** Reads a body that is nothing but the recording. */
async function readRaw(request: Request, sink: RecordingSink): Promise<FormFields> {
  const declared = request.headers.get('content-type');
  for await (const chunk of bodyChunks(request, bodyLimits(MAX_RECORDING_BYTES, TOO_LARGE))) {
    await sink(chunk, declared);
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
