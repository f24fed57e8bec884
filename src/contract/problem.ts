/** Problem details (RFC 9457): the body of every error. `src/problems.ts` has the list of the codes. */
import * as z from 'zod';
import { Challenge } from './visitors.ts';

/** One field of a request that is not valid, in the words of the published API. */
const FieldError = z
  .object({
    loc: z.array(z.union([z.string(), z.int()])).meta({
      description: 'Where the field is: `path`, `query`, `header` or `body`, then names and positions.',
      examples: [['body', 'tags', 'colour']],
    }),
    msg: z.string().meta({ description: 'What the field must be.' }),
    type: z.string().meta({ description: 'The kind of the error.' }),
  })
  .meta({ id: 'FieldError', description: 'One field of a request that is not valid.' });
/** One field of a request that is not valid, in the words of the published API. */
export type FieldError = z.infer<typeof FieldError>;

function member(description: string) {
  return z.string().optional().meta({ description, 'x-extension': true });
}

/** The members of problem details that only some problems have. */
export const PROBLEM_MEMBERS = {
  conversation_id: member('The conversation that stands in the way.'),
  interaction_id: member('The interaction that is running.'),
  stream: member('The path of its events.'),
  waiting: member('How many messages wait for it to end.'),
  since: member('When it began (RFC 3339).'),
  retry_after: member('The seconds to wait, as in `Retry-After`.'),
  size: member('The size of the recording in bytes.'),
  resets_at: member('With the code `budget_exhausted`: when the period of the budget ends (RFC 3339).'),
  closed_message: member('With the code `budget_exhausted`: what the service has to say to its users.'),
  challenge: Challenge.optional().meta({
    description: 'With the code `challenge_required`: the work to do.',
    'x-extension': true,
  }),
};

/** The further members of one problem. */
export type ProblemMembers = {
  [Member in keyof typeof PROBLEM_MEMBERS]?: z.infer<(typeof PROBLEM_MEMBERS)[Member]>;
};

/** Problem details. `code` is one of `PROBLEMS`; a client must expect codes that it does not know. */
export const ProblemDetails = z.object({
  type: z.string().meta({ description: 'A URN that ends in the code.' }),
  title: z.string().meta({ description: 'What the code means.' }),
  status: z.int().meta({ description: 'The HTTP status.' }),
  detail: z.string().meta({ description: 'What is wrong, or what to change, in one readable sentence.' }),
  code: z.string().meta({ description: 'Stable: programs may decide by it. The list may grow.' }),
  request_id: z.string().meta({ description: 'The identifier of the request, as in `X-Request-Id`.' }),
  ...PROBLEM_MEMBERS,
  errors: z.array(FieldError).optional().meta({
    description: 'With the code `request_invalid`: the fields that are not valid, at most the first 100.',
  }),
  error_count: z
    .int()
    .optional()
    .meta({ description: 'With `errors`: how many fields are not valid in all.' }),
});
/** Problem details. `code` is one of `PROBLEMS`; a client must expect codes that it does not know. */
export type ProblemDetails = z.infer<typeof ProblemDetails>;
