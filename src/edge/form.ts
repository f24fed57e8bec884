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
 * Takes the content of a field as it arrives; what follows waits until it has taken it. `declared` is the content type of
 * its part as it was sent, null when it has none.
 */
export type StreamSink = (bytes: Uint8Array<ArrayBuffer>, declared: string | null) => Promise<void>;

/** What is wanted of a form. */
export interface FormRequest extends BodyLimits {
  /** The most that the form may have beside what is streamed, in bytes: fields of any name, headers, boundaries. */
  maxFormBytes: number;
  /** The names of the fields that are wanted. Others are read over. */
  fields: readonly string[];
  /** The field whose content is given away as it arrives, at most one in a form. */
  streamed?: { name: string; sink: StreamSink };
}

/** The field in which a form may name the charset of its other fields (RFC 7578, section 4.6). */
const CHARSET_FIELD = '_charset_';

/** A form that cannot be read. */
function invalidForm(error: FieldError): ProblemError {
  return invalidRequest([error]);
}

/** The boundary that the content type of a form names. Throws 422 when it is no form, or has none. */
function requiredBoundary(request: Request): string {
  try {
    return boundaryOf(request.headers.get('content-type') ?? '');
  } catch (error) {
    if (!(error instanceof MultipartError)) throw error;
    throw invalidForm({ loc: ['header', 'content-type'], msg: error.message, type: 'pattern' });
  }
}

/** Whether a content type is that of a form, in order or not. */
export function isForm(request: Request): boolean {
  return /^\s*multipart\//i.test(request.headers.get('content-type') ?? '');
}

/** Reads the text of a field in its charset. Throws 422 for an unknown charset, and for bytes that are no text in it. */
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

/** A field that is kept until the form has ended: its charset may be named behind it. */
interface KeptField {
  headers: PartHeaders;
  content: ByteCollector;
}

/** Sorts the parts of one form: keeps the fields that are wanted, gives the streamed one away, drops the rest. */
class FormReceiver {
  readonly #request: FormRequest;
  readonly #kept: KeptField[] = [];
  #current: PartHeaders | null = null;
  #streams = 0;
  /** What was given away, in bytes. */
  streamedBytes = 0;

  constructor(request: FormRequest) {
    this.#request = request;
  }

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

  /** The fields in their order. */
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
 * Reads a form (multipart/form-data, RFC 7578) as it arrives, and returns the fields that are wanted, in their order.
 * A field may be a file part as well as a text part; the names of files mean nothing. Throws 422 for a body that is no
 * such form, 413, 408, and 415 for a compressed body.
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
