/** The document against the facts of the reference: identifiers, paths, parameters, bodies, statuses, answers. */
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import manifest from '../../package.json';
import { OPERATIONS } from '../../src/api/operations.ts';
import { openApiDocument } from '../../src/api/openapi.ts';
import { AgentAction } from '../../src/contract/agent-actions.ts';
import { CreateStreamEvent, InteractStreamEvent } from '../../src/contract/stream.ts';
import { PROBLEM_MEMBERS } from '../../src/contract/problem.ts';
import events from '../fixtures/reference-events.json';
import instances from '../fixtures/reference-instances.json';
import publishedOperations from '../fixtures/reference-operations.json';

/**
 * The reference, but that operations of one path call its parameters alike: OpenAPI forbids two paths that differ by
 * names of parameters alone, and the reference has such a pair.
 */
const reference = publishedOperations.map((operation) => {
  if (operation.operationId !== 'delete-service-hierarchical-state-machine') return operation;
  const name = 'service_hierarchical_state_machine_id';
  const parameters = operation.parameters.map((parameter) =>
    parameter.name === 'state_machine_id' ? { ...parameter, name } : parameter,
  );
  return { ...operation, parameters, path: operation.path.replace('{state_machine_id}', `{${name}}`) };
});

interface Schema {
  $ref?: string;
  type?: string | string[];
  const?: string;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  maximum?: number;
  exclusiveMinimum?: number;
  default?: unknown;
}
interface Described {
  operationId: string;
  'x-extension'?: boolean;
  parameters: { name: string; in: string; required: boolean; schema: Schema; 'x-extension'?: boolean }[];
  requestBody?: { required: boolean; content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}

const document = openApiDocument(OPERATIONS, 'http://localhost') as {
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, Schema> };
};

function resolved(schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : resolved(document.components.schemas[name] ?? {});
}

/** The type of a schema, through references and the alternative null. */
function core(schema: Schema): Schema {
  const { type, ...rest } = resolved(schema);
  const [typeName, ...typeNames] = [type ?? []].flat().filter((name) => name !== 'null');
  const plain: Schema = typeName === undefined || typeNames.length > 0 ? rest : { ...rest, type: typeName };
  const [only, ...others] = (plain.anyOf ?? []).map(resolved).filter(({ type }) => type !== 'null');
  return only !== undefined && others.length === 0 ? core(only) : plain;
}

/** Fields of ours beside the published ones: extra fields are safe everywhere (behaviour of clients). */
const EXTRA_FIELDS: Record<string, string[]> = {
  'get-interaction-insights': ['model_calls', 'stop_cause', 'stopped', 'usage'],
};

/** Returns whether a parameter is marked as one that the published API does not have. It must be optional. */
function isMarked({ required, 'x-extension': mark }: Described['parameters'][number]): boolean {
  if (mark === true) expect(required).toBe(false);
  return mark === true;
}

describe.each(reference)('$operationId', (operation) => {
  const described = document.paths[operation.path]?.[operation.method];

  it('stands at its path with its identifier and statuses', () => {
    expect(described?.operationId).toBe(operation.operationId);
    // More than the reference has: test/edge/described-answers.test.ts shows that those are answered.
    const statuses = Object.keys(described?.responses ?? {}).map(Number);
    expect(statuses).toEqual(expect.arrayContaining(operation.statuses));
    const successes = (list: number[]) => list.filter((status) => status < 400);
    // A create answers 200 to a request for `on_unfinished=resume` alone, which the published API does not have.
    const further = operation.operationId === 'create-conversation' ? [200] : [];
    expect(successes(statuses)).toEqual([...further, ...successes(operation.statuses)]);
  });

  it('has the same parameters', () => {
    const named = (list: { name: string; in: string }[]) => list.map((one) => `${one.in} ${one.name}`).sort();
    // Further parameters are marked, and optional: clients of the published API do not send them.
    const published = (described?.parameters ?? []).filter((parameter) => !isMarked(parameter));
    expect(named(published)).toEqual(named(operation.parameters));
    for (const expected of operation.parameters) {
      const actual = described?.parameters.find(({ name }) => name === expected.name);
      // A JSON text in the query, and a header whose absence is answered by the body: see behaviour of interact.
      if (['request_audio_config', 'content-type'].includes(expected.name)) continue;
      const schema = core(actual?.schema ?? {});
      const wanted = expected.schema as Schema;
      expect([expected.name, actual?.required]).toEqual([expected.name, expected.required]);
      expect([expected.name, schema.type]).toEqual([expected.name, wanted.type]);
      expect([expected.name, schema.enum]).toEqual([expected.name, wanted.enum]);
      expect([expected.name, schema.maximum]).toEqual([expected.name, wanted.maximum]);
      if (wanted.default !== undefined) {
        expect([expected.name, actual?.schema.default]).toEqual([expected.name, wanted.default]);
      }
    }
  });

  it('takes the same body', () => {
    if (operation.body === undefined) {
      expect(described?.requestBody).toBeUndefined();
      return;
    }
    expect(described?.requestBody?.required).toBe(operation.body.required);
    const schema = resolved(described?.requestBody?.content[operation.body.type]?.schema ?? {});
    const variants = (schema.oneOf ?? [schema]).map(resolved);
    expect(variants.map(({ properties = {} }) => Object.keys(properties).sort())).toEqual(
      operation.body.variants.map(({ properties }) => Object.keys(properties).sort()),
    );
  });

  it('gives the same answer', () => {
    const success = described?.responses['200'] ?? described?.responses['201'];
    if (operation.answer === undefined) {
      expect(success?.content).toBeUndefined();
      return;
    }
    const [[type, content] = []] = Object.entries(success?.content ?? {});
    expect(type).toBe(operation.answer.type);
    const properties = Object.keys(core(content?.schema ?? {}).properties ?? {}).sort();
    // The reference does not describe the answer of a message's source; behaviour of the API does.
    const expected =
      operation.operationId === 'retrieve-message-source'
        ? ['content_type', 'expires_at', 'url']
        : [...operation.answer.properties, ...(EXTRA_FIELDS[operation.operationId] ?? [])].sort();
    expect(properties).toEqual(expected);
  });
});

it('has the version of package.json', () => {
  const { info } = openApiDocument(OPERATIONS, 'http://localhost') as { info: { version: string } };
  expect(info.version).toBe(manifest.version);
});

/** Identifiers of operations that the published API does not have. */
const EXTENSIONS: string[] = [
  'erase-conversation',
  'export-conversation',
  'export-user',
  'get-changes',
  'get-usage',
  'get-user-erasure',
  'get-conversation-metrics',
  'get-turn',
  'stop-interaction',
  'stream-interaction',
  'truncate-message',
  ...['send-chat-message', 'get-chat', 'resume-chat', 'stop-chat', 'run-agent'],
  ...['get-visitor-challenge', 'create-visitor', 'adopt-visitor'],
];

it('describes no operation that the reference does not', () => {
  expect(OPERATIONS.map(({ id }) => id).sort()).toEqual(
    [...reference.map(({ operationId }) => operationId), ...EXTENSIONS].sort(),
  );
});

function isExtension(field: z.ZodType): boolean {
  const isMarked = field.meta()?.['x-extension'] === true;
  if (isMarked) expect(field.safeParse(undefined).success).toBe(true);
  return isMarked;
}

it('marks every operation that the reference does not have, and no other', () => {
  const marked = OPERATIONS.filter(({ isExtension: marks }) => marks === true).map(({ id }) => id);
  expect(marked.sort()).toEqual(EXTENSIONS.toSorted());
  for (const { path, method, id } of OPERATIONS) {
    expect([id, document.paths[path]?.[method]?.['x-extension'] === true]).toEqual([id, marked.includes(id)]);
  }
});

it('has every event and action of the reference, field by field', () => {
  const options = [...AgentAction.options, ...CreateStreamEvent.options, ...InteractStreamEvent.options];
  const ours = Object.fromEntries(
    options.map(({ shape }) => {
      const { type, ...fields } = shape;
      // Extra fields are safe everywhere (behaviour of clients). They are marked, and clients can do without them.
      const published = Object.entries(fields).filter(([, field]) => !isExtension(field));
      return [type.value, published.map(([name]) => name).sort()];
    }),
  );
  const theirs = Object.fromEntries(
    Object.entries(events).map(([type, { properties }]) => [type, properties]),
  );
  expect(ours).toEqual(theirs);
});

it('shows the things of the API with all their fields', () => {
  const { schemas } = document.components;
  for (const name of [
    'ConversationInstance',
    'MessageInstance',
    'ServiceInstance',
    'VersionSetInfo',
  ] as const) {
    expect([name, ...(schemas[name]?.required ?? []).toSorted()]).toEqual([
      name,
      ...instances.instances[name].required,
    ]);
  }
  const logs = Object.fromEntries(
    (schemas.StateTransitionLog?.oneOf ?? []).map(({ properties, required }) => [
      properties?.type?.const,
      (required ?? []).filter((field) => field !== 'type').sort(),
    ]),
  );
  expect(logs).toEqual(instances.transition_logs);
});

it('says of every operation which permissions it needs', () => {
  const silent = OPERATIONS.filter(
    ({ access, credentials }) =>
      credentials === 'user' && access.requires.length === 0 && access.impactedBy.length === 0,
  );
  expect(silent).toEqual([]);
});

it('refers only to schemas that it has', () => {
  const names = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g)].map(
    (match) => match[1] ?? '',
  );
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter((name) => !(name in document.components.schemas))).toEqual([]);
});

describe('the words of the document', () => {
  /** Every schema with the JSON pointer to it; names of properties are no schemas. */
  function schemasIn(node: unknown, pointer = ''): [string, Record<string, unknown>][] {
    if (Array.isArray(node)) return node.flatMap((item, index) => schemasIn(item, `${pointer}/${index}`));
    if (typeof node !== 'object' || node === null) return [];
    const below = Object.entries(node).flatMap(([name, value]) => schemasIn(value, `${pointer}/${name}`));
    return pointer.endsWith('/properties') ? below : [[pointer, node as Record<string, unknown>], ...below];
  }
  const schemas = schemasIn(document);
  const where = (found: (schema: Record<string, unknown>) => boolean) =>
    schemas.filter(([, schema]) => found(schema)).map(([pointer]) => pointer);

  it('close no answer and no tuple', () => {
    expect(where((schema) => schema.additionalProperties === false)).toEqual([]);
    expect(where((schema) => schema.items === false)).toEqual([]);
    const tuples = schemas.filter(([, schema]) => 'prefixItems' in schema);
    expect(tuples.length).toBeGreaterThan(10);
    for (const [pointer, { prefixItems, minItems, maxItems }] of tuples) {
      const length = (prefixItems as unknown[]).length;
      expect([pointer, minItems, maxItems]).toEqual([pointer, length, length]);
    }
  });

  it('bound no integer by what JavaScript can hold', () => {
    const bounds = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] as unknown[];
    expect(where(({ minimum, maximum }) => bounds.includes(minimum) || bounds.includes(maximum))).toEqual([]);
  });

  it('have no pattern that only some engines know', () => {
    const patterns = schemas.flatMap(([, { pattern }]) => (typeof pattern === 'string' ? [pattern] : []));
    expect(patterns.length).toBeGreaterThan(10);
    for (const pattern of patterns) {
      // RE2 knows no look-around and no references; classes of Unicode are missing in Python.
      expect(() => RE2JS.compile(pattern)).not.toThrow();
      expect(pattern).not.toMatch(/\\[pPu]|\(\?/);
    }
  });

  it('name every member that a problem may have', () => {
    const { Problem, FieldError } = document.components.schemas;
    expect(Object.keys(Problem?.properties ?? {})).toEqual(
      expect.arrayContaining(Object.keys(PROBLEM_MEMBERS)),
    );
    expect(Problem?.required).toEqual(['type', 'title', 'status', 'detail', 'code', 'request_id']);
    expect(Object.keys(FieldError?.properties ?? {})).toEqual(['loc', 'msg', 'type']);
  });

  it('say what every answer and parameter is', () => {
    for (const { responses, parameters } of Object.values(document.paths).flatMap((item) =>
      Object.values(item),
    )) {
      for (const answer of [...Object.values(responses), ...parameters]) {
        expect((answer as { description?: string }).description).toMatch(/\.$/);
      }
    }
  });
});

describe('a message', () => {
  const interact = document.paths['/v1/{organization}/conversation/{conversation_id}/interact']?.post;

  it('is a text or a file in a form, or audio alone', () => {
    const content = interact?.requestBody?.content ?? {};
    expect(Object.keys(content)).toEqual(['multipart/form-data', 'audio/*']);
    const [event, message, skip] = resolved(content['multipart/form-data']?.schema ?? {}).oneOf ?? [];
    for (const variant of [event, message]) {
      expect(variant?.properties?.recorded_message?.anyOf).toMatchObject([
        { type: 'string', minLength: 1 },
        { type: 'string', format: 'binary' },
      ]);
    }
    expect(skip?.properties?.recorded_message).toMatchObject({ type: 'string', maxLength: 0 });
    expect(content['audio/*']?.schema).toMatchObject({ type: 'string', format: 'binary' });
  });

  it('has a JSON text in its query that says how it is encoded', () => {
    const config = interact?.parameters.find(({ name }) => name === 'request_audio_config');
    const schema = (config as unknown as { content: Record<string, { schema: Schema }> }).content[
      'application/json'
    ]?.schema;
    expect(
      resolved(schema ?? {})
        .oneOf?.map(resolved)
        .map(({ properties }) => properties?.type?.const),
    ).toEqual(['mp3', 'pcm']);
  });
});

it('is made once for every origin', () => {
  const { paths } = openApiDocument(OPERATIONS, 'http://one.example');
  const other = openApiDocument(OPERATIONS, 'https://two.example');
  expect(other.paths).toBe(paths);
  expect(other.servers).toEqual([{ url: 'https://two.example' }]);
});
