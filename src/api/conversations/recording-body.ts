import { BODY_TIMES, bodyChunks, bodyTooLarge, sizeInWords, type BodyLimits } from '../../edge/body.ts';
import { isForm, readForm } from '../../edge/form.ts';
import { fieldsOf, INTERACT_FIELDS, MAX_FORM_BYTES, type FormFields } from './interact-form.ts';

/** The largest recording, in bytes: half an hour of MP3, and what providers take. */
export const MAX_RECORDING_BYTES = 25 * 1024 * 1024;
/** The field that holds the recording. */
const RECORDING_FIELD = 'recorded_message';

const LIMITS: BodyLimits = {
  ...BODY_TIMES,
  maxBytes: MAX_RECORDING_BYTES + MAX_FORM_BYTES,
  // What the sender of too much is told, wherever it is noticed.
  tooLarge:
    `A recording must not exceed ${sizeInWords(MAX_RECORDING_BYTES)}, ` +
    `and what its form has beside it ${sizeInWords(MAX_FORM_BYTES)}.`,
};

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
    if (length > MAX_RECORDING_BYTES) throw bodyTooLarge(LIMITS);
    return sink(bytes, declared);
  };
}

/** Reads a body that is nothing but the recording. */
async function readRaw(request: Request, sink: RecordingSink): Promise<FormFields> {
  const declared = request.headers.get('content-type');
  for await (const chunk of bodyChunks(request, { ...LIMITS, maxBytes: MAX_RECORDING_BYTES })) {
    await sink(chunk, declared);
  }
  return { initial_message_type: 'user-message' };
}

/** Reads a form, of which the recording is one field: as text, or as a file part with a name and a type. */
async function readSpokenForm(request: Request, sink: RecordingSink): Promise<FormFields> {
  const fields = await readForm(request, {
    ...LIMITS,
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
