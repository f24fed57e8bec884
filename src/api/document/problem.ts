/** Problem details as the document shows them. `edge/problem-details.ts` makes them. */
import * as z from 'zod';
import { PROBLEM_MEMBERS, PROBLEMS, type ProblemMember } from '../../problems.ts';

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

const members = Object.fromEntries(
  Object.entries(PROBLEM_MEMBERS).map(([name, description]) => [
    name,
    z.string().optional().meta({ description, 'x-extension': true }),
  ]),
) as Record<ProblemMember, z.ZodOptional<z.ZodString>>;

export const ProblemDetails = z
  .object({
    type: z.string().meta({ description: 'A URN that ends in the code.' }),
    title: z.string().meta({ description: 'What the code means.' }),
    status: z.int().meta({ description: 'The HTTP status.' }),
    detail: z.string().meta({ description: 'What is wrong, or what to change, in one readable sentence.' }),
    code: z.string().meta({
      description: 'Stable: programs may decide by it. The list may grow.',
      'x-extensible-enum': Object.keys(PROBLEMS),
    }),
    request_id: z.string().meta({ description: 'The identifier of the request, as in `X-Request-Id`.' }),
    ...members,
    errors: z.array(FieldError).optional().meta({
      description: 'With the code `request_invalid`: the fields that are not valid, at most the first 100.',
    }),
    error_count: z
      .int()
      .optional()
      .meta({ description: 'With `errors`: how many fields are not valid in all.' }),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457).' });
