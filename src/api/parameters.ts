/** Parameters and answers that several operations share. */
import * as z from 'zod';
import {
  atMost,
  Identifier,
  listOfAtMost,
  MAX_TAG_KEY_LENGTH,
  MAX_TAG_VALUE_LENGTH,
} from '../registry/primitives.ts';
import { MAX_ACTION_FILTER_LENGTH } from '../conversation/turns/action-filter.ts';
import { MessageFormat } from '../contract/formats.ts';
import type { AnswerDeclaration } from './answer.ts';

/** The path of an operation on an organization. */
export const OrganizationParams = z.object({
  organization: atMost(63).meta({ description: 'The identifier of the organization.' }),
});

const conversationId = Identifier.meta({ description: 'The identifier of the conversation.' });
const interactionId = Identifier.meta({ description: 'The identifier of the interaction.' });

/** The path of an operation on a conversation. */
export const ConversationParams = OrganizationParams.extend({ conversation_id: conversationId });
/** The path of an operation on an interaction. */
export const InteractionParams = ConversationParams.extend({ interaction_id: interactionId });
/** The path of an operation on a message. */
export const MessageParams = ConversationParams.extend({
  message_id: Identifier.meta({ description: 'The identifier of the message.' }),
});

/** The most identifiers and other values that one filter of a query names. */
export const MAX_IDENTIFIERS = 500;
const MAX_TAG_FILTERS = 200;
const MAX_SORT_FIELDS = 10;
/** A name that a client invents: of a version set, of a field to sort by. */
export const MAX_NAME_LENGTH = 100;
/** Instructions for what a model writes, in characters: about eight pages. */
export const MAX_INSTRUCTIONS_LENGTH = 16_384;
/** The longest header that is read here, in characters. */
export const MAX_HEADER_LENGTH = 4_096;

/** Headers that clients of the hosted API send. They are accepted and have no effect. */
export const CommonHeaders = z.object({
  'x-mongo-cluster-name': atMost(MAX_HEADER_LENGTH)
    .nullish()
    .meta({ description: 'Accepted for compatibility; it has no effect here.' }),
  'Sec-WebSocket-Protocol': listOfAtMost(atMost(MAX_HEADER_LENGTH), 20)
    .default([])
    .meta({ description: 'Accepted for compatibility; it has no effect here.' }),
});

/** Headers of an operation that changes the registry. Their forms are checked where the change is made. */
export const ChangeHeaders = CommonHeaders.extend({
  'Idempotency-Key': atMost(MAX_HEADER_LENGTH)
    .optional()
    .meta({
      description:
        'A key of 1 to 255 visible ASCII characters. The same request with the same key is carried out once in 24 hours; a ' +
        'repeated one is answered with `Idempotent-Replayed: true`.',
      'x-extension': true,
    }),
  'If-Match': atMost(MAX_HEADER_LENGTH).optional().meta({
    description: 'A revision that the caller has seen. What changed after it is not changed: 412.',
    'x-extension': true,
  }),
});

/** For operations that take no query. */
export const NoQuery = z.object({});

/** The format of the agent's answer. */
export const ResponseFormat = MessageFormat.meta({ description: 'The format in which the agent answers.' });

/** Its length is checked where it is compiled, so that every filter that is refused has one code. */
export const ActionFilterParam = z
  .string()
  .default('^.*$')
  .meta({
    maxLength: MAX_ACTION_FILTER_LENGTH,
    description:
      'A regular expression (RE2) searched for in the type of each agent action; only actions that match are sent. ' +
      'All are by default; `^$` matches none.',
  });

/** Prose of the document about a parameter. Under the name `description` it is left out of the Worker. */
interface Described {
  description: string;
}

/** A sort order: fields with `+` or `-` before them. A `+` that a query decoded to a space is taken as meant. */
export function sortBy<Field extends string>(fields: readonly Field[], { description }: Described) {
  return listOfAtMost(atMost(MAX_NAME_LENGTH), MAX_SORT_FIELDS)
    .default([])
    .meta({ description })
    .transform((values, ctx): { field: Field; ascending: boolean }[] =>
      values.map((value, index) => {
        const [, sign, name] = /^([+ -])(.*)$/.exec(value) ?? [];
        const field = fields.find((candidate) => candidate === name);
        if (sign === undefined || field === undefined) {
          ctx.addIssue({
            code: 'custom',
            path: [index],
            message: `must be + or - and one of ${fields.join(', ')}`,
          });
          return z.NEVER;
        }
        return { field, ascending: sign !== '-' };
      }),
    );
}

/** Tags to filter by: `key:value`, `key:*` for any value, `key:` for the value null. */
export function tagFilter({ description }: Described) {
  return listOfAtMost(atMost(MAX_TAG_KEY_LENGTH + MAX_TAG_VALUE_LENGTH + 1), MAX_TAG_FILTERS)
    .default([])
    .meta({ description })
    .transform((values, ctx): { key: string; value?: string | null }[] =>
      values.map((text, index) => {
        const colon = text.indexOf(':');
        if (colon <= 0) {
          ctx.addIssue({ code: 'custom', path: [index], message: 'must have the form key:value' });
          return z.NEVER;
        }
        const key = text.slice(0, colon);
        const value = text.slice(colon + 1);
        if (value === '*') return { key };
        return { key, value: value === '' ? null : value };
      }),
    );
}

/** A list of identifiers in a query; repeated ones count once. */
export function identifiers({ description }: Described) {
  return listOfAtMost(Identifier, MAX_IDENTIFIERS)
    .default([])
    .meta({ description })
    .transform((values) => [...new Set(values)]);
}

/** A continuation token: 0 to begin, else what the page before gave. */
export const ContinuationToken = z
  .int()
  .min(0)
  .default(0)
  .meta({ description: 'The token that the page before gave; 0 for the first page.' });

/** Returns the schema of a page's size: at most `most` entries, `usual` without one. */
export function pageLimit(most: number, usual: number, { description }: Described) {
  return z.int().gt(0).max(most).default(usual).meta({ description });
}

/** The statuses of nearly every operation, in our words. */
export const COMMON_ANSWERS = {
  401: { description: 'The credentials are missing or invalid.' },
  403: { description: 'A required permission is missing.' },
  422: { description: 'A parameter or the body is not valid. `errors` names each field.' },
  429: {
    description: 'Too many requests of this user in the last minute. `Retry-After` says when to try again.',
  },
  503: {
    description: 'The service is down for maintenance, or overloaded. `Retry-After` says when to try again.',
  },
} as const satisfies Record<number, AnswerDeclaration>;

/** For operations on a conversation whose first turn may still be running. */
export const BEING_CREATED: AnswerDeclaration = {
  description: 'The conversation is still being created (`interaction_id`, `since`).',
};

/** For operations that ask a language model. */
export const MODEL_SILENT: AnswerDeclaration = { description: 'The language model did not answer.' };
