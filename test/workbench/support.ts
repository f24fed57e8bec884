/** Requests to the workbench, in whatever deployment a test needs. */
import type { Env } from '../../src/bindings.ts';
import { issueToken } from '../../src/edge/tokens.ts';
import app from '../../src/index.ts';
import { parseLines, testEnv } from '../support/client.ts';
import { ORGANIZATION, SERVICE } from '../support/organization.ts';

function without<Name extends keyof Env>(...names: Name[]): Env {
  return Object.fromEntries(Object.entries(testEnv).filter(([name]) => !names.includes(name as Name))) as Env;
}

/** The tests' own deployment is one of development. */
export const DEVELOPMENT = testEnv;
/** Production as it comes. */
export const PRODUCTION = without('DEVELOPMENT', 'RATE_LIMITS');
/** Production with the workbench switched on. */
export const SWITCHED_ON: Env = { ...PRODUCTION, WORKBENCH: 'on' };

export async function tokenOf(user_id: string, organization = ORGANIZATION): Promise<string> {
  return (await issueToken(testEnv.SIGNING_KEYS, { organization, user_id }, Date.now())).id_token;
}

interface Sent extends RequestInit {
  env?: Env;
  token?: string;
}

export function send(path: string, { env = DEVELOPMENT, token, ...init }: Sent = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  const request = new Request(`http://localhost/workbench/api${path}`, { ...init, headers });
  return Promise.resolve(
    app.fetch(request as Request<unknown, IncomingRequestCfProperties>, env, {} as ExecutionContext),
  );
}

/** The status and the code of a problem. */
export async function refusal(answer: Promise<Response>): Promise<[number, string]> {
  const response = await answer;
  const { code } = await response.json<{ code?: string }>();
  return [response.status, code ?? ''];
}

async function call(path: string, organization: string, user: string, body: BodyInit | null, type?: string) {
  const headers = new Headers({ authorization: `Bearer ${await tokenOf(user, organization)}` });
  if (type !== undefined) headers.set('content-type', type);
  const request = new Request(`http://localhost/v1/${organization}/conversation${path}`, {
    method: body === null ? 'GET' : 'POST',
    headers,
    body,
  });
  return app.fetch(request as Request<unknown, IncomingRequestCfProperties>, testEnv, {} as ExecutionContext);
}

/** Reads something below the conversations of an organization. */
export function asked(organization: string, user: string, path: string): Promise<Response> {
  return call(path, organization, user, null);
}

/** Asks for a conversation in an organization other than the tests' usual one. */
export function create(organization: string, user: string): Promise<Response> {
  const body = JSON.stringify({ service_id: SERVICE });
  return call('/?response_format=text', organization, user, body, 'application/json');
}

/** Begins a conversation in an organization other than the tests' usual one. */
export async function begin(organization: string, user: string): Promise<string> {
  const [created] = parseLines(await (await create(organization, user)).text());
  return String(created?.conversation_id);
}

/** Says something in such a conversation. Returns the agent's answer. */
export async function say(organization: string, user: string, id: string, text: string): Promise<string> {
  const form = new FormData();
  form.set('initial_message_type', 'user-message');
  form.set('recorded_message', text);
  const answer = await call(
    `/${id}/interact?request_format=text&response_format=text`,
    organization,
    user,
    form,
  );
  return String(parseLines(await answer.text()).at(-1)?.full_message);
}
