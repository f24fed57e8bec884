import * as z from 'zod';
import { utf8Length } from '../text.ts';

/**
 * The longest message, in bytes of UTF-8: about fifteen pages. It bounds what a row holds, what a page of messages weighs
 * and what an agent reads.
 */
export const MAX_MESSAGE_BYTES = 32 * 1024;

/**
 * The text of a message, however it comes: of a create, of a form, or of an external event. JSON Schema counts
 * characters, of which each takes at least one byte. Whether there is something to be seen in it is not a matter of form.
 */
export const MessageText = z
  .string()
  .check((ctx) => {
    if (utf8Length(ctx.value) <= MAX_MESSAGE_BYTES) return;
    const message = `must have at most ${MAX_MESSAGE_BYTES} bytes of UTF-8`;
    ctx.issues.push({
      code: 'too_big',
      origin: 'string',
      maximum: MAX_MESSAGE_BYTES,
      input: ctx.value,
      message,
    });
  })
  .meta({ maxLength: MAX_MESSAGE_BYTES });
