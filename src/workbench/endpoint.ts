import type { Handler } from 'hono';
import type * as z from 'zod';
import {
  answerer,
  successOf,
  type Answer,
  type AnswerDeclarations,
  type FittingAnswer,
} from '../api/answer.ts';
import { signedIn, type OperationInput } from '../api/operation.ts';
import type { Caller } from '../access/permissions.ts';
import type { AppEnv } from '../edge/context.ts';
import { readInput } from '../edge/input.ts';

/**
 * The most requests of a user in any 60 seconds, for each endpoint. A person who rewinds a conversation asks for a
 * page of turns at a time and hardly reaches it. It keeps a broken page, or a program, from reading everything at
 * once.
 */
const WORKBENCH_RATE_LIMIT = 60;

/** A question that the page asks as a signed-in user. None of them changes anything. */
export interface Endpoint {
  id: string;
  path: `/workbench/api/:organization/${string}`;
  rateLimit: number;
  /** The schemas of the request. Tests are made from them. */
  schemas: { params: z.ZodObject; query: z.ZodObject; headers: z.ZodObject };
  handler: Handler<AppEnv>;
}

interface Declaration<Params extends z.ZodObject, Query extends z.ZodObject, Body extends z.ZodType> {
  id: string;
  path: Endpoint['path'];
  params: Params;
  query: Query;
  /** Read for their form alone; the workbench takes no headers of its own. */
  headers: z.ZodObject;
  /** The schema of the answer. */
  answer: Body;
}

type Input<Params, Query> = Omit<OperationInput<Params, Query, unknown, unknown>, 'headers' | 'body'> & {
  caller: Caller;
};

/** The declared answers of an endpoint: JSON of a schema. */
interface JsonAnswers<Body extends z.ZodType> extends AnswerDeclarations {
  200: { description: string; content: { type: 'application/json'; schema: Body } };
}

/**
 * Declares an endpoint. Its handler runs when the caller is known and the input is in order. Like that of an operation, it
 * returns what its `answer` makes.
 */
export function endpoint<Params extends z.ZodObject, Query extends z.ZodObject, Body extends z.ZodType>(
  { id, path, answer, ...schemas }: Declaration<Params, Query, Body>,
  handle: (
    input: Input<z.infer<Params>, z.infer<Query>> & { answer: Answer<JsonAnswers<Body>> },
  ) => Promise<FittingAnswer>,
): Endpoint {
  const answers: JsonAnswers<Body> = {
    200: { description: id, content: { type: 'application/json', schema: answer } },
  };
  const success = successOf(answers);
  return {
    id,
    path,
    rateLimit: WORKBENCH_RATE_LIMIT,
    schemas,
    handler: async (c) => {
      const parsed = await readInput(c, schemas);
      const answered = await handle({
        c,
        env: c.env,
        registry: c.get('registry'),
        organization: c.get('organization'),
        caller: signedIn(c).caller,
        // `readInput` has parsed each of them by the schema that its type is inferred from.
        params: parsed.params as z.infer<Params>,
        query: parsed.query as z.infer<Query>,
        answer: answerer(c, success),
      });
      return answered.response;
    },
  };
}
