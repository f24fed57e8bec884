/**
 * Operations whose rate limit an organization may set: identifiers of the published API, and of the workbench's
 * endpoints. A test compares this list with the served operations.
 */
export const LIMITED_OPERATIONS = [
  'create-conversation',
  'finish-conversation',
  'generate-conversation-starter',
  'get-conversation-messages',
  'get-conversations',
  'get-interaction-insights',
  'get-organization',
  'get-services',
  'interact-with-conversation',
  'modify-tags-of-conversation',
  'recommend-responses-for-interaction',
  'retrieve-message-source',
  'sign-in-with-api-key',
  'workbench-graphs',
  'workbench-memories',
  'workbench-turns',
] as const;
