import { describe, expect, it } from 'vitest';
import { movesRelease } from '../../scripts/registry/changes.ts';
import type { Change } from '../../src/contract/workbench.ts';
import { parseOrganizationFile } from '../../src/registry/publish.ts';
import support from '../dialogues/agents/support.json';

const PINNED = parseOrganizationFile(support);
const LATEST = {
  services: PINNED.services.map((service) => ({
    ...service,
    version_sets: {
      release: {
        agent_version_number: null,
        service_hierarchical_state_machine_version_number: null,
        llm_model_preferences: {},
      },
    },
  })),
};

function moves(
  what: string,
  organization: Parameters<typeof movesRelease>[1],
  kind: Change['kind'] = 'change',
) {
  return movesRelease({ changes: [{ kind, what, details: [] }] }, organization);
}

describe('a publication', () => {
  it.each([
    'services[Front [desk]].version_sets[release]',
    'tools[look_up].versions[1.1]',
    'dynamic_behavior_sets[Fire]',
  ])('changes release when it changes %s', (what) => {
    expect(moves(what, PINNED)).toBe(true);
  });

  it.each(['services[Front desk].version_sets[edge]', 'graphs[Northlight v2]', 'users[Ada]', 'organization'])(
    'leaves a pinned release alone when it changes %s',
    (what) => {
      expect(moves(what, PINNED)).toBe(false);
    },
  );

  it('changes a release that follows the latest versions when it adds one', () => {
    expect(moves('graphs[Northlight v2]', LATEST, 'add')).toBe(true);
    expect(moves('users[Ada]', LATEST, 'add')).toBe(false);
  });

  it('leaves release alone where an entry stays or is refused', () => {
    expect(moves('tools[look_up]', PINNED, 'keep')).toBe(false);
    expect(moves('tools[look_up]', PINNED, 'refuse')).toBe(false);
  });
});
