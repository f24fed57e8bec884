import type { Context } from 'hono';
import * as z from 'zod';
import type { AppEnv } from '../../edge/context.ts';
import { REVISION_HEADER } from '../../edge/credentials.ts';
import { readInput } from '../../edge/input.ts';
import { JURISDICTIONS } from '../../home.ts';
import { changeRegistry } from '../../registry/object/client.ts';
import { Organization } from '../../registry/organization.ts';
import { atMost, Name } from '../../registry/primitives.ts';
import { PreferencesBody } from '../users/fields.ts';
import { Dimensions, Picture } from './fields.ts';
import { logOperator, operatorIn, operatorOf } from './operator.ts';

const NOTHING = z.object({});

/** Schema of a new organization. The published API demands pictures and a team as well; here they have no effect. */
export const CreateOrganizationBody = z.object({
  org_name: Name,
  user_dimensions: Dimensions.default([]),
  logo: Picture,
  square_logo: Picture,
  favicon: Picture,
  azure_devops_team_name: atMost(200).nullish(),
  default_user_preferences: PreferencesBody.nullish(),
  jurisdiction: z.enum(JURISDICTIONS).nullish(),
});

/** Creates an organization, for the operator. */
export async function createOrganization(c: Context<AppEnv>): Promise<Response> {
  const { organization: id } = operatorOf(c);
  const schemas = { params: NOTHING, query: NOTHING, headers: NOTHING, body: CreateOrganizationBody };
  const body = (await readInput(c, schemas)).body as z.infer<typeof CreateOrganizationBody>;
  const { org_name: name, user_dimensions, default_user_preferences, jurisdiction = null } = body;
  const actor = await operatorIn(c, jurisdiction);
  const organization = Organization.parse({
    id,
    name,
    user_dimensions,
    jurisdiction,
    ...(default_user_preferences != null && { default_user_preferences }),
  });
  const operation = 'create-organization';
  const { revision } = await changeRegistry(c.env, actor, { type: operation, organization }, { operation });
  logOperator(c, operation);
  return c.json({ org_id: id }, 201, { [REVISION_HEADER]: String(revision) });
}
