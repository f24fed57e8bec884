import { VisitorChallenge } from '../../contract/visitors.ts';
import { clientNetwork } from '../../edge/client-address.ts';
import { Identifier } from '../../registry/primitives.ts';
import { newChallenge } from '../../visitors/proof-of-work.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, CommonHeaders, NoQuery, OrganizationParams } from '../parameters.ts';
import { serviceForVisitors } from './access.ts';

export const getVisitorChallenge = operation(
  {
    id: 'get-visitor-challenge',
    isExtension: true,
    tag: 'User',
    summary: 'Get what a visitor must do first',
    description:
      'Tells what a browser must do before it becomes a visitor of a service: some work (a challenge of the ALTCHA ' +
      'protocol, which is good for one visitor, two minutes, and the network that asked), a token of Cloudflare ' +
      'Turnstile, both, or nothing.',
    method: 'get',
    path: '/v1/{organization}/visitor/challenge',
    credentials: 'optional',
    rateLimit: null,
    access: { requires: [], impactedBy: [] },
    params: OrganizationParams,
    query: NoQuery.extend({ service_id: Identifier.meta({ description: 'The service to visit.' }) }),
    headers: CommonHeaders,
    answers: {
      200: {
        description: 'The demands of the service.',
        content: { type: 'application/json', schema: VisitorChallenge },
      },
      403: { description: 'Pages of this origin may not send visitors.' },
      404: { description: 'The organization does not exist, or the service takes no visitors.' },
      422: COMMON_ANSWERS[422],
      503: COMMON_ANSWERS[503],
    },
  },
  async ({ c, env, organization, query, answer }) => {
    const { service, visitors } = await serviceForVisitors(c, query.service_id);
    const scope = { organization: organization.id, service_id: service.id, network: clientNetwork(c) };
    const challenge = visitors.proof_of_work ? await newChallenge(env.SIGNING_KEYS, scope, Date.now()) : null;
    return answer({ challenge, turnstile: visitors.turnstile }, { 'cache-control': 'no-store' });
  },
);
