import * as z from 'zod';
import { change } from '../management.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, ChangeHeaders, NoQuery } from '../parameters.ts';
import { AgentParams } from './fields.ts';

export const deleteAgent = operation(
  {
    id: 'delete-agent',
    tag: 'Organization',
    summary: 'Delete an agent',
    description:
      'Marks an agent as deprecated: no further service can use it. Its versions stay, and conversations go on as they ' +
      'began.',
    method: 'delete',
    path: '/v1/{organization}/organization/agent/{agent_id}/',
    credentials: 'user',
    rateLimit: 10,
    access: { requires: [{ permission: 'Organization:DeleteAgent', on: 'the agent' }], impactedBy: [] },
    params: AgentParams,
    query: NoQuery,
    headers: ChangeHeaders,
    answers: {
      200: {
        description: 'The agent is deleted.',
        content: { type: 'application/json', schema: z.null() },
      },
      400: { description: 'An active service uses the agent.' },
      404: { description: 'The organization or the agent does not exist.' },
      409: { description: 'The agent is deleted already.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, params: { agent_id: id }, answer }) => {
    await change(c, 'delete-agent', { type: 'delete-blueprint', kind: 'agent', id }, null);
    return answer(null);
  },
);
