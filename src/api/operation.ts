import type { Context, Handler } from 'hono';
import type * as z from 'zod';
import type { Caller, Permission } from '../access/permissions.ts';
import type { Env } from '../bindings.ts';
import type { AppEnv } from '../edge/context.ts';
import type { CredentialKind } from '../edge/credentials.ts';
import { readInput } from '../edge/input.ts';
import { problem } from '../problems.ts';
import type { Organization, User } from '../registry/organization.ts';
import type { RegistryReader } from '../registry/reader.ts';
import { answerer, successOf, type Answer, type AnswerDeclarations, type FittingAnswer } from './answer.ts';

/** The permissions that an operation demands, and those without which a caller sees less. */
export interface AccessDeclaration {
  requires: readonly { permission: Permission; on: string }[];
  impactedBy: readonly { permission: Permission; effect: string }[];
}

interface Declaration<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Headers extends z.ZodObject,
  Body,
  Answers extends AnswerDeclarations,
> {
  /** The operation's identifier in the published API. */
  id: string;
  /** Set for an operation that the published API does not have. */
  isExtension?: true;
  tag: 'Conversation' | 'Organization' | 'Role' | 'Service' | 'User';
  summary: string;
  description: string;
  method: 'get' | 'post' | 'put' | 'delete';
  path: `/v1/{organization}/${string}`;
  credentials: CredentialKind;
  /** Requests in any 60 seconds and user (behaviour of the published API); `null` for no limit. */
  rateLimit: number | null;
  /** Set for an operation that runs while its request is counted: see `LimitedOperation`. */
  runsWhileCounted?: true;
  access: AccessDeclaration;
  params: Params;
  query: Query;
  headers: Headers;
  /** The schema of a JSON body, parsed before the handler runs. */
  body?: z.ZodType<Body>;
  /** For the document only: the body of an operation that reads it itself, by media type. */
  documentedBody?: Readonly<Record<string, z.ZodType>>;
  /** For the document only: what is inside the query parameters that are JSON texts, by their name. */
  documentedJson?: Readonly<Record<string, z.ZodType>>;
  /**
   * The status of success and its answer; then every further status that the operation may answer with, or that means
   * something of its own here. `document/answers.ts` adds those of the edge.
   */
  answers: Answers;
}

/** The parsed input of a request. */
export interface OperationInput<Params, Query, Headers, Body> {
  c: Context<AppEnv>;
  env: Env;
  registry: RegistryReader;
  organization: Organization;
  params: Params;
  query: Query;
  headers: Headers;
  body: Body;
}

/** An operation of the API: its declaration, from which the document is made, and its handler. */
export interface Operation extends Declaration<
  z.ZodObject,
  z.ZodObject,
  z.ZodObject,
  unknown,
  AnswerDeclarations
> {
  handler: Handler<AppEnv>;
}

/**
 * Declares an operation. Its handler runs when credentials, organization and input are in order. It returns what its
 * `answer` makes, so that only a value that fits the declared schema of the success can be answered: `answer(body)` for
 * JSON, `answer(events)` for a stream, `answer()` for an answer without a body.
 */
export function operation<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Headers extends z.ZodObject,
  Answers extends AnswerDeclarations,
  Body = undefined,
>(
  declaration: Declaration<Params, Query, Headers, Body, Answers>,
  handle: (
    input: OperationInput<z.infer<Params>, z.infer<Query>, z.infer<Headers>, Body> & {
      answer: Answer<Answers>;
    },
  ) => FittingAnswer | Promise<FittingAnswer>,
): Operation {
  const success = successOf(declaration.answers);
  return {
    ...declaration,
    handler: async (c) => {
      const parsed = await readInput(c, declaration);
      const answered = await handle({
        c,
        env: c.env,
        registry: c.get('registry'),
        organization: c.get('organization'),
        // `readInput` has parsed each of them by the schema that its type is inferred from.
        params: parsed.params as z.infer<Params>,
        query: parsed.query as z.infer<Query>,
        headers: parsed.headers as z.infer<Headers>,
        body: parsed.body as Body,
        answer: answerer(c, success),
      });
      return answered.response;
    },
  };
}

/** The signed-in user of a request. Operations with credentials of kind `user` always have one. */
export function signedIn(c: Context<AppEnv>): { caller: Caller; user: User } {
  const caller = c.get('caller');
  const user = c.get('user');
  if (caller === null || user === null) throw problem('credentials_invalid', 'A signed-in user is required.');
  return { caller, user };
}
