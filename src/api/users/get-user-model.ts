import { UserModelAnswer } from '../../contract/users.ts';
import { homeOf } from '../../home.ts';
import { memoryOf } from '../../objects.ts';
import { problem } from '../../problems.ts';
import { operation, signedIn } from '../operation.ts';
import { COMMON_ANSWERS, CommonHeaders, NoQuery } from '../parameters.ts';
import { findUser, isShownTo, requireOnUser } from './access.ts';
import { UserParams } from './fields.ts';

export const getUserModel = operation(
  {
    id: 'get-user-model',
    tag: 'User',
    summary: 'Get the model of a user',
    description:
      'Tells what agents know of a user from earlier conversations, and what was written down beside it.',
    method: 'get',
    path: '/v1/{organization}/user/{user_id}/user_model',
    credentials: 'user',
    rateLimit: 60,
    access: {
      requires: [{ permission: 'User:GetUserModel', on: 'the user, who lets others see it' }],
      impactedBy: [],
    },
    params: UserParams,
    query: NoQuery,
    headers: CommonHeaders,
    answers: {
      200: { description: 'The model.', content: { type: 'application/json', schema: UserModelAnswer } },
      404: { description: 'The organization or the user does not exist.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, registry, organization, params: { user_id }, answer }) => {
    const { caller } = signedIn(c);
    requireOnUser(caller, 'User:GetUserModel', user_id);
    const user = await findUser(registry, caller, user_id);
    if (!(await isShownTo(registry, caller, user_id, 'user_model_visible_to_admins'))) {
      throw problem('permission_missing', 'What is remembered about this user is shown to the user alone.');
    }
    const model = await memoryOf(env, homeOf(organization), user_id).model();
    const told = {
      user_models: model === null ? [] : [{ content: model, insight_ids: [], dimensions: [] }],
      additional_context: user?.additional_context ?? [],
    };
    return answer(told);
  },
);
