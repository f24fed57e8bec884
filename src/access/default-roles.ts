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

/** What a visitor does in their own conversations: speak and read, and nothing of how the answers come about. */
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

/** The roles that every organization has without writing them down. Its own roles may not take these names. */
export const DEFAULT_ROLES: Readonly<Record<string, readonly PermissionGrant[]>> = {
  /** For API keys: more than any user has, so that a key of it signs in every user. */
  DefaultKeyRole: PERMISSIONS.map((permission_name) => ({ permission_name, conditions: {} })),
  /** Everything in its organization. */
  DefaultAdministratorRole: everywhere,
  /** Its own conversations, how their answers come about (insights, thoughts, tool results), and the services. */
  DefaultUserRole: [...own, ...readable],
  /** Its own conversations without insights, agent actions and thoughts; it sends user messages alone. For the public. */
  DefaultVisitorRole: visiting,
};
