import { allows, type Caller } from '../../access/permissions.ts';
import { ExportLine } from '../../contract/export.ts';
import { publicOrigin } from '../../deployment/addresses.ts';
import { problem } from '../../problems.ts';
import { operation, signedIn } from '../operation.ts';
import { COMMON_ANSWERS, CommonHeaders } from '../parameters.ts';
import { findUser } from '../users/access.ts';
import { RequestedUserParams } from '../users/fields.ts';
import { ExportQuery } from './conversation.ts';
import { exportStream } from './lines.ts';
import { userLines } from './user-lines.ts';

function requireExport({ organization: org_id, grants, user_id: self }: Caller, user_id: string): void {
  const about = { org_id, user_id };
  const own = self === user_id && allows(grants, 'User:GetUserModel', about);
  const message_type = 'user-message';
  if (own && allows(grants, 'Conversation:GetMessage', { ...about, message_type })) return;
  if (allows(grants, 'User:ExportUserData', about)) return;
  throw problem('permission_missing', 'This requires the permission User:ExportUserData on the user.');
}

/** Exports everything that is stored about a user. */
export const exportUser = operation(
  {
    id: 'export-user',
    isExtension: true,
    tag: 'User',
    summary: 'Export a user',
    description:
      'Streams everything that is stored about a user: the user, the user model, the memories, and every conversation as ' +
      '`export-conversation` does. Values of secret variables are left out, and what the user hides from others. A broken ' +
      'export goes on with `after`.',
    method: 'get',
    path: '/v1/{organization}/user/{requested_user_id}/export',
    credentials: 'user',
    rateLimit: 5,
    access: {
      requires: [],
      impactedBy: [
        {
          permission: 'User:GetUserModel',
          effect: 'Needed to export oneself, with `Conversation:GetMessage`.',
        },
        { permission: 'User:ExportUserData', effect: 'Needed to export another user.' },
      ],
    },
    params: RequestedUserParams,
    query: ExportQuery,
    headers: CommonHeaders,
    answers: {
      200: { description: 'The lines.', content: { type: 'application/x-ndjson', schema: ExportLine } },
      404: { description: 'The organization or the user does not exist.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, registry, organization, params, query, answer }) => {
    const { caller } = signedIn(c);
    const userId = params.requested_user_id;
    requireExport(caller, userId);
    await findUser(registry, caller, userId);
    const origin = publicOrigin(env, c.req.url);
    const lines = userLines({ env, caller, origin, organization, registry, userId }, query.after);
    return answer(await exportStream(lines, caller.request_id));
  },
);
