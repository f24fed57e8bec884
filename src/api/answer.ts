/** The answers of operations: what the document says about them, and values that are known to fit it. */
import type { Context } from 'hono';
import type * as z from 'zod';
import type { AppEnv } from '../edge/context.ts';
import { eventResponse, type EventLines } from '../edge/ndjson.ts';

/** The body of a success: one JSON text of the schema, or a stream of lines or events, each a JSON text of the schema. */
export interface DeclaredContent {
  type: 'application/json' | 'application/x-ndjson' | 'text/event-stream';
  schema: z.ZodType;
}

/** A declared answer: its meaning, and for a success its body. A success without `content` has no body. */
export interface AnswerDeclaration {
  description: string;
  content?: DeclaredContent;
  /** For a stream: a further media type in which it is answered when the request accepts it. */
  alsoAs?: 'text/event-stream';
  /** For a stream: what 204 means, which is answered in its place where there is nothing to stream. */
  orNothing?: string;
  /** Meaning of 200, which is answered in its place where the answer is about something that existed before. */
  orExisting?: string;
}

/** The declared answers of an operation, by their status. RFC 9110, section 15.3.5: 204 has no body. */
export interface AnswerDeclarations {
  readonly [status: number]: AnswerDeclaration;
  readonly 204?: { description: string; content?: never };
}

/** The statuses of success that operations have. */
const SUCCESSES = [200, 201, 204] as const;
type SuccessStatus = (typeof SUCCESSES)[number];

/** Headers that an answer has besides those of every answer, by their names in lower case. */
type Headers = Readonly<Record<string, string>>;

/** The arguments with which `answer` is called: none for a success without a body. */
type AnswerArguments<Declared> = Declared extends { content: infer Content extends DeclaredContent }
  ? Content['type'] extends 'application/json'
    ? [body: z.output<Content['schema']>, headers?: Headers, existed?: Existed<Declared>]
    : [events: EventLines<z.output<Content['schema']>> | Nothing<Declared>]
  : [];

/** `true` where an operation may answer with something that existed before. */
type Existed<Declared> = Declared extends { orExisting: string } ? boolean : never;

/** `null` where an operation may have nothing to stream. */
type Nothing<Declared> = Declared extends { orNothing: string } ? null : never;

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
type UncheckedAnswer = (value?: unknown, headers?: Headers, existed?: boolean) => FittingAnswer;

/** The declared success of an operation: its status and its body. */
export interface Success {
  status: SuccessStatus;
  content: DeclaredContent | null;
}

/** Returns the success among declared answers. Throws an `Error` unless there is exactly one. */
export function successOf(answers: AnswerDeclarations): Success {
  const [status, ...more] = SUCCESSES.filter((candidate) => answers[candidate] !== undefined);
  if (status === undefined || more.length > 0) throw new Error('An operation declares one success.');
  return { status, content: answers[status]?.content ?? null };
}

/** Returns the function with which the handler of one request makes its answer. */
export function answerer(c: Context<AppEnv>, { status, content }: Success): UncheckedAnswer {
  return (value, headers = {}, existed = false) => {
    if (content === null || status === 204) return new FittingAnswer(c.body(null, status));
    if (content.type !== 'application/json') {
      // Null stands for a stream that there is not. As JSON it is a body like any other.
      if (value === null) return new FittingAnswer(c.body(null, 204));
      const events = value as EventLines<unknown>;
      return new FittingAnswer(eventResponse(events, events.existed === true ? 200 : status));
    }
    return new FittingAnswer(c.json(value as object, existed ? 200 : status, headers));
  };
}
