/** The answers of an operation as the document shows them: what it declares, and what it may be told on the way there. */
import type { AnswerDeclaration } from '../answer.ts';
import type { Operation } from '../operation.ts';
import { COMMON_ANSWERS } from '../parameters.ts';
import type { Components, Json } from './json-schema.ts';

/** The answers of the edge that are not a matter of the operation. */
const EDGE_ANSWERS = {
  404: { description: 'The organization does not exist.' },
  405: { description: 'The path does not take this method. `Allow` names those it takes.' },
  408: { description: 'The body did not arrive in time.' },
  413: { description: 'The body is too large.' },
  415: { description: 'The body is compressed, or JSON in another charset than UTF-8.' },
  500: { description: 'Something went wrong here. Try again.' },
} as const satisfies Record<number, AnswerDeclaration>;

/** The answers to the headers of a change. */
const CHANGE_ANSWERS = {
  400: { description: 'The idempotency key is not valid.' },
  412: { description: 'What `If-Match` names has changed.' },
} as const satisfies Record<number, AnswerDeclaration>;

/** Tells whether an operation changes the registry. */
function isChange({ headers }: Operation): boolean {
  return 'If-Match' in headers.shape;
}

type EdgeStatus = keyof typeof EDGE_ANSWERS | keyof typeof COMMON_ANSWERS;

/** The statuses that a request may get before its operation runs, or when something fails. */
function edgeStatuses({ credentials, rateLimit, body, documentedBody }: Operation): EdgeStatus[] {
  const statuses: EdgeStatus[] = [404, 405, 422, 500, 503];
  if (credentials !== 'optional') statuses.push(401);
  if (credentials === 'user') statuses.push(403);
  if (rateLimit !== null) statuses.push(429);
  if (body !== undefined || documentedBody !== undefined) statuses.push(408, 413, 415);
  return statuses;
}

/** Every status that the operation may answer with. What it declares itself comes first. */
export function answersOf(operation: Operation): Readonly<Record<number, AnswerDeclaration>> {
  const known: Record<EdgeStatus, AnswerDeclaration> = { ...EDGE_ANSWERS, ...COMMON_ANSWERS };
  const edge = Object.fromEntries(edgeStatuses(operation).map((status) => [status, known[status]]));
  const instead = Object.values(operation.answers).flatMap(({ content, orNothing, orExisting }) => [
    ...(orNothing === undefined ? [] : [[204, { description: orNothing }] as const]),
    ...(orExisting === undefined
      ? []
      : [[200, { description: orExisting, ...(content && { content }) }] as const]),
  ]);
  const changes = isChange(operation) ? CHANGE_ANSWERS : {};
  return { ...edge, ...changes, ...Object.fromEntries(instead), ...operation.answers };
}

const integer = { type: 'integer' };

/** Headers that several answers have, by the name under which they are referred to. */
export const HEADERS = {
  'Retry-After': { description: 'The seconds to wait before the next try.', schema: integer },
  'X-RateLimit-Limit': { description: 'The requests that are allowed in any 60 seconds.', schema: integer },
  'X-RateLimit-Remaining': { description: 'How many of them are left.', schema: integer },
  'X-RateLimit-Reset': {
    description: 'When all of them are back, in seconds since 1970.',
    schema: integer,
  },
  'X-Request-Id': { description: 'The identifier of the request.', schema: { type: 'string' } },
  'X-Registry-Revision': {
    description: 'The number of the change. A request with this header reads nothing that is older.',
    schema: integer,
  },
  'Idempotent-Replayed': {
    description: '`true` where the change was made before, by a request with the same key.',
    schema: { type: 'string' },
  },
  Allow: { description: 'The methods that the path takes.', schema: { type: 'string' } },
} as const;

function headersOf(status: number, operation: Operation): Json {
  const { rateLimit } = operation;
  const names: (keyof typeof HEADERS)[] = ['X-Request-Id'];
  // Before these statuses the request was not counted.
  const counted = rateLimit !== null && ![401, 404, 405, 503].includes(status);
  if (counted) names.push('X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset');
  if (status === 429 || status === 503) names.push('Retry-After');
  if (status === 405) names.push('Allow');
  if (status < 300 && isChange(operation)) names.push('X-Registry-Revision', 'Idempotent-Replayed');
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

const PROBLEM_CONTENT = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

/** The `responses` of an operation. Every error has problem details. */
export function responses(operation: Operation, components: Components): Json {
  const entries = Object.entries(answersOf(operation)).map(([status, { description, content, alsoAs }]) => {
    const success = content && {
      content: {
        [content.type]: { schema: components.render(content.schema, 'output') },
        ...(alsoAs !== undefined && { [alsoAs]: { schema: { type: 'string' } } }),
      },
    };
    const body = Number(status) < 400 ? success : { content: PROBLEM_CONTENT };
    return [status, { description, headers: headersOf(Number(status), operation), ...body }] as const;
  });
  return Object.fromEntries(entries);
}
