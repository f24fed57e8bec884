/** Fields of context graphs that several operations share. */
import * as z from 'zod';
import { ContextGraph } from '../../registry/graph.ts';
import { BlueprintName, Identifier } from '../../registry/primitives.ts';
import { OrganizationParams } from '../parameters.ts';

export const GraphParams = OrganizationParams.extend({
  service_hierarchical_state_machine_id: Identifier.meta({
    description: 'The identifier of the state machine.',
  }),
});

export const CreateGraphBody = z
  .object({
    state_machine_name: BlueprintName.meta({ description: 'The name; no two state machines have the same.' }),
  })
  .meta({ id: 'CreateServiceHierarchicalStateMachineRequest' });

/** The content of a version, in requests and in answers. */
export const GraphFields = z.object(ContextGraph.omit({ id: true, version: true, name: true }).shape);

export const CreateGraphVersionBody = GraphFields.meta({
  id: 'CreateServiceHierarchicalStateMachineVersionRequest',
});
