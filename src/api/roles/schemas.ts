/** Fields and things of roles that several operations share. */
import * as z from 'zod';
import { PERMISSIONS } from '../../access/permissions.ts';
import { MAX_GRANTS } from '../../registry/organization.ts';
import { atMost, boundedRecord, listOfAtMost, MAX_NAME_LENGTH, Prose } from '../../registry/primitives.ts';
import { OrganizationParams } from '../parameters.ts';

const ATTRIBUTES = ['org_id', 'user_id', 'service_id', 'message_type'] as const;
/** The longest value of a condition; of an organization and a user together 88 characters. */
const MAX_VALUE_LENGTH = 128;
/** The most values of a condition. */
const MAX_VALUES = 500;

const Value = z.union([atMost(MAX_VALUE_LENGTH), z.number(), z.boolean(), z.null()]);
const Condition = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Equals'), value: Value }),
  z.object({ type: z.literal('NotEquals'), value: Value }),
  z.object({ type: z.literal('In'), values: listOfAtMost(Value, MAX_VALUES) }),
]);

const Grant = z.object({
  permission_name: z.enum(PERMISSIONS).meta({ description: 'A permission that there is here.' }),
  conditions: boundedRecord(atMost(MAX_NAME_LENGTH), Condition, ATTRIBUTES.length)
    .refine(
      (conditions) =>
        Object.keys(conditions).every((name) => (ATTRIBUTES as readonly string[]).includes(name)),
      `must be about ${ATTRIBUTES.join(', ')}`,
    )
    .meta({ description: `What must hold of ${ATTRIBUTES.join(', ')}.` }),
});

export const Grants = listOfAtMost(Grant, MAX_GRANTS).meta({ description: 'What users of the role may do.' });
export const Description = Prose.meta({ description: 'What the role is for.' });
export const FrontendView = z
  .enum(['client', 'admin'])
  .meta({ description: 'What a front end shows to its users.' });

export const RoleParams = OrganizationParams.extend({
  role_name: atMost(MAX_NAME_LENGTH).meta({ description: 'The name of the role.' }),
});
