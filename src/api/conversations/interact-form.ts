import * as z from 'zod';
import type { ExternalEvent, SentMessage } from '../../conversation/requests.ts';
import { BODY_TIMES, MAX_JSON_BYTES, sizeInWords } from '../../edge/body.ts';
import { readForm, type FormField } from '../../edge/form.ts';
import { fieldErrors, invalidRequest } from '../../edge/input.ts';
import { failure, type Problem } from '../../problems.ts';
import { isBlank } from '../../text.ts';
import { MessageText } from '../message-text.ts';
import { Timestamp } from '../timestamp.ts';

/** The most that a form may have beside a recording, in bytes: fields, headers and boundaries. The same as JSON. */
export const MAX_FORM_BYTES = MAX_JSON_BYTES;
/** The most external events between two messages. */
export const MAX_EXTERNAL_EVENTS = 50;

/** The content of an interact request. */
export interface InteractMessage {
  /** `null` for `skip`. */
  message: SentMessage | null;
  external_events: ExternalEvent[];
  /** Set when the form is in order and what it says cannot be answered. */
  refusal: Problem | null;
}

const EventText = MessageText.min(1);

/**
 * Returns the schema of the events that happened before a message. The document shows it with texts that may be
 * files.
 */
function eventContents<Content extends z.ZodType>(content: Content) {
  return z
    .array(content)
    .max(MAX_EXTERNAL_EVENTS, `must have at most ${MAX_EXTERNAL_EVENTS} entries`)
    .default([])
    .meta({ description: 'What happened before the message, in order.' });
}

const externalEvents = {
  external_event_message_content: eventContents(EventText),
  external_event_message_timestamp: z
    .array(Timestamp)
    .max(MAX_EXTERNAL_EVENTS, `must have at most ${MAX_EXTERNAL_EVENTS} entries`)
    .default([])
    .meta({ description: 'When each of them happened.' }),
};

const Message = MessageText.meta({ minLength: 1 });

const ExternalEventForm = z.object({
  initial_message_type: z.literal('external-event'),
  recorded_message: Message,
  ...externalEvents,
});

const UserMessageForm = ExternalEventForm.extend({ initial_message_type: z.literal('user-message') });

const SkipForm = z.object({
  initial_message_type: z.literal('skip'),
  recorded_message: z.string().max(0, 'must be empty for skip').default('').meta({ description: 'Empty.' }),
  external_event_message_content: z.array(Message).max(0, 'cannot be sent with skip').default([]),
  external_event_message_timestamp: z.array(Timestamp).max(0, 'cannot be sent with skip').default([]),
});

/** One variant per `initial_message_type`. An empty message is not a matter of form: it answers 400, not 422. */
const InteractForm = z.discriminatedUnion('initial_message_type', [
  ExternalEventForm,
  UserMessageForm,
  SkipForm,
]);

/** A field is read from a file part as well as from a text part. */
const documentedFields = {
  recorded_message: z.union([Message, z.file()]),
  external_event_message_content: eventContents(z.union([EventText, z.file()])),
};

/** The same for the document: clients send fields as file parts too, and a recording nearly always. */
export const DocumentedInteractForm = z
  .discriminatedUnion('initial_message_type', [
    ExternalEventForm.extend(documentedFields),
    UserMessageForm.extend(documentedFields),
    SkipForm,
  ])
  .meta({ id: 'InteractWithConversationRequest' });

/** The names of the form's fields. */
export const INTERACT_FIELDS = ['initial_message_type', 'recorded_message', ...Object.keys(externalEvents)];

/** The fields of a form by name; those that may be repeated as lists. */
export type FormFields = Record<string, string | string[]>;

/** Returns the fields by name. Of a field that may not be repeated, the last value counts. */
export function fieldsOf(fields: readonly FormField[]): FormFields {
  const byName: Record<string, string[]> = {};
  for (const { name, value } of fields) (byName[name] ??= []).push(value);
  return Object.fromEntries(
    Object.entries(byName).map(([name, values]) => [
      name,
      Object.hasOwn(externalEvents, name) ? values : (values.at(-1) ?? ''),
    ]),
  );
}

/** The refusal of a message, or an external event, of which nothing can be seen. */
function emptyMessage(texts: readonly string[]): Problem | null {
  return texts.some(isBlank) ? failure('message_empty', 'The message is empty.').problem : null;
}

/** Returns the message that `fields` describe. Throws 422 for fields that do not fit the form. */
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

/** Reads the text form of an interact request. A field may be a file part too: clients send both. */
export async function readInteractForm(request: Request): Promise<InteractMessage> {
  const fields = await readForm(request, {
    ...BODY_TIMES,
    maxBytes: MAX_FORM_BYTES,
    tooLarge: `A form must not exceed ${sizeInWords(MAX_FORM_BYTES)}.`,
    maxFormBytes: MAX_FORM_BYTES,
    fields: INTERACT_FIELDS,
  });
  return messageOf(fieldsOf(fields));
}
