/** The answers of operations: what the document says about them, and values that are known to fit it. */
import type { Context } from 'hono';
import type * as z from 'zod';
import type { AppEnv } from '../edge/context.ts';
import { eventResponse, type EventLines } from '../edge/ndjson.ts';

/** The body of a success: one JSON text of the schema, or a stream of lines, each a JSON text of the schema. */
export interface DeclaredContent {
  type: 'application/json' | 'application/x-ndjson';
  schema: z.ZodType;
}

/** A declared answer: its meaning, and for a success its body. A success without `content` has no body. */
export interface AnswerDeclaration {
  description: string;
  content?: DeclaredContent;
}

/** The declared answers of an operation, by their status. */
export type AnswerDeclarations = Readonly<Record<number, AnswerDeclaration>>;

/** The statuses of success that operations have. */
const SUCCESSES = [200, 201, 204] as const;
type SuccessStatus = (typeof SUCCESSES)[number];

/** Headers that an answer has besides those of every answer, by their names in lower case. */
type Headers = Readonly<Record<string, string>>;

/** The arguments with which `answer` is called: none for a success without a body. */
type AnswerArguments<Declared> = Declared extends { content: infer Content extends DeclaredContent }
  ? Content['type'] extends 'application/x-ndjson'
    ? [events: EventLines<z.output<Content['schema']>>]
    : [body: z.output<Content['schema']>, headers?: Headers]
  : [];

/** A success that fits its declaration. The class is not exported: `answerer` alone makes one. */
class FittingAnswer {
  readonly #response: Response;

  constructor(response: Response) {
    this.#response = response;
  }

  get response(): Response {
    return this.#response;
  }
}
export type { FittingAnswer };

/** Makes the success of an operation of a value that fits the declared schema. The compiler checks the value. */
export type Answer<Declarations extends AnswerDeclarations> = (
  ...value: AnswerArguments<Declarations[keyof Declarations & SuccessStatus]>
) => FittingAnswer;

/** The same for code that has no types of the declarations. */
type UncheckedAnswer = (value?: unknown, headers?: Headers) => FittingAnswer;

/** Returns the status of success among declared answers and its body. Throws when there is none. */
function successOf(answers: AnswerDeclarations): { status: SuccessStatus; content?: DeclaredContent } {
  const status = SUCCESSES.find((candidate) => answers[candidate] !== undefined);
  if (status === undefined) throw new Error('The operation declares no success.');
  const content = answers[status]?.content;
  return content === undefined ? { status } : { status, content };
}

/** Returns the function with which the handler of one request makes its answer. */
export function answerer(c: Context<AppEnv>, answers: AnswerDeclarations): UncheckedAnswer {
  const { status, content } = successOf(answers);
  return (value, headers = {}) => {
    if (status === 204 || content === undefined) return new FittingAnswer(c.body(null, 204));
    if (content.type === 'application/x-ndjson') {
      return new FittingAnswer(eventResponse(value as EventLines<unknown>, status));
    }
    return new FittingAnswer(c.json(value as object, status, headers));
  };
}
