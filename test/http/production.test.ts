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
