import * as z from 'zod';
import type { ExternalEvent, OpeningMessage } from '../../conversation/requests.ts';
import { readBody } from '../../edge/body.ts';
import { fieldErrors, invalidRequest } from '../../edge/input.ts';
import { failure, type Problem, type ProblemError } from '../../problems.ts';
import { isBlank } from '../../text.ts';
import { MessageText } from '../message-text.ts';
import { Timestamp } from '../timestamp.ts';

/** What an interact request says. */
export interface InteractMessage {
  /** `null` for `skip`. */
  message: OpeningMessage | null;
  external_events: ExternalEvent[];
  /** Set when the form is in order and what it says cannot be answered. */
  refusal: Problem | null;
}

/** What may happen between two messages, in external events. */
const MAX_EXTERNAL_EVENTS = 50;

const externalEvents = {
  external_event_message_content: z
    .array(MessageText.min(1))
    .max(MAX_EXTERNAL_EVENTS, `must have at most ${MAX_EXTERNAL_EVENTS} entries`)
    .default([])
    .meta({ description: 'What happened before the message, in order.' }),
  external_event_message_timestamp: z
    .array(Timestamp)
    .max(MAX_EXTERNAL_EVENTS, `must have at most ${MAX_EXTERNAL_EVENTS} entries`)
    .default([])
    .meta({ description: 'When each of them happened.' }),
};

const Message = MessageText.meta({ minLength: 1 });

/** One variant per `initial_message_type`. An empty message is not a matter of form: it answers 400, not 422. */
export const InteractForm = z
  .discriminatedUnion('initial_message_type', [
    z.object({
      initial_message_type: z.literal('external-event'),
      recorded_message: Message,
      ...externalEvents,
    }),
    z.object({
      initial_message_type: z.literal('user-message'),
      recorded_message: Message,
      ...externalEvents,
    }),
    z.object({
      initial_message_type: z.literal('skip'),
      recorded_message: z
        .string()
        .max(0, 'must be empty for skip')
        .default('')
        .meta({ description: 'Empty.' }),
      external_event_message_content: z.array(Message).max(0, 'cannot be sent with skip').default([]),
      external_event_message_timestamp: z.array(Timestamp).max(0, 'cannot be sent with skip').default([]),
    }),
  ])
  .meta({ id: 'InteractWithConversationRequest' });

/** The fields of a form by name; those that may be repeated as lists. */
export type FormFields = Record<string, string | string[]>;

/** Adds a field's value; of one that may not be repeated, the last value counts. */
export function addField(fields: FormFields, name: string, value: string): void {
  const known = fields[name];
  const repeatable = Object.hasOwn(externalEvents, name);
  fields[name] = repeatable ? [...(Array.isArray(known) ? known : []), value] : value;
}

/** The refusal of a message, or an external event, of which nothing can be seen. */
function emptyMessage(texts: readonly string[]): Problem | null {
  return texts.some(isBlank) ? failure('message_empty', 'The message is empty.').problem : null;
}

/** What `fields` say. Throws 422 for their form. */
export function messageOf(fields: FormFields): InteractMessage {
  const parsed = InteractForm.safeParse(fields);
  if (!parsed.success) throw invalidRequest(fieldErrors('body', parsed.error));
  const form = parsed.data;
  if (form.initial_message_type === 'skip') return { message: null, external_events: [], refusal: null };
  const contents = form.external_event_message_content;
  const times = form.external_event_message_timestamp;
  if (contents.length !== times.length) {
    throw invalidRequest([
      {
        loc: ['body', 'external_event_message_timestamp'],
        msg: 'must have as many entries as external_event_message_content',
        type: 'length_mismatch',
      },
    ]);
  }
  return {
    message: { type: form.initial_message_type, text: form.recorded_message },
    external_events: contents.map((text, index) => ({ text, at: times[index] ?? 0 })),
    refusal: emptyMessage([form.recorded_message, ...contents]),
  };
}

/** Whether a content type is that of a form with a boundary. */
export function isMultipart(contentType: string): boolean {
  return /^multipart\/form-data;.*boundary=.+/i.test(contentType);
}

/** A body that is not the form that its content type promises. */
export function brokenForm(): ProblemError {
  return invalidRequest([
    { loc: ['body'], msg: 'the body is not valid multipart/form-data', type: 'form_invalid' },
  ]);
}

/** Reads the text form of an interact request. A field may be a file part too: clients send both. */
export async function readInteractForm(request: Request): Promise<InteractMessage> {
  const type = request.headers.get('content-type') ?? '';
  if (!isMultipart(type)) {
    throw invalidRequest([
      {
        loc: ['header', 'content-type'],
        msg: 'must be multipart/form-data with a boundary',
        type: 'pattern',
      },
    ]);
  }
  const body = await readBody(request);
  const form = await new Response(body, { headers: { 'content-type': type } }).formData().catch(() => {
    throw brokenForm();
  });
  const fields: FormFields = {};
  for (const [name, value] of form) {
    addField(fields, name, typeof value === 'string' ? value : await value.text());
  }
  return messageOf(fields);
}
