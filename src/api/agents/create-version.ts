import type * as z from 'zod';
import { CreateAgentVersionAnswer } from '../../contract/blueprints.ts';
import type { AgentContent } from '../../registry/object/commands.ts';
import { expectedVersion, versionMade } from '../blueprints.ts';
import { change } from '../management.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, ChangeHeaders, NoQuery } from '../parameters.ts';
import { AgentParams, CreateAgentVersionBody } from './fields.ts';

/** Returns what a request changes. An identity is changed as a whole. */
function changesIn({ identity, ...fields }: z.infer<typeof CreateAgentVersionBody>): Partial<AgentContent> {
  const stated = Object.entries({ ...fields, ...identity }).filter(([, value]) => value != null);
  return Object.fromEntries(stated);
}

export const createAgentVersion = operation(
  {
    id: 'create-agent-version',
    tag: 'Organization',
    summary: 'Create a version of an agent',
    description:
      'Adds a version to an agent: the version before with the fields of the request in place of its own. Services speak ' +
      'with it where their version set names it or the latest version.',
    method: 'post',
    path: '/v1/{organization}/organization/agent/{agent_id}/',
    credentials: 'user',
    rateLimit: 10,
    access: {
      requires: [{ permission: 'Organization:CreateAgentVersion', on: 'the new version' }],
      impactedBy: [],
    },
    params: AgentParams,
    query: NoQuery.extend(expectedVersion),
    headers: ChangeHeaders,
    body: CreateAgentVersionBody,
    answers: {
      201: {
        description: 'The version.',
        content: { type: 'application/json', schema: CreateAgentVersionAnswer },
      },
      400: { description: 'It is the first version, and fields are missing.' },
      404: { description: 'The organization or the agent does not exist.' },
      409: { description: '`version` is not the next version, or the agent is deleted.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, params: { agent_id: id }, query: { version: expected = null }, body, answer }) => {
    const type = 'create-agent-version';
    const changed = await change(c, type, { type, id, expected, changes: changesIn(body) }, [expected, body]);
    const told = versionMade(changed);
    return answer(told);
  },
);
