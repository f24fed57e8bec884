/** Text that `npm start` prints when the server is ready. */
import type { DemoIdentity } from './demo.ts';
import type { Status } from './worker-variables.ts';

/** Message of the second curl line. */
const MESSAGE = 'What are your opening hours?';

/** Returns two curl lines: the first signs in and creates a conversation, the second continues it. */
function curlLines(baseUrl: string, identity: DemoIdentity): [create: string, interact: string] {
  const { organization, api_key, api_key_id, user_id } = identity;
  const api = `${baseUrl}/v1/${organization}`;
  const service = identity.service_ids[0] ?? '';
  const credentials = `-H 'x-api-key: ${api_key}' -H 'x-api-key-id: ${api_key_id}' -H 'x-user-id: ${user_id}'`;
  const authorization = '-H "Authorization: Bearer $TOKEN"';
  const open = `service_id=${service}&user_id=${user_id}&is_finished=false&limit=1`;
  const formats = 'request_format=text&response_format=text';
  return [
    `TOKEN=$(curl -s -X POST ${api}/user/signin_with_api_key ${credentials} | sed 's/.*"id_token":"\\([^"]*\\)".*/\\1/'); ` +
      `curl -sN -X POST "${api}/conversation/?response_format=text" ${authorization} -H 'content-type: application/json' -d '{"service_id":"${service}"}'`,
    `CONVERSATION=$(curl -s "${api}/conversation/?${open}" ${authorization} | sed 's/.*"id":"\\([a-f0-9]*\\)".*/\\1/'); ` +
      `curl -sN -X POST "${api}/conversation/$CONVERSATION/interact?${formats}" ${authorization} -F initial_message_type=user-message -F 'recorded_message=${MESSAGE}'`,
  ];
}

/** Returns the text for a ready server: addresses, status and curl lines. */
export function banner(baseUrl: string, identity: DemoIdentity, status: Status): string {
  const [create, interact] = curlLines(baseUrl, identity);
  return `
  The Conversation API is ready.

    API        ${baseUrl}
    Chat       ${baseUrl}/
    Workbench  ${baseUrl}/workbench (on: this is development)
    Document   ${baseUrl}/docs

    Model      ${status.model}
    Voice      ${status.voice}
    Limits     ${status.limits}

  Begin a conversation from another terminal:

    ${create}

  And go on with it, in the same terminal:

    ${interact}

  Write an agent of your own: npm run dev -- --new my-agent.json
`;
}
