/** Agents and graphs in the object: those of a database from before they had rows of their own, and of a file. */
import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { writeDocument } from '../../../src/registry/object/documents.ts';
import { REGISTRY_SCHEMA } from '../../../src/registry/object/schema.ts';
import { RegistryStore } from '../../../src/registry/object/store.ts';
import { migrate } from '../../../src/storage/migrate.ts';
import { testEnv } from '../../support/client.ts';
import { AGENT, GRAPH, SERVICE } from '../../support/organization.ts';
import type { GraphContent } from '../../../src/registry/object/commands.ts';
import { graphContent } from '../../edge/requests.ts';
import { actorIn, Managed } from './model.ts';

describe('the step to the second version of the storage', () => {
  it('gives a row to every stored agent and graph, with its name and its latest version', async () => {
    const stub = testEnv.REGISTRY_OBJECT.getByName('before-blueprints');
    const rows = await runInDurableObject(stub, (_instance, { storage }) => {
      migrate(storage, { ...REGISTRY_SCHEMA, steps: REGISTRY_SCHEMA.steps.slice(0, 1) });
      // Larger than a row: its text is in parts, of which none is JSON.
      const graph = { id: GRAPH, version: 2, name: 'A stall', description: 'x'.repeat(900_000) };
      writeDocument(storage.sql, { kind: 'agent', id: AGENT, version: 1 }, { name: 'Peri' }, 3);
      writeDocument(storage.sql, { kind: 'graph', id: GRAPH, version: 1 }, { name: 'Stall' }, 3);
      writeDocument(storage.sql, { kind: 'graph', id: GRAPH, version: 2 }, graph, 4);
      const { blueprints } = new RegistryStore(storage);
      return (['agent', 'graph'] as const).map(
        (kind) => blueprints.page({ kind, ids: [], deprecated: null, limit: 10, after: 0 }).entries,
      );
    });
    expect(rows).toEqual([
      [{ kind: 'agent', id: AGENT, name: 'Peri', deprecated: false, latest: 1 }],
      [{ kind: 'graph', id: GRAPH, name: 'A stall', deprecated: false, latest: 2 }],
    ]);
  });
});

describe('an agent of a file', () => {
  it('is in use again after it was deleted, once a file with it is published', async () => {
    const managed = await Managed.make();
    await managed.change({ type: 'update-service', id: SERVICE, is_active: false });
    const remove = { type: 'delete-blueprint', kind: 'agent', id: AGENT } as const;
    const services = await managed.store((store) => store.catalog().services);
    for (const { id } of services) await managed.change({ type: 'update-service', id, is_active: false });
    expect(await managed.change(remove)).toMatchObject({ ok: true });
    const documents = await managed.truth();
    const of = (kind: string) =>
      [...documents].flatMap(([key, value]) => (key.includes(`:${kind}:`) ? [value] : []));
    const { latest: _latest, ...catalog } = documents.get(`org:${managed.id}:catalog`) as { latest: unknown };
    const file = {
      organization: documents.get(`org:${managed.id}`),
      users: of('user'),
      api_keys: of('key'),
      agents: of('agent'),
      graphs: of('graph'),
      ...catalog,
    };
    const options = { file, dry_run: false, isProduction: false };
    const outcome = await managed.stub.import(actorIn(managed.id), options);
    expect(outcome).toMatchObject({ ok: true });
    expect(await managed.store((store) => store.blueprint('agent', AGENT)?.deprecated)).toBe(false);
  });
});

describe('a graph that refers to others', () => {
  it('is refused where they are more than can be checked, and is checked below that', async () => {
    const managed = await Managed.make();
    const content = graphContent() as unknown as GraphContent;
    const ids = Array.from({ length: 9 }, (_, index) => index.toString(16).padStart(24, 'f'));
    // The object takes over what KV has before it is given more.
    await managed.stub.keys(managed.id);
    await managed.store((store) => {
      const large = { ...content, description: 'x'.repeat(990_000) };
      for (const id of ids) {
        const value = { ...large, id, version: 1, name: id };
        const writes = [{ type: 'put' as const, name: { kind: 'graph' as const, id, version: 1 }, value }];
        const audit = { at: 0, actor: 'test', operation: 'test', request_id: 'test' };
        store.apply(managed.id, { writes, about: { kind: 'graph', id } }, audit);
      }
    });
    const referring = (count: number) => ({
      content: {
        ...content,
        references: Object.fromEntries(
          ids.slice(0, count).map((id, index) => [`r${index}`, [id, 1] as [string, number]]),
        ),
      },
      unread: [],
    });
    const version = { id: GRAPH, expected: null };
    expect(await managed.stub.checkGraph(actorIn(managed.id), version, referring(8))).toMatchObject({
      ok: true,
    });
    expect(await managed.stub.checkGraph(actorIn(managed.id), version, referring(9))).toMatchObject({
      ok: false,
      problem: { code: 'graph_reference_invalid' },
    });
  });
});

describe('a change of an agent', () => {
  it('is refused to a caller who has seen an earlier revision', async () => {
    const managed = await Managed.make();
    const id = 'c'.repeat(24);
    const made = await managed.change({ type: 'create-blueprint', kind: 'agent', id, name: 'One' });
    const seen = made.ok ? made.value.revision : 0;
    const remove = { type: 'delete-blueprint', kind: 'agent', id } as const;
    const early = { operation: 'test', if_match: seen - 1 };
    expect(await managed.change(remove, actorIn(managed.id), early)).toMatchObject({
      ok: false,
      problem: { code: 'revision_outdated' },
    });
    expect((await managed.change(remove, actorIn(managed.id), { ...early, if_match: seen })).ok).toBe(true);
  });
});
