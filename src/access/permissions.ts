import * as z from 'zod';
import type { Home } from '../home.ts';

/**
 * All permissions: those that the reference names for these operations, `User:GetUserInfo` for the identifiers of other
 * users, `User:GetUserModel` for the memories and the user model, and, beyond the reference, one each to erase a conversation,
 * to export what is stored about a user, and to read the usage of models.
 */
export const PERMISSIONS = [
  'Conversation:CreateConversation',
  'Conversation:DeleteConversation',
  'Conversation:FinishConversation',
  'Conversation:GetConversation',
  'Conversation:GetInteractionInsights',
  'Conversation:GetMessage',
  'Conversation:GetRecommendedResponses',
  'Conversation:InteractWithConversation',
  'Conversation:ModifyConversation',
  'Organization:CreateAPIKey',
  'Organization:CreateAgent',
  'Organization:CreateAgentVersion',
  'Organization:CreateServiceHierarchicalStateMachine',
  'Organization:CreateServiceHierarchicalStateMachineVersion',
  'Organization:DeleteAPIKey',
  'Organization:DeleteAgent',
  'Organization:DeleteOrganization',
  'Organization:DeleteServiceHierarchicalStateMachine',
  'Organization:GetAPIKey',
  'Organization:GetAgent',
  'Organization:GetChanges',
  'Organization:GetOrganizationDetails',
  'Organization:GetServiceHierarchicalStateMachine',
  'Organization:GetUsage',
  'Organization:ModifyOrganization',
  'Role:CreateRole',
  'Role:GetRole',
  'Role:ModifyRole',
  'Service:CreateService',
  'Service:CreateVersionSet',
  'Service:DeleteVersionSet',
  'Service:GetService',
  'Service:GetVersionSet',
  'Service:UpdateService',
  'Service:UpdateVersionSet',
  'User:DeleteUser',
  'User:ExportUserData',
  'User:GetUserInfo',
  'User:GetUserModel',
  'User:InviteUser',
  'User:UpdateUserInfo',
] as const;

/** Schema of the name of a permission. */
export const Permission = z.enum(PERMISSIONS);
export type Permission = z.infer<typeof Permission>;

/**
 * Attributes of the object that a permission is checked for. `org_id` is always there; the others are there if the
 * object has them.
 */
export interface Attributes {
  org_id: string;
  user_id?: string;
  service_id?: string;
  message_type?: string;
}

const Value = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** Schema of a condition on one attribute: equal to a value, different from it, or one of a list. */
export const Condition = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('Equals'), value: Value }),
  z.strictObject({ type: z.literal('NotEquals'), value: Value }),
  z.strictObject({ type: z.literal('In'), values: z.array(Value) }),
]);
export type Condition = z.infer<typeof Condition>;

/** Schema of a grant: a permission that holds if the attributes meet all conditions. */
export const PermissionGrant = z.strictObject({
  permission_name: Permission,
  conditions: z.partialRecord(z.enum(['org_id', 'user_id', 'service_id', 'message_type']), Condition),
});
export type PermissionGrant = z.infer<typeof PermissionGrant>;

/** The authenticated user of a request. Their grants have the variables of the role replaced by values. */
export interface Caller extends Home {
  /** Identifier of the request, for the log. */
  request_id: string;
  user_id: string;
  grants: readonly PermissionGrant[];
  /** Visitors whose conversations are the user's, because the user has adopted them; absent for none. */
  adopted?: readonly string[];
  /** The name of the role that the grants come from; absent where it does not matter. */
  role?: string;
}

/** Returns whether a user is the caller, or a visitor that the caller has adopted. */
export function isSelf({ user_id, adopted }: Pick<Caller, 'user_id' | 'adopted'>, user: string): boolean {
  return user === user_id || adopted?.includes(user) === true;
}

/** The user whose identifiers replace the variables of a role. */
interface Self {
  user_id: string;
  org_id: string;
  /** Visitors that the user has adopted: what is granted on the user's own objects holds for theirs. */
  adopted?: readonly string[] | undefined;
}

/** Returns a condition that an attribute has one of the identifiers of the user and of the adopted visitors. */
function ownCondition({ user_id, adopted = [] }: Self): Condition {
  if (adopted.length === 0) return { type: 'Equals', value: user_id };
  return { type: 'In', values: [user_id, ...adopted] };
}

/**
 * Returns the grants of a role with `{self_user_id}` and `{self_org_id}` replaced by the identifiers of the user. A
 * condition that names the user holds for visitors that the user has adopted, too.
 */
export function grantsFor(grants: readonly PermissionGrant[], self: Self): PermissionGrant[] {
  const fill = (value: z.infer<typeof Value>) => {
    if (value === '{self_user_id}') return self.user_id;
    return value === '{self_org_id}' ? self.org_id : value;
  };
  const filled = (condition: Condition): Condition => {
    if (condition.type === 'In') {
      const values = condition.values.map(fill);
      const adopted = condition.values.includes('{self_user_id}') ? (self.adopted ?? []) : [];
      return { type: 'In', values: [...values, ...adopted] };
    }
    if (condition.type === 'Equals' && condition.value === '{self_user_id}') return ownCondition(self);
    return { ...condition, value: fill(condition.value) };
  };
  return grants.map((grant) =>
    namesSelf(grant)
      ? {
          permission_name: grant.permission_name,
          conditions: Object.fromEntries(
            Object.entries(grant.conditions).map(([attribute, condition]) => [attribute, filled(condition)]),
          ),
        }
      : grant,
  );
}

/** The grants of roles that were looked at: true for those with a variable. */
const namingSelf = new WeakMap<PermissionGrant, boolean>();

/** Returns whether a condition of a grant has a variable. */
function namesSelf(grant: PermissionGrant): boolean {
  const known = namingSelf.get(grant);
  if (known !== undefined) return known;
  const names = Object.values(grant.conditions).some((condition) => {
    const values = condition.type === 'In' ? condition.values : [condition.value];
    return values.some((value) => value === '{self_user_id}' || value === '{self_org_id}');
  });
  namingSelf.set(grant, names);
  return names;
}

/**
 * Tells whether an attribute meets a condition. An attribute that is missing meets none, not even `NotEquals`: deny by
 * default.
 */
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

/**
 * Returns grants on objects that have an attribute, narrowed to one value of it. A grant that does not hold for the value
 * is left out.
 */
export function narrowed(
  grants: readonly PermissionGrant[],
  attribute: 'user_id' | 'service_id',
  value: string,
): PermissionGrant[] {
  return grants
    .filter(({ conditions }) => {
      const condition = conditions[attribute];
      return condition === undefined || satisfies(value, condition);
    })
    .map(({ permission_name, conditions }) => ({
      permission_name,
      conditions: { ...conditions, [attribute]: { type: 'Equals' as const, value } },
    }));
}

/** Tells whether a grant gives `permission` on an object with these attributes. */
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
 * Returns the identifiers of the users for whose objects `permission` can hold, or null if the grants name no users.
 * Use it to narrow a query: `allows` still decides on each object.
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
