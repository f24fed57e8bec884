import { AgentVersionsAnswer, type AgentVersion } from '../../contract/blueprints.ts';
import type { Agent } from '../../registry/services.ts';
import { cut } from '../../text.ts';
import { MAX_INITIALS } from '../../registry/services.ts';
import { versionsOf, VersionsQuery } from '../blueprints.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, CommonHeaders } from '../parameters.ts';
import { AgentParams } from './fields.ts';

/** Returns the first letters of the words of a name. Agents from a file may have no initials of their own. */
function initialsOf(name: string): string {
  const letters = name.split(/\s+/).map((word) => /^./u.exec(word)?.[0] ?? '');
  return cut(letters.join('').toUpperCase(), MAX_INITIALS);
}

/** Returns a version as the published API shows it. */
function shown(
  organization: string,
  { id, version, name, role, developed_by, default_spoken_language, ...agent }: Agent,
): Omit<AgentVersion, 'created_at' | 'creator'> {
  const { background, behaviors, communication_patterns, voice_config } = agent;
  const {
    initials = initialsOf(name),
    relationship_to_developer = {
      ownership: developed_by,
      type: 'assistant',
      conversation_visibility: 'not stated',
      thought_visibility: 'not stated',
    },
  } = agent;
  const identity = { name, role, developed_by, default_spoken_language, relationship_to_developer };
  return {
    org_id: organization,
    agent_id: id,
    version,
    voice_config,
    initials,
    identity,
    background,
    behaviors,
    communication_patterns,
  };
}

export const getAgentVersions = operation(
  {
    id: 'get-agent-versions',
    tag: 'Organization',
    summary: 'Get the versions of an agent',
    description: 'Lists the versions of an agent, the first one first.',
    method: 'get',
    path: '/v1/{organization}/organization/agent/{agent_id}/version',
    credentials: 'user',
    rateLimit: 20,
    access: {
      requires: [{ permission: 'Organization:GetAgent', on: 'the agent' }],
      impactedBy: [{ permission: 'User:GetUserInfo', effect: '`creator` does not tell a user without it.' }],
    },
    params: AgentParams,
    query: VersionsQuery,
    headers: CommonHeaders,
    answers: {
      200: {
        description: 'A page of versions.',
        content: { type: 'application/json', schema: AgentVersionsAnswer },
      },
      404: { description: 'The organization or the agent does not exist.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, organization, params, query, answer }) => {
    const { entries, page } = await versionsOf(c, 'agent', params.agent_id, query);
    const agent_versions = entries.map(({ value, ...made }) => ({
      ...shown(organization.id, value as Agent),
      ...made,
    }));
    return answer({ agent_versions, ...page });
  },
);
