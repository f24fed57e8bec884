import * as z from 'zod';

/**
 * The closed list of permissions: those that the reference names for these operations, `User:GetUserInfo` for the
 * identifiers of other users, and `User:GetUserModel` for what is remembered about a user, which the workbench shows.
 */
export const PERMISSIONS = [
  'Conversation:CreateConversation',
  'Conversation:FinishConversation',
  'Conversation:GetConversation',
  'Conversation:GetInteractionInsights',
  'Conversation:GetMessage',
  'Conversation:GetRecommendedResponses',
  'Conversation:InteractWithConversation',
  'Conversation:ModifyConversation',
  'Organization:GetOrganizationDetails',
  'Organization:GetServiceHierarchicalStateMachine',
  'Service:GetService',
  'Service:GetVersionSet',
  'User:GetUserInfo',
  'User:GetUserModel',
  'User:UpdateUserInfo',
] as const;

export const Permission = z.enum(PERMISSIONS);
export type Permission = z.infer<typeof Permission>;

/** What a permission is asked about. Every permission knows `org_id`; the others where the thing has them. */
export interface Attributes {
  org_id: string;
  user_id?: string;
  service_id?: string;
  message_type?: string;
}

const Value = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const Condition = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('Equals'), value: Value }),
  z.strictObject({ type: z.literal('NotEquals'), value: Value }),
  z.strictObject({ type: z.literal('In'), values: z.array(Value) }),
]);
export type Condition = z.infer<typeof Condition>;

export const PermissionGrant = z.strictObject({
  permission_name: Permission,
  conditions: z.partialRecord(z.enum(['org_id', 'user_id', 'service_id', 'message_type']), Condition),
});
export type PermissionGrant = z.infer<typeof PermissionGrant>;

/** Who asks: an authenticated user with the grants of their role, its variables already filled in. */
export interface Caller {
  /** The request in which they ask, for the log. */
  request_id: string;
  organization: string;
  user_id: string;
  grants: readonly PermissionGrant[];
}

/** Fills `{self_user_id}` and `{self_org_id}` into the conditions of a role's grants. */
export function grantsFor(
  grants: readonly PermissionGrant[],
  self: { user_id: string; org_id: string },
): PermissionGrant[] {
  const fill = (value: z.infer<typeof Value>) => {
    if (value === '{self_user_id}') return self.user_id;
    return value === '{self_org_id}' ? self.org_id : value;
  };
  return grants.map(({ permission_name, conditions }) => ({
    permission_name,
    conditions: Object.fromEntries(
      Object.entries(conditions).map(([attribute, condition]) => [
        attribute,
        condition.type === 'In'
          ? { ...condition, values: condition.values.map(fill) }
          : { ...condition, value: fill(condition.value) },
      ]),
    ),
  }));
}

/** An attribute that the thing does not have satisfies no condition, `NotEquals` neither: deny by default. */
function satisfies(actual: string | undefined, condition: Condition): boolean {
  if (actual === undefined) return false;
  switch (condition.type) {
    case 'Equals':
      return actual === condition.value;
    case 'NotEquals':
      return actual !== condition.value;
    case 'In':
      return condition.values.includes(actual);
  }
}

/** Whether some grant gives `permission` on a thing with these attributes. */
export function allows(
  grants: readonly PermissionGrant[],
  permission: Permission,
  attributes: Attributes,
): boolean {
  return grants.some(
    (grant) =>
      grant.permission_name === permission &&
      Object.entries(grant.conditions).every(([attribute, condition]) =>
        satisfies(attributes[attribute as keyof Attributes], condition),
      ),
  );
}

/**
 * The users on whose things `permission` can hold at all: a list to narrow a query by, or `null` when it is not
 * bounded. A bound only narrows; `allows` still decides on each thing.
 */
export function usersWithin(grants: readonly PermissionGrant[], permission: Permission): string[] | null {
  const users = new Set<string>();
  for (const grant of grants) {
    if (grant.permission_name !== permission) continue;
    const condition = grant.conditions.user_id;
    if (condition === undefined || condition.type === 'NotEquals') return null;
    const values = condition.type === 'In' ? condition.values : [condition.value];
    for (const value of values) if (typeof value === 'string') users.add(value);
  }
  return [...users];
}
