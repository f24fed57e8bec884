/** The OpenAPI document, made from the operations and the very schemas that validate their requests. */
import * as z from 'zod';
import type { Operation } from './operation.ts';

type Json = Record<string, unknown>;

/** Collects the named schemas that others refer to. */
class Components {
  readonly schemas: Json = {};

  /** A schema as JSON Schema 2020-12, which is what OpenAPI 3.1 speaks; named schemas become references. */
  render(schema: z.ZodType, io: 'input' | 'output'): Json {
    const rendered = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json & { $defs?: Json };
    const { $schema: _dialect, $defs = {}, ...inline } = rendered;
    for (const [name, definition] of Object.entries($defs)) this.#add(name, definition);
    const { id, ...rest } = inline as { id?: string };
    if (id === undefined) return this.#withReferences(inline);
    this.#add(id, rest);
    return { $ref: `#/components/schemas/${id}` };
  }

  #add(name: string, definition: unknown): void {
    const { id: _id, ...rest } = definition as Json;
    this.schemas[name] = this.#withReferences(rest);
  }

  #withReferences(schema: Json): Json {
    return JSON.parse(JSON.stringify(schema).replaceAll('#/$defs/', '#/components/schemas/')) as Json;
  }
}

function parameters(place: 'path' | 'query' | 'header', schema: z.ZodObject, components: Components): Json[] {
  const { properties = {}, required = [] } = components.render(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description !== undefined && { description }),
    schema: property,
  }));
}

function requestBody(operation: Operation, components: Components): Json {
  const { body, documentedBody } = operation;
  const declared = documentedBody ?? (body && { type: 'application/json', schema: body });
  if (declared === undefined) return {};
  const optional = body?.safeParse(undefined).success === true;
  return {
    requestBody: {
      required: !optional,
      content: { [declared.type]: { schema: components.render(declared.schema, 'input') } },
    },
  };
}

const PROBLEM_CONTENT = {
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

function responses(operation: Operation, components: Components): Json {
  const declared = Object.entries(operation.answers).map(([status, { description, content }]) => {
    const success = Number(status) < 400;
    const shown = content && {
      content: { [content.type]: { schema: components.render(content.schema, 'output') } },
    };
    return [status, { description, ...(success ? shown : PROBLEM_CONTENT) }] as const;
  });
  return Object.fromEntries(declared);
}

/** What the operation demands and what it holds back, in words: made from its declaration. */
function accessText({ access }: Operation): string {
  const requires = access.requires.map(({ permission, on }) => `* Requires \`${permission}\` on ${on}.`);
  const impacted = access.impactedBy.map(({ permission, effect }) => `* \`${permission}\`: ${effect}`);
  const lines = [...requires, ...impacted];
  return lines.length === 0 ? '' : `\n\n#### Permissions\n${lines.join('\n')}`;
}

const SECURITY = {
  user: [{ Bearer: [] }, { Bearer: [], 'Bearer-Organization': [] }, { Basic: [] }],
  optional: [],
  'api-key': [{ 'API-Key': [], 'API-Key-ID': [], 'API-Key-User': [] }],
} as const;

function pathItem(operation: Operation, components: Components): Json {
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    description: operation.description + accessText(operation),
    parameters: [
      ...parameters('path', operation.params, components),
      ...parameters('query', operation.query, components),
      ...parameters('header', operation.headers, components),
    ],
    ...requestBody(operation, components),
    responses: responses(operation, components),
    security: SECURITY[operation.credentials],
  };
}

const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'One readable sentence.' }),
    code: z.string().meta({ description: 'Stable: programs may decide by it.' }),
    request_id: z.string(),
    errors: z
      .array(z.object({ loc: z.array(z.union([z.string(), z.int()])), msg: z.string(), type: z.string() }))
      .optional()
      .meta({ description: 'With status 422: the fields that are not valid, at most the first 100.' }),
    error_count: z
      .int()
      .optional()
      .meta({ description: 'With `errors`: how many fields are not valid in all.' }),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457).' });

const SECURITY_SCHEMES = {
  Bearer: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'A token of sign-in-with-api-key.',
  },
  'Bearer-Organization': {
    type: 'apiKey',
    in: 'header',
    name: 'X-ORG-ID',
    description: 'The organization that issued the token, when it is not the one in the path.',
  },
  Basic: {
    type: 'http',
    scheme: 'basic',
    description: 'User name `{org_id}_{user_id}`, and the token as the password.',
  },
  'API-Key': { type: 'apiKey', in: 'header', name: 'x-api-key' },
  'API-Key-ID': { type: 'apiKey', in: 'header', name: 'x-api-key-id' },
  'API-Key-User': { type: 'apiKey', in: 'header', name: 'x-user-id' },
};

/** The OpenAPI 3.1 document of these operations. `origin` is where the API is served. */
export function openApiDocument(operations: readonly Operation[], origin: string): Json {
  const components = new Components();
  components.render(Problem, 'output');
  const paths: Record<string, Json> = {};
  for (const operation of operations) {
    const item = (paths[operation.path] ??= {});
    item[operation.method] = pathItem(operation, components);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Conversation API',
      version: '0.1.0',
      description:
        'Conversations with an agent, streamed as lines of JSON. Every error is problem details (RFC 9457) with a stable `code`.',
    },
    servers: [{ url: origin }],
    paths,
    components: { schemas: components.schemas, securitySchemes: SECURITY_SCHEMES },
  };
}
