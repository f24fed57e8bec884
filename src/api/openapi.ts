/** The OpenAPI document, made from the operations and the very schemas that validate their requests. */
import type * as z from 'zod';
// By name, so that the bundle holds the version and not the whole file.
import { version } from '../../package.json';
import { HEADERS, responses } from './document/answers.ts';
import { Components, type Json } from './document/json-schema.ts';
import { DocumentedProblem } from './document/problem.ts';
import type { Operation } from './operation.ts';

type Place = 'path' | 'query' | 'header';

function parameters(
  place: Place,
  schema: z.ZodObject,
  { documentedJson = {} }: Operation,
  components: Components,
): Json[] {
  const { properties = {}, required = [] } = components.render(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, 'x-extension': extension, ...property }]) => {
    const inside = place === 'query' ? documentedJson[name] : undefined;
    return {
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      ...(description !== undefined && { description }),
      ...(extension !== undefined && { 'x-extension': extension }),
      ...(inside === undefined
        ? { schema: property }
        : { content: { 'application/json': { schema: components.render(inside, 'input') } } }),
    };
  });
}

function requestBody({ body, documentedBody }: Operation, components: Components): Json {
  const declared = documentedBody ?? (body && { 'application/json': body });
  if (declared === undefined) return {};
  const content = Object.entries(declared).map(
    ([type, schema]) => [type, { schema: components.render(schema, 'input') }] as const,
  );
  const required = body?.safeParse(undefined).success !== true;
  return { requestBody: { required, content: Object.fromEntries(content) } };
}

/** Returns the permissions that an operation demands, and the effect of those that it does not demand, as Markdown. */
function accessText({ access }: Operation): string {
  const requires = access.requires.map(({ permission, on }) => `* Requires \`${permission}\` on ${on}.`);
  const impacted = access.impactedBy.map(({ permission, effect }) => `* \`${permission}\`: ${effect}`);
  const lines = [...requires, ...impacted];
  return lines.length === 0 ? '' : `\n\n#### Permissions\n${lines.join('\n')}`;
}

const SECURITY = {
  user: [{ Bearer: [] }, { Bearer: [], 'Bearer-Organization': [] }, { Basic: [] }],
  optional: [{}, { Bearer: [] }, { Bearer: [], 'Bearer-Organization': [] }, { Basic: [] }],
  'api-key': [{ 'API-Key': [], 'API-Key-ID': [], 'API-Key-User': [] }],
} as const;

function pathItem(operation: Operation, components: Components): Json {
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    ...(operation.isExtension === true && { 'x-extension': true }),
    description: operation.description + accessText(operation),
    parameters: [
      ...parameters('path', operation.params, operation, components),
      ...parameters('query', operation.query, operation, components),
      ...parameters('header', operation.headers, operation, components),
    ],
    ...requestBody(operation, components),
    responses: responses(operation, components),
    security: SECURITY[operation.credentials],
  };
}

const INFO = {
  title: 'Conversation API',
  version,
  summary: 'Conversations with an agent, streamed as lines of JSON.',
  description:
    'Conversations with an agent, streamed as lines of JSON. Every error is problem details (RFC 9457) with a stable ' +
    '`code`. What the published API does not have is marked `x-extension`.',
  contact: { name: 'The operator of this deployment' },
  license: { name: 'MIT', identifier: 'MIT' },
};

const TAGS: readonly { name: Operation['tag']; description: string }[] = [
  { name: 'Conversation', description: 'Hold conversations, and look into them.' },
  { name: 'Organization', description: 'What an organization is called, and its settings.' },
  { name: 'Role', description: 'What users may do.' },
  { name: 'Service', description: 'What conversations can be begun with.' },
  { name: 'User', description: 'Sign in, and look after users.' },
];

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

/**
 * The parts of the document that do not depend on its origin. They are made once, because rendering the schemas is
 * slow.
 */
const rendered = new WeakMap<readonly Operation[], Json>();

function render(operations: readonly Operation[]): Json {
  const components = new Components();
  components.render(DocumentedProblem, 'output');
  const paths: Record<string, Json> = {};
  for (const operation of operations) {
    const item = (paths[operation.path] ??= {});
    item[operation.method] = pathItem(operation, components);
  }
  const { schemas } = components;
  return { paths, components: { schemas, headers: HEADERS, securitySchemes: SECURITY_SCHEMES } };
}

/** The OpenAPI 3.1 document of these operations. `origin` is where the API is served. Do not change what it returns. */
export function openApiDocument(operations: readonly Operation[], origin: string): Json {
  const same = rendered.get(operations) ?? render(operations);
  rendered.set(operations, same);
  return {
    openapi: '3.1.0',
    info: INFO,
    servers: [{ url: origin }],
    tags: TAGS,
    ...same,
  };
}
