import { PERMISSIONS, type PermissionGrant } from './permissions.ts';

const OWN = { user_id: { type: 'Equals', value: '{self_user_id}' } } as const;
const OWN_ORGANIZATION = { org_id: { type: 'Equals', value: '{self_org_id}' } } as const;

const everywhere = PERMISSIONS.map((permission_name): PermissionGrant => ({
  permission_name,
  conditions: OWN_ORGANIZATION,
}));

const own = (
  [
    'Conversation:CreateConversation',
    'Conversation:FinishConversation',
    'Conversation:GetConversation',
    'Conversation:GetInteractionInsights',
    'Conversation:GetMessage',
    'Conversation:GetRecommendedResponses',
    'Conversation:InteractWithConversation',
    'Conversation:ModifyConversation',
    'User:GetUserInfo',
    'User:GetUserModel',
    'User:UpdateUserInfo',
  ] as const
).map((permission_name): PermissionGrant => ({
  permission_name,
  conditions: { ...OWN_ORGANIZATION, ...OWN },
}));

const readable = (
  ['Organization:GetServiceHierarchicalStateMachine', 'Service:GetService', 'Service:GetVersionSet'] as const
).map((permission_name): PermissionGrant => ({ permission_name, conditions: OWN_ORGANIZATION }));

/** Grants of a visitor: to write and read in their own conversations, without insights, agent actions and thoughts. */
const visiting: readonly PermissionGrant[] = [
  ...(
    [
      'Conversation:FinishConversation',
      'Conversation:GetConversation',
      'Conversation:GetRecommendedResponses',
      'User:UpdateUserInfo',
    ] as const
  ).map((permission_name) => ({ permission_name, conditions: { ...OWN_ORGANIZATION, ...OWN } })),
  ...(['Conversation:CreateConversation', 'Conversation:InteractWithConversation'] as const).map(
    (permission_name) => ({
      permission_name,
      conditions: {
        ...OWN_ORGANIZATION,
        ...OWN,
        message_type: { type: 'Equals', value: 'user-message' } as const,
      },
    }),
  ),
  {
    permission_name: 'Conversation:GetMessage',
    conditions: {
      ...OWN_ORGANIZATION,
      ...OWN,
      message_type: { type: 'In', values: ['user-message', 'agent-message', 'external-event'] },
    },
  },
  { permission_name: 'Service:GetService', conditions: OWN_ORGANIZATION },
];

/** Roles that every organization has without declaring them. The roles of an organization must have other names. */
export const DEFAULT_ROLES: Readonly<Record<string, readonly PermissionGrant[]>> = {
  /**
   * For API keys: every permission in every organization, so more than any user has, and a key with this role can sign
   * in every user.
   */
  DefaultKeyRole: PERMISSIONS.map((permission_name) => ({ permission_name, conditions: {} })),
  /** Every permission in the user's organization. */
  DefaultAdministratorRole: everywhere,
  /** The user's own conversations with their insights, thoughts and tool results, and the services. */
  DefaultUserRole: [...own, ...readable],
  /**
   * The user's own conversations without insights, agent actions and thoughts. May send user messages only. For the
   * public.
   */
  DefaultVisitorRole: visiting,
};
