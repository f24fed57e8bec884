/** Visitors in tests: an organization that takes them, and their requests. */
import { exports } from 'cloudflare:workers';
import { parseOrganizationFile, publishOrganization } from '../../src/registry/publish.ts';
import { Visitors } from '../../src/registry/services.ts';
import { testEnv } from './client.ts';
import { ALLOWED_ORIGIN, OTHER_SERVICE, SERVICE, testOrganization } from './organization.ts';

const worker = (exports as unknown as { default: Fetcher }).default;
/** An origin that the organizations of `publish` allow, beside `ALLOWED_ORIGIN`. */
export const OTHER_ORIGIN = 'https://blog.example';

/** The answer to a browser that becomes a visitor. */
export interface Session {
  user_id: string;
  id_token: string;
  expires_at: string;
  visitor_token: string;
  visitor_expires_at: string;
}

/** Publishes an organization whose services take visitors by these rules. */
export async function publish(
  id: string,
  rules: Partial<Visitors>,
  otherRules: Partial<Visitors> | null = rules,
) {
  const file = parseOrganizationFile(testOrganization('0'.repeat(64)));
  const rulesOf = (service: string) => (service === OTHER_SERVICE ? otherRules : rules);
  await publishOrganization(testEnv.REGISTRY, {
    ...file,
    organization: { ...file.organization, id, allowed_origins: [ALLOWED_ORIGIN, OTHER_ORIGIN] },
    services: file.services.map((service) => {
      const own = rulesOf(service.id);
      return own === null ? service : { ...service, visitors: Visitors.parse(own) };
    }),
  });
  return id;
}

/** The page and the network that a request comes from, and its token. */
export interface Asked {
  origin?: string | null;
  address?: string;
  token?: string;
}

/** Returns the headers of a request. */
export function headersOf({ origin = ALLOWED_ORIGIN, address = '203.0.113.1', token }: Asked): Headers {
  const headers = new Headers({ 'content-type': 'application/json', 'cf-connecting-ip': address });
  if (origin !== null) headers.set('origin', origin);
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  return headers;
}

/** Sends a body. */
export function post(
  organization: string,
  path: string,
  body: unknown,
  asked: Asked = {},
): Promise<Response> {
  const init = { method: 'POST', body: JSON.stringify(body), headers: headersOf(asked) };
  return worker.fetch(`http://localhost/v1/${organization}${path}`, init);
}

/** Asks. */
export function get(organization: string, path: string, asked: Asked = {}): Promise<Response> {
  return worker.fetch(`http://localhost/v1/${organization}${path}`, { headers: headersOf(asked) });
}

/** Becomes a visitor. Throws the text of a refusal. */
export async function begin(
  organization: string,
  body: Record<string, unknown> = {},
  asked: Asked = {},
): Promise<Session> {
  const answer = await post(organization, '/visitor/', { service_id: SERVICE, ...body }, asked);
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json<Session>();
}

/** Returns the status of an answer, with the code of its problem. */
export async function codeOf(answer: Response | Promise<Response>): Promise<[number, string | undefined]> {
  const response = await answer;
  const { code } = response.ok ? { code: undefined } : await response.json<{ code: string }>();
  return [response.status, code];
}

/** Begins a conversation. */
export async function say(organization: string, service_id: string, asked: Asked): Promise<Response> {
  return post(organization, '/conversation/?response_format=text', { service_id }, asked);
}
