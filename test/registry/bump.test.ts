/** Automatic versions: what is published under which number when the content of a file changes. */
import { beforeEach, describe, expect, it } from 'vitest';
import { RegistryInMemory, STALL_ID } from './registry-in-memory.ts';
import { ID, sampleFile, type Changes } from './sample-file.ts';

let registry: RegistryInMemory;

beforeEach(async () => {
  registry = new RegistryInMemory();
  await registry.publish(sampleFile());
});

interface Catalog {
  latest: Record<string, number>;
  tools: { versions: { version: string }[] }[];
  dynamic_behavior_sets: { version: number }[];
  services: {
    version_sets: Record<
      string,
      {
        agent_version_number: number | null;
        service_hierarchical_state_machine_version_number: number | null;
      }
    >;
  }[];
}

const catalog = () => registry.documents.get(`org:${STALL_ID}:catalog`) as Catalog;
const graph = (id: string, version: number) =>
  registry.documents.get(`org:${STALL_ID}:graph:${id}:${version}`) as {
    references: unknown;
    states: unknown[];
  };

function pins(set: string): (number | null | undefined)[] {
  const pinned = catalog().services[0]?.version_sets[set];
  return [pinned?.agent_version_number, pinned?.service_hierarchical_state_machine_version_number];
}

const say = (words: string): Changes => ({ 'graphs.0.states.4.actions': [`Say: "${words}"`] });
const bump = (changes: Changes, release = false) =>
  registry.publish(sampleFile(changes), { bump: true, release });

describe('a changed version', () => {
  it('gets the next number, which edge uses and release does not', async () => {
    const { notes, changes } = await bump(say('Bye!'));
    expect(notes).toEqual(['graphs[Stall]: version 1 of the file is version 2']);
    expect(changes.map(({ kind, what }) => `${kind} ${what}`)).toEqual([
      'add graphs[Stall v2]',
      'keep graphs[Stall v1]',
    ]);
    expect(catalog().latest[ID.graph]).toBe(2);
    expect(pins('release')).toEqual([1, 1]);
  });

  it('is used by release if that is requested, and stays so', async () => {
    await bump({ ...say('Bye!'), 'agents.0.background': 'Finn sells nuts.' }, true);
    expect(pins('release')).toEqual([2, 2]);
    await bump(say('So long!'));
    expect(catalog().latest[ID.graph]).toBe(3);
    expect(pins('release')).toEqual([1, 2]);
  });

  it('is used by a pinned edge', async () => {
    const sets = { release: {}, edge: { service_hierarchical_state_machine_version_number: 1 } };
    await bump({ 'services.0.version_sets': sets });
    await bump({ ...say('Bye!'), 'services.0.version_sets': sets });
    expect([pins('edge'), pins('release')]).toEqual([
      [null, 2],
      [null, null],
    ]);
  });

  it('adds no version if its content is published under an earlier number, and uses that number', async () => {
    await bump(say('Bye!'));
    const again = await bump(say('Bye!'));
    expect(again.changes.filter(({ kind }) => kind !== 'keep')).toEqual([]);
    await bump({});
    expect(catalog().latest[ID.graph]).toBe(1);
    await bump(say('So long!'));
    expect(catalog().latest[ID.graph]).toBe(3);
    await bump(say('Bye!'));
    expect(catalog().latest[ID.graph]).toBe(2);
  });

  it('adds no version of unchanged entries', async () => {
    const { notes } = await bump({ 'users.0.name': 'Ada Other', ...say('Bye!') });
    expect(notes).toHaveLength(1);
    expect(catalog().latest).toEqual({ [ID.agent]: 1, [ID.graph]: 2, [ID.inner]: 1 });
  });

  it('is used by the graphs that refer to it', async () => {
    await bump({ 'graphs.1.states.0.actions': ['Ask: "And you are?"'] });
    expect(catalog().latest).toEqual({ [ID.agent]: 1, [ID.graph]: 2, [ID.inner]: 2 });
    expect(graph(ID.graph, 2).references).toEqual({ known: [ID.inner, 2] });
    expect(graph(ID.graph, 1).references).toEqual({ known: [ID.inner, 1] });
  });

  it('is added beside the published one of a tool, for graphs that are pinned to it', async () => {
    const pinned = { 'graphs.0.states.3.designated_tool.version_constraint': '==1.0' };
    await bump({ ...pinned, 'tools.0.versions.0.timeout_ms': 500 });
    const versions = () => catalog().tools[0]?.versions.map(({ version }) => version);
    expect(versions()).toEqual(['1.0', '1.0.1']);
    await bump({ ...pinned, 'tools.0.versions.0.timeout_ms': 700 });
    expect(versions()).toEqual(['1.0', '1.0.2']);
    await bump(pinned);
    expect(versions()).toEqual(['1.0']);
  });

  it('is counted up for a behavior set, and never down', async () => {
    const triggers = (trigger: string): Changes => ({ 'dynamic_behavior_sets.0.triggers': [trigger] });
    await bump(triggers('theft'));
    await bump(triggers('robbery'));
    expect(catalog().dynamic_behavior_sets[0]?.version).toBe(3);
    await bump(triggers('robbery'));
    expect(catalog().dynamic_behavior_sets[0]?.version).toBe(3);
  });

  it('is refused if it is not the newest of its file', async () => {
    const [first] = sampleFile().agents as object[];
    const both = (background: string): Changes => ({
      agents: [
        { ...first, background },
        { ...first, version: 2, background: 'Newer.' },
      ],
    });
    await bump(both('Finn sells fruit.'));
    const { changes } = registry.plan(sampleFile(both('Changed.')), { bump: true });
    expect(changes.map(({ kind, what }) => `${kind} ${what}`)).toEqual(['refuse agents[Finn v1]']);
  });
});
