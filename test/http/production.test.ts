/** The Worker of production in the runtime: it serves turns and its document as the sources do. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workerConfiguration } from '../../bench/bundle.ts';
import { productSubject, publish, signingSecret } from '../../bench/conversations.ts';
import { ORGANIZATION, userId } from '../../bench/scenario.ts';
import { startServer, type Server } from '../../bench/server.ts';
import { renderDocument } from '../../scripts/document.ts';
import { bundleWorker } from '../../scripts/worker-bundle.ts';
import { issueToken } from '../../src/edge/tokens.ts';
import { publishOrganization } from '../../src/registry/publish.ts';
import { NO_TARGET, validRequest } from '../edge/requests.ts';
import { ADMIN, ORGANIZATION as TEST_ORGANIZATION, testOrganization } from '../support/organization.ts';

interface Document {
  servers: unknown;
  paths: Record<string, Record<string, { operationId: string }>>;
}

describe('the Worker of production', () => {
  let directory: string;
  let server: Server;
  let secret: string;
  let rendered: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'production-'));
    secret = await signingSecret();
    rendered = await renderDocument();
    const { files } = await bundleWorker();
    const configuration = workerConfiguration();
    server = await startServer({
      files,
      directory,
      worker: {
        ...configuration,
        bindings: { ...configuration.bindings, SIGNING_KEYS: secret, DEVELOPMENT: 'true' },
        serviceBindings: { ASSETS: () => new Response(rendered) as never },
      },
    });
    await publish(server);
  });

  afterAll(async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('creates a conversation and answers a message', async () => {
    const conversation = await productSubject(server, secret).begin();
    try {
      const { answer } = await conversation.take();
      const types = [...answer.matchAll(/"type":"([\w-]+)"/g)].map(([, type]) => type);
      expect(types).toContain('new-message');
      expect(types.at(-1)).toBe('interaction-complete');
    } finally {
      conversation.close();
    }
  });

  it('serves the rendered document with its own origin', async () => {
    const response = await fetch(new URL('/v1/openapi.json', server.origin));
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
    const document = (await response.json()) as Document;
    expect(document).toEqual({
      ...(JSON.parse(rendered) as Document),
      servers: [{ url: server.origin.origin }],
    });
  });

  it('answers a valid request of every operation without a fault', async () => {
    const registry = await server.miniflare.getKVNamespace('REGISTRY');
    await publishOrganization(registry, testOrganization('none'));
    const claims = { organization: TEST_ORGANIZATION, user_id: ADMIN };
    const { id_token } = await issueToken(secret, claims, Date.now());
    const headers = { authorization: `Bearer ${id_token}` };
    const faults: string[] = [];
    const { paths } = JSON.parse(rendered) as Document;
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId: id }]) => ({ id, path, method })),
    );
    // What is deleted is needed by the others.
    const rank = ({ id, method }: { id: string; method: string }) =>
      id === 'delete-organization' ? 2 : Number(method === 'delete');
    let target = NO_TARGET;
    for (const operation of operations.toSorted((a, b) => rank(a) - rank(b))) {
      const request = validRequest(operation, TEST_ORGANIZATION, target, headers);
      const { pathname, search } = new URL(request.url);
      const response = await fetch(new Request(new URL(pathname + search, server.origin), request));
      const text = await response.text();
      if (response.status >= 500 || text.includes('"internal')) faults.push(`${operation.id}: ${text}`);
      const [, conversation] = /^\{"type":"conversation-created","conversation_id":"(\w+)"/.exec(text) ?? [];
      if (conversation !== undefined) target = { ...target, conversation };
    }
    expect(target).not.toBe(NO_TARGET);
    expect(faults).toEqual([]);
  });

  it('refuses what does not fit a schema, and names the fields', async () => {
    const claims = { organization: ORGANIZATION, user_id: userId(1) };
    const { id_token } = await issueToken(secret, claims, Date.now());
    const path = `/v1/${ORGANIZATION}/conversation/?response_format=text`;
    const response = await fetch(new URL(path, server.origin), {
      method: 'POST',
      headers: { authorization: `Bearer ${id_token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ service_id: 1 }),
    });
    const { code, errors } = (await response.json()) as { code: string; errors: { loc: string[] }[] };
    expect([response.status, code, errors.map(({ loc }) => loc)]).toEqual([
      422,
      'request_invalid',
      [['body', 'service_id']],
    ]);
  });
});
