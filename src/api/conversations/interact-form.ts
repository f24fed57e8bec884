import * as z from 'zod';
import type { ExternalEvent, OpeningMessage } from '../../conversation/requests.ts';
import { readBody } from '../../edge/body.ts';
import { fieldErrors, invalidRequest } from '../../edge/input.ts';
import { failure, type Problem } from '../../problems.ts';

/** What an interact request says. */
export interface InteractMessage {
  /** `null` for `skip`. */
  message: OpeningMessage | null;
  external_events: ExternalEvent[];
  /** Set when the form is in order and what it says cannot be answered. */
  refusal: Problem | null;
}

/** Whether a text begins with a day of the calendar: JavaScript takes the 30th of February for one in March. */
function isDay(text: string): boolean {
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text.slice(0, 10));
}

/** RFC 3339, with the offset optional: a time without one is taken as UTC. */
const Timestamp = z
  .string()
  .regex(
    /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)?$/,
    'must be a date and time of RFC 3339',
  )
  .transform((text, ctx) => {
    const at = Date.parse(/([Zz]|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
    if (Number.isNaN(at) || !isDay(text)) {
      ctx.addIssue({ code: 'custom', message: 'must be a date and time that exists' });
    }
    return at;
  });

const externalEvents = {
  external_event_message_content: z
    .array(z.string().min(1))
    .default([])
    .meta({ description: 'What happened before the message, in order.' }),
  external_event_message_timestamp: z
    .array(Timestamp.meta({ format: 'date-time' }))
    .default([])
    .meta({ description: 'When each of them happened.' }),
};

const Message = z.string().meta({ minLength: 1 });

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
      external_event_message_content: z.array(z.string()).max(0, 'cannot be sent with skip').default([]),
      external_event_message_timestamp: z.array(z.string()).max(0, 'cannot be sent with skip').default([]),
    }),
  ])
  .meta({ id: 'InteractWithConversationRequest' });

const LISTS = ['external_event_message_content', 'external_event_message_timestamp'];

/** A field may arrive as text or as a file part with a name and a type: clients send both. */
async function textOf(value: string | File): Promise<string> {
  return typeof value === 'string' ? value : value.text();
}

async function readForm(request: Request): Promise<Record<string, string | string[]>> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^multipart\/form-data;.*boundary=.+/i.test(type)) {
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
    throw invalidRequest([
      { loc: ['body'], msg: 'the body is not valid multipart/form-data', type: 'form_invalid' },
    ]);
  });
  const fields: Record<string, string | string[]> = {};
  for (const name of new Set(form.keys())) {
    const values = await Promise.all(form.getAll(name).map(textOf));
    fields[name] = LISTS.includes(name) ? values : (values.at(-1) ?? '');
  }
  return fields;
}

/** Reads the text form of an interact request. Throws 422 for its form. */
export async function readInteractForm(request: Request): Promise<InteractMessage> {
  const parsed = InteractForm.safeParse(await readForm(request));
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
    refusal:
      form.recorded_message.trim() === '' ? failure('message_empty', 'The message is empty.').problem : null,
  };
}
