import { make } from 'multipasta';
import { BODY_STALL_MS, bodyChunks, MAX_BODY_MS, type BodyLimits } from '../../edge/body.ts';
import { invalidRequest } from '../../edge/input.ts';
import type { ProblemError } from '../../problems.ts';
import { addField, brokenForm, isMultipart, type FormFields } from './interact-form.ts';

/** The largest recording: half an hour of MP3, and what providers take. */
export const MAX_RECORDING_BYTES = 25 * 1024 * 1024;
/** What a form may have around the recording: its other fields, and the boundaries. */
const MAX_OTHER_BYTES = 1024 * 1024;
/** The field that holds the recording. */
const RECORDING_FIELD = 'recorded_message';

const MAX_PARTS = 256;

const LIMITS: BodyLimits = {
  maxBytes: MAX_RECORDING_BYTES + MAX_OTHER_BYTES,
  stallMs: BODY_STALL_MS,
  totalMs: MAX_BODY_MS,
};

function repeatedRecording(): ProblemError {
  const loc = ['body', RECORDING_FIELD];
  return invalidRequest([{ loc, msg: 'must be sent once', type: 'repeated' }]);
}

/**
 * Takes the bytes of a recording as they arrive; what follows waits until it has taken them. `declared` is the content
 * type of the recording itself: of its part of a form, or of the body; null when it has none.
 */
export type RecordingSink = (bytes: Uint8Array, declared: string | null) => Promise<void>;

/** Reads a body that is nothing but the recording. */
async function readRaw(request: Request, sink: RecordingSink): Promise<FormFields> {
  const declared = request.headers.get('content-type');
  for await (const chunk of bodyChunks(request, LIMITS)) await sink(chunk, declared);
  return { initial_message_type: 'user-message' };
}

/** The end of a body, as long as a last boundary can be. */
class Tail {
  #bytes: Uint8Array = new Uint8Array();
  readonly #length: number;

  constructor(length: number) {
    this.#length = length;
  }

  push(chunk: Uint8Array): void {
    const joined = new Uint8Array(Math.min(this.#length, this.#bytes.length + chunk.length));
    const fromChunk = chunk.subarray(-joined.length);
    const fromTail = this.#bytes.subarray(this.#bytes.length - (joined.length - fromChunk.length));
    joined.set(fromTail);
    joined.set(fromChunk, fromTail.length);
    this.#bytes = joined;
  }

  get text(): string {
    return new TextDecoder().decode(this.#bytes);
  }
}

/** Reads a form, of which the recording is one field: as text, or as a file part with a name and a type. */
async function readForm(request: Request, contentType: string, sink: RecordingSink): Promise<FormFields> {
  const fields: FormFields = {};
  const recorded: Uint8Array[] = [];
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
  const boundary = /boundary="?([^";]+)/i.exec(contentType)?.[1] ?? '';
  const tail = new Tail(boundary.length + 16);
  let broken = false;
  let ended = false;
  let recordings = 0;
  let declared: string | null = null;
  const parser = make({
    headers: { 'content-type': contentType },
    maxParts: MAX_PARTS,
    maxFieldSize: MAX_OTHER_BYTES,
    isFile: ({ name }) => name === RECORDING_FIELD,
    onField: ({ name }, value) => addField(fields, name, decoder.decode(value)),
    onFile: ({ headers }) => {
      recordings += 1;
      // The parser's own `contentType` is never empty: it makes one up.
      declared = [headers['content-type'] ?? []].flat()[0] ?? null;
      return (chunk) => {
        if (chunk !== null) recorded.push(chunk);
      };
    },
    onError: ({ _tag: kind }) => {
      // The parser misses the end when a chunk ends within the two dashes of the last boundary.
      if (kind === 'EndNotReached') ended = tail.text.trimEnd().endsWith(`--${boundary}--`);
      else broken = true;
    },
    onDone: () => {
      ended = true;
    },
  });
  /** What the parser throws is about the body: a header that cannot be decoded, a text that is not UTF-8. */
  const parse = (step: () => void) => {
    try {
      step();
    } catch {
      broken = true;
    }
    if (broken) throw brokenForm();
    if (recordings > 1) throw repeatedRecording();
  };
  for await (const chunk of bodyChunks(request, LIMITS)) {
    tail.push(chunk);
    parse(() => parser.write(chunk));
    for (const bytes of recorded.splice(0)) await sink(bytes, declared);
  }
  parse(() => parser.end());
  for (const bytes of recorded.splice(0)) await sink(bytes, declared);
  if (!ended) throw brokenForm();
  return fields;
}

/**
 * Reads a body with a recording in it: a form, or the bare recording with its own content type. The recording goes to
 * `sink` as it arrives; the other fields are returned. Throws 422 for a broken form, 413 and 408.
 */
export function readRecordingBody(request: Request, sink: RecordingSink): Promise<FormFields> {
  const contentType = request.headers.get('content-type') ?? '';
  return isMultipart(contentType) ? readForm(request, contentType, sink) : readRaw(request, sink);
}
