/**
 * Holds answers to the OpenAPI document: their status, their content type, and every member of their body. Knows nothing
 * of the runtime, so that tests inside it and tests over HTTP share it.
 */
import { Validator, type Schema } from '@cfworker/json-schema';

interface Answer {
  description: string;
  content?: Record<string, { schema: Schema }>;
}

export interface DescribedOperation {
  operationId: string;
  responses: Record<string, Answer>;
}

export interface ApiDocument {
  paths: Record<string, Record<string, DescribedOperation>>;
  components: { schemas: Record<string, Schema> };
}

/** An answer that was received. `path` is without the query. */
export interface Received {
  method: string;
  path: string;
  status: number;
  contentType: string | null;
  /** The body, or null for a status and a content type alone. */
  text: string | null;
}

/** The same schema without room for members that it does not name: the document is to name all that is sent. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]));
  const isOpen =
    typeof copy.properties === 'object' && copy.type === 'object' && !('additionalProperties' in copy);
  return isOpen ? { ...copy, additionalProperties: false } : copy;
}

/** Tells whether a path matches a template of the document. Both may have a slash at the end. */
function fits(template: string, path: string): boolean {
  const pattern = template.replace(/\/$/, '').replaceAll(/\{\w+\}/g, '[^/]+');
  return new RegExp(`^${pattern}/?$`).test(path);
}

export class DescribedApi {
  readonly #paths: ApiDocument['paths'];
  readonly #components: unknown;
  readonly #validators = new Map<string, Validator>();

  constructor(document: ApiDocument) {
    this.#paths = document.paths;
    this.#components = closed(document.components);
  }

  /** Returns the operation of a request, or null where the document has none. A path without parameters comes first. */
  operationOf(method: string, path: string): DescribedOperation | null {
    const templates = Object.keys(this.#paths)
      .filter((template) => fits(template, path))
      .sort((a, b) => a.split('{').length - b.split('{').length);
    const item = templates
      .map((template) => this.#paths[template])
      .find((found) => found?.[method.toLowerCase()]);
    return item?.[method.toLowerCase()] ?? null;
  }

  /** Returns what of an answer the document does not say; nothing where it has no such operation. */
  errorsOf({ method, path, status, contentType, text }: Received): string[] {
    const operation = this.operationOf(method, path);
    if (operation === null) return [];
    const where = `${operation.operationId} ${status}`;
    const answer = operation.responses[status];
    if (answer === undefined) return [`${where}: the document has no such status`];
    const type = contentType?.split(';')[0] ?? null;
    const declared = Object.entries(answer.content ?? {});
    const [described, content] =
      declared.find(([one]) => one === type) ?? declared[0] ?? ([null, null] as const);
    if (type !== described) return [`${where}: ${type} instead of ${described}`];
    if (described === 'text/event-stream') return [];
    if (content === null || text === null) return [];
    const bodies =
      described === 'application/x-ndjson' ? text.split('\n').filter((line) => line !== '') : [text];
    return bodies.flatMap((body) =>
      this.#errorsIn(content.schema, body).map((error) => `${where}: ${error}`),
    );
  }

  /** Returns why a line is not an event of the stream of an operation; nothing when it is. */
  errorsInLine(operationId: string, line: string): string[] {
    const operations = Object.values(this.#paths).flatMap((item) => Object.values(item));
    const operation = operations.find((described) => described.operationId === operationId);
    const streams = Object.values(operation?.responses ?? {}).flatMap(
      ({ content }) => content?.['application/x-ndjson'] ?? [],
    );
    return streams.flatMap(({ schema }) => this.#errorsIn(schema, line));
  }

  #errorsIn(schema: Schema, body: string): string[] {
    const key = JSON.stringify(schema);
    let validator = this.#validators.get(key);
    if (validator === undefined) {
      const root = { allOf: [closed(schema)], components: this.#components } as Schema;
      validator = new Validator(root, '2020-12', false);
      this.#validators.set(key, validator);
    }
    const { valid, errors } = validator.validate(JSON.parse(body));
    if (valid) return [];
    const deepest = errors.toSorted((a, b) => b.instanceLocation.length - a.instanceLocation.length);
    const told = deepest.slice(0, 3).map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`);
    return [`${told.join('; ')} in ${body.slice(0, 500)}`];
  }
}
