/** Roles, and what they grant. */
import * as z from 'zod';

const Value = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** A condition on an attribute of the thing that a permission is checked for. */
const ConditionInstance = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Equals'), value: Value }),
  z.object({ type: z.literal('NotEquals'), value: Value }),
  z.object({ type: z.literal('In'), values: z.array(Value) }),
]);

/** A permission that holds if all conditions are met. */
const GrantInstance = z
  .object({ permission_name: z.string(), conditions: z.record(z.string(), ConditionInstance) })
  .meta({ id: 'PermissionGrant' });

/** The roles of an organization. */
export const RolesAnswer = z
  .object({
    roles: z.array(
      z
        .object({
          id: z.string(),
          name: z.string(),
          description: z.string(),
          frontend_view: z.enum(['client', 'admin']),
          permission_grants: z.array(GrantInstance).meta({ description: 'Empty unless they are asked for.' }),
        })
        .meta({ id: 'RoleInstance' }),
    ),
  })
  .meta({ id: 'GetRolesResponse' });

/** The identifier of a role. */
const RoleAnswer = z.object({
  role_id: z.string().meta({ description: 'The identifier of the role.' }),
});

/** The answer to a new role. */
export const CreateRoleAnswer = RoleAnswer.meta({ id: 'CreateRoleResponse' });
/** The answer to a changed role. */
export const ModifyRoleAnswer = RoleAnswer.meta({ id: 'ModifyRoleResponse' });
/** The answer to a role that was given to a user. */
export const AssignRoleAnswer = RoleAnswer.meta({ id: 'AssignRoleResponse' });
