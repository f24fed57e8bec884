import type { FieldError } from '../contract/problem.ts';
import type { ProblemError } from '../problems.ts';
import { bodyChunks, bodyTooLarge, ByteCollector, type BodyLimits } from './body.ts';
import { invalidRequest } from './input.ts';
import {
  boundaryOf,
  MultipartError,
  MultipartReader,
  type MultipartEvent,
  type PartHeaders,
} from './multipart.ts';

/** A field of a form as text. */
export interface FormField {
  name: string;
  value: string;
}

/**
 * Receives the content of a field as it arrives. Reading continues when its promise resolves. `declared` is the content
 * type of the part as sent, or null if it has none.
 */
export type StreamSink = (bytes: Uint8Array<ArrayBuffer>, declared: string | null) => Promise<void>;

/** The wanted fields of a form, and its limits. */
export interface FormRequest extends BodyLimits {
  /** Maximum size of the form without its streamed field, in bytes: other fields, headers, boundaries. */
  maxFormBytes: number;
  /** Names of the fields to return. Others are skipped. */
  fields: readonly string[];
  /** Field whose content is passed to `sink` as it arrives. A form may have it once. */
  streamed?: { name: string; sink: StreamSink };
}

/** Name of the field that holds the charset of the other fields (RFC 7578, section 4.6). */
const CHARSET_FIELD = '_charset_';

/** Returns the problem of an invalid form (422). */
function invalidForm(error: FieldError): ProblemError {
  return invalidRequest([error]);
}

/**
 * Returns the boundary in the content type of a form. Throws 422 if there is none, or the content type is not that of a
 * form.
 */
function requiredBoundary(request: Request): string {
  try {
    return boundaryOf(request.headers.get('content-type') ?? '');
  } catch (error) {
    if (!(error instanceof MultipartError)) throw error;
    throw invalidForm({ loc: ['header', 'content-type'], msg: error.message, type: 'pattern' });
  }
}

/** Tells whether a request claims to have a form, well-formed or not. */
export function isForm(request: Request): boolean {
  return /^\s*multipart\//i.test(request.headers.get('content-type') ?? '');
}

/** Decodes a field in its charset. Throws 422 for an unknown charset, and for bytes that are invalid in it. */
function textOf(name: string, bytes: Uint8Array, charset: string): string {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(charset, { fatal: true, ignoreBOM: false });
  } catch {
    const msg = `has the unknown charset ${charset.slice(0, 100)}`;
    throw invalidForm({ loc: ['body', name], msg, type: 'charset_unknown' });
  }
  try {
    return decoder.decode(bytes);
  } catch {
    throw invalidForm({
      loc: ['body', name],
      msg: `must be text in ${decoder.encoding}`,
      type: 'text_invalid',
    });
  }
}

/** A field whose content is decoded at the end of the form, because a later field may name the charset. */
interface KeptField {
  headers: PartHeaders;
  content: ByteCollector;
}

/**
 * Receives the parts of one form: keeps the wanted fields, passes the streamed field to its sink, and drops the rest.
 */
class FormReceiver {
  readonly #request: FormRequest;
  readonly #kept: KeptField[] = [];
  #current: PartHeaders | null = null;
  #streams = 0;
  /** Number of bytes that were passed to the sink. */
  streamedBytes = 0;

  constructor(request: FormRequest) {
    this.#request = request;
  }

  /** Receives one event of the reader. Throws 422 if the streamed field comes twice. */
  async take(event: MultipartEvent): Promise<void> {
    const { streamed, fields } = this.#request;
    if (event.kind === 'part') {
      this.#current = event.headers;
      const { name } = event.headers;
      if (name === streamed?.name) this.#streams += 1;
      else if (fields.includes(name) || name === CHARSET_FIELD) {
        this.#kept.push({ headers: event.headers, content: new ByteCollector() });
      }
      if (this.#streams > 1) {
        throw invalidForm({ loc: ['body', name], msg: 'must be sent once', type: 'repeated' });
      }
      return;
    }
    const last = this.#kept.at(-1);
    if (streamed !== undefined && this.#current?.name === streamed.name) {
      this.streamedBytes += event.bytes.length;
      await streamed.sink(event.bytes, this.#current.contentType);
    } else if (last !== undefined && last.headers === this.#current) {
      last.content.push(event.bytes);
    }
  }

  /** Returns the wanted fields as text, in the order of the form. */
  fields(): FormField[] {
    const named = this.#kept.find(({ headers }) => headers.name === CHARSET_FIELD);
    const usual = named === undefined ? 'utf-8' : textOf(CHARSET_FIELD, named.content.bytes, 'utf-8').trim();
    return this.#kept
      .filter(({ headers }) => headers.name !== CHARSET_FIELD)
      .map(({ headers: { name, charset }, content }) => ({
        name,
        value: textOf(name, content.bytes, charset ?? usual),
      }));
  }
}

/**
 * Reads a form (multipart/form-data, RFC 7578) as it arrives, and returns the wanted fields in their order. A field may
 * be a file part or a text part; the names of files are ignored. Throws 422 for an invalid form, 413 for one that is
 * too large, 408 for one that is too slow, and 415 for a compressed one.
 */
export async function readForm(request: Request, wanted: FormRequest): Promise<FormField[]> {
  const reader = new MultipartReader(requiredBoundary(request));
  const receiver = new FormReceiver(wanted);
  let taken = 0;
  const receive = async (events: Iterable<MultipartEvent>) => {
    for (const event of events) await receiver.take(event);
    if (taken - reader.heldBytes - receiver.streamedBytes > wanted.maxFormBytes) {
      throw bodyTooLarge(wanted);
    }
  };
  try {
    for await (const chunk of bodyChunks(request, wanted)) {
      taken += chunk.length;
      await receive(reader.push(chunk));
    }
    await receive(reader.end());
    return receiver.fields();
  } catch (error) {
    if (!(error instanceof MultipartError)) throw error;
    throw invalidForm({
      loc: ['body'],
      msg: `the form cannot be read: ${error.message}`,
      type: 'form_invalid',
    });
  }
}
