/** Graphs of a service. Pure. */
import type { ContextGraph } from '../../src/registry/graph.ts';
import type { OrganizationFile } from '../../src/registry/organization.ts';

/** Returns the graphs that a service's conversations can enter, its own graph first. */
export function graphsOf(
  { services, graphs }: Pick<OrganizationFile, 'services' | 'graphs'>,
  service: string,
): ContextGraph[] {
  const root = services.find(({ name }) => name === service)?.service_hierarchical_state_machine_id;
  const found = graphs
    .filter(({ id }) => id === root)
    .sort((a, b) => b.version - a.version)
    .slice(0, 1);
  for (const graph of found) {
    for (const [id, version] of Object.values(graph.references)) {
      const referenced = graphs.find((other) => other.id === id && other.version === version);
      if (referenced !== undefined && !found.includes(referenced)) found.push(referenced);
    }
  }
  return found;
}
