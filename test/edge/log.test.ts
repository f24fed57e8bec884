/** The log: who asked for what, and the audit trail of what was changed. Identifiers, and never text. */
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { OPERATIONS } from '../../src/api/operations.ts';
import app from '../../src/index.ts';
import { newIdentifier } from '../../src/identifiers.ts';
import { ENDPOINTS } from '../../src/workbench/routes.ts';
import { Client, newUser, publishTestOrganization, testEnv } from '../support/client.ts';
import { ADMIN, ALICE, API_KEY, API_KEY_ID, ORGANIZATION, SERVICE } from '../support/organization.ts';
import { recordingOf } from '../support/scripted-speech.ts';
import { Tenant } from '../support/tenant.ts';
import { send, tokenOf } from '../workbench/support.ts';
import { NO_TARGET, validRequest } from './requests.ts';

type Line = Record<string, unknown> & { event: string };

let lines: Line[] = [];

beforeAll(publishTestOrganization);

beforeEach(() => {
  lines = [];
  for (const method of ['log', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation(
      (line: unknown) => void lines.push(JSON.parse(String(line)) as Line),
    );
  }
});

afterEach(() => {
  vi.restoreAllMocks();
});

const of = (event: string) => lines.filter((line) => line.event === event);

/** The audit trail, without what differs in every run. */
function trail(): unknown[] {
  return of('change').map(({ operation, actor, object, owner }) => ({ operation, actor, object, owner }));
}

describe('the line of a request', () => {
  /** The operations change it, so it is not that of other tests. */
  let changed: Tenant;

  beforeAll(async () => {
    changed = await Tenant.publish();
  });

  it.each(OPERATIONS.map((operation) => [operation.id, operation] as const))(
    'names the operation %s, the organization and the user',
    async (_id, operation) => {
      const isLast = operation.id === 'delete-organization';
      const { id: organization } = isLast ? await Tenant.publish() : changed;
      const headers = { authorization: `Bearer ${await tokenOf(ADMIN, organization)}` };
      const request = validRequest(operation, organization, NO_TARGET, headers);
      lines = [];
      const incoming = request as Request<unknown, IncomingRequestCfProperties>;
      const response = await app.fetch(incoming, testEnv, {} as ExecutionContext);
      await response.text();
      expect(of('request')).toEqual([
        expect.objectContaining({
          operation: operation.id,
          organization,
          actor: operation.credentials === 'api-key' ? null : ADMIN,
          status: response.status,
          request_id: response.headers.get('x-request-id'),
        }),
      ]);
    },
  );

  it.each(ENDPOINTS.map(({ id, path }) => [id, path] as const))(
    'names the workbench’s %s as well',
    async (id, path) => {
      const filled = path
        .replace('/workbench/api/:organization', `/${ORGANIZATION}`)
        .replace(':service_id', SERVICE)
        .replace(':conversation_id', NO_TARGET.conversation)
        .replace(':user_id', ALICE);
      await send(filled, { token: await tokenOf(ADMIN) });
      expect(of('request')).toEqual([
        expect.objectContaining({ operation: id, organization: ORGANIZATION, actor: ADMIN }),
      ]);
    },
  );

  it('has the code of a refusal, and none for another answer', async () => {
    const user = await newUser();
    await user.request('/service/');
    await user.request(`/conversation/${'f'.repeat(24)}/messages/`);
    expect(of('request').map(({ status, code }) => [status, code])).toEqual([
      [200, null],
      [404, 'conversation_not_found'],
    ]);
  });

  it('names no user if none is known', async () => {
    await new Client(newIdentifier(Date.now())).request('/service/');
    for (const path of ['/nothing', `/v1/${ORGANIZATION}:user:${ALICE}/service/`]) {
      await app.fetch(new Request(`http://localhost${path}`) as never, testEnv, {} as ExecutionContext);
    }
    expect(
      of('request').map(({ operation, organization, actor }) => [operation, organization, actor]),
    ).toEqual([
      ['get-services', ORGANIZATION, null],
      [null, null, null],
      ['get-services', null, null],
    ]);
  });

  it('is bounded for any path', async () => {
    const path = `/v1/${'a'.repeat(5_000)}/service/`;
    await app.fetch(new Request(`http://localhost${path}`) as never, testEnv, {} as ExecutionContext);
    expect(String(of('request')[0]?.path).length).toBeLessThanOrEqual(300);
  });
});

describe('the audit trail', () => {
  it('has every change of a conversation with its actor and request', async () => {
    const owner = await newUser();
    const { id, interactionId } = await owner.begin({ initial_message: 'The word is swordfish.' });
    const administrator = new Client(ADMIN);
    await administrator.say(id, 'swordfish?');
    await (await owner.interactVoice(id, recordingOf('swordfish!'))).text();
    await administrator.post(`/conversation/${id}/tags/`, { updates: { fish: 'swordfish' } });
    await administrator.post(`/conversation/${id}/finish/`);
    const about = { object: id, owner: owner.userId };
    const byOwner = { actor: owner.userId, ...about };
    const byAdministrator = { actor: ADMIN, ...about };
    expect(trail()).toEqual([
      { operation: 'create-conversation', ...byOwner },
      { operation: 'interact-with-conversation', ...byAdministrator },
      { operation: 'interact-with-conversation', ...byOwner },
      { operation: 'modify-tags-of-conversation', ...byAdministrator },
      { operation: 'finish-conversation', ...byAdministrator },
    ]);
    const requests = new Set(of('request').map(({ request_id }) => request_id));
    for (const { request_id, organization } of of('change')) {
      expect([organization, requests.has(request_id)]).toEqual([ORGANIZATION, true]);
    }
    expect(of('change')[0]?.interaction_id).toBe(interactionId);
    expect(JSON.stringify(lines)).not.toContain('swordfish');
  });

  it('has no line for reads, refused requests and undone changes', async () => {
    const [owner, other] = [await newUser(), await newUser()];
    const { id, interactionId } = await owner.begin();
    lines = [];
    await owner.get('/conversation/');
    await owner.get(`/conversation/${id}/messages/`);
    await owner.get(`/conversation/${id}/interaction/${interactionId}/insights`);
    await owner.post(`/conversation/${id}/interaction/${interactionId}/recommend_responses`, {});
    await owner.say(id, '[fail]');
    await (await other.create({ initial_message: '[fail]' })).text();
    await other.post(`/conversation/${id}/finish/`);
    const tags = Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`k${index}`, null]));
    await owner.post(`/conversation/${id}/tags/`, { updates: tags });
    expect(of('request').length).toBe(8);
    expect(trail()).toEqual([]);
  });

  it('has every sign-in with its user and key', async () => {
    const signIn = (key: string) =>
      app.fetch(
        new Request(`http://localhost/v1/${ORGANIZATION}/user/signin_with_api_key`, {
          method: 'POST',
          headers: { 'x-api-key': key, 'x-api-key-id': API_KEY_ID, 'x-user-id': ALICE },
        }) as never,
        testEnv,
        {} as ExecutionContext,
      );
    expect((await signIn('another key')).status).toBe(401);
    expect(trail()).toEqual([]);
    expect((await signIn(API_KEY)).status).toBe(200);
    expect(trail()).toEqual([
      { operation: 'sign-in-with-api-key', actor: `key:${API_KEY_ID}`, object: ALICE, owner: undefined },
    ]);
    expect(JSON.stringify(lines)).not.toContain(API_KEY);
  });
});
