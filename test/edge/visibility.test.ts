/**
 * Another user's conversation: every operation on it, made from the route tables, by every way in which an organization
 * and a user can decide whether others see it.
 */
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { PERMISSIONS } from '../../src/access/permissions.ts';
import { OPERATIONS } from '../../src/api/operations.ts';
import app from '../../src/index.ts';
import { RegistryReader } from '../../src/registry/reader.ts';
import { ENDPOINTS } from '../../src/workbench/routes.ts';
import { testEnv, type Client } from '../support/client.ts';
import { evict } from '../support/eviction.ts';
import { ADMIN } from '../support/organization.ts';
import { recordingOf } from '../support/scripted-speech.ts';
import { Tenant } from '../support/tenant.ts';
import { tokenOf } from '../workbench/support.ts';
import { NO_TARGET, validRequest, type Target } from './requests.ts';

/** A request about one conversation, by a user. */
interface Asked {
  id: string;
  request: (organization: string, target: Target, headers: Record<string, string>) => Request;
}

const PUBLISHED: Asked[] = OPERATIONS.filter(({ path }) => path.includes('{conversation_id}')).map(
  (operation) => ({
    id: operation.id,
    request: (organization, target, headers) => validRequest(operation, organization, target, headers),
  }),
);

const WORKBENCH: Asked[] = ENDPOINTS.filter(({ path }) => path.includes(':conversation_id')).map(
  ({ id, path }) => ({
    id,
    request: (organization, target, headers) => {
      const filled = path
        .replace(':organization', organization)
        .replace(':conversation_id', target.conversation);
      return new Request(`http://localhost${filled}`, { headers });
    },
  }),
);

const ASKED = [...PUBLISHED, ...WORKBENCH];

/** Preference of the organization, preference of the user, and whether other users see the user's conversations. */
const CASES = [
  { byDefault: true, stated: undefined, visible: true },
  { byDefault: true, stated: null, visible: true },
  { byDefault: true, stated: true, visible: true },
  { byDefault: true, stated: false, visible: false },
  { byDefault: false, stated: undefined, visible: false },
  { byDefault: false, stated: null, visible: false },
  { byDefault: false, stated: true, visible: true },
  { byDefault: false, stated: false, visible: false },
];

async function answer(asked: Asked, tenant: Tenant, target: Target, user: string) {
  const headers = { authorization: `Bearer ${await tokenOf(user, tenant.id)}` };
  const request = asked.request(tenant.id, target, headers) as Request<unknown, IncomingRequestCfProperties>;
  const response = await app.fetch(request, testEnv, {} as ExecutionContext);
  const text = await response.text();
  const isProblem = response.headers.get('content-type') === 'application/problem+json';
  const { request_id: _id, ...problem } = isProblem ? (JSON.parse(text) as Record<string, unknown>) : {};
  return { status: response.status, problem };
}

/** A conversation of a fresh user, with what requests about it need to name. */
async function conversationOf(owner: Client): Promise<Target> {
  const { id, interactionId } = await owner.begin();
  const { messages } = await owner.get<{ messages: { id: string }[] }>(`/conversation/${id}/messages/`);
  return { conversation: id, interaction: interactionId, message: messages[0]?.id ?? '' };
}

const tenants = new Map<boolean, Tenant>();

beforeAll(async () => {
  for (const visible of [true, false]) tenants.set(visible, await Tenant.withDefault(visible));
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(CASES)(
  'where the organization says $byDefault and the user says $stated',
  ({ byDefault, stated, visible }) => {
    const tenant = () => tenants.get(byDefault)!;
    const owner = () =>
      tenant().user({
        preferences: stated === undefined ? null : { conversations_visible_to_admins: stated },
      });

    it.each(ASKED.map((asked) => [asked.id, asked] as const))(
      `%s ${visible ? 'serves' : 'does not find'} it for an administrator`,
      async (_id, asked) => {
        const target = await conversationOf(await owner());
        const administrator = await answer(asked, tenant(), target, ADMIN);
        if (visible) {
          const self = await tenant().user({ role: 'DefaultAdministratorRole' });
          const own = await conversationOf(self);
          expect(administrator).toEqual(await answer(asked, tenant(), own, self.userId));
          expect(administrator.status).not.toBe(404);
        } else {
          expect(administrator).toEqual(await answer(asked, tenant(), NO_TARGET, ADMIN));
          expect([administrator.status, administrator.problem.code]).toEqual([404, 'conversation_not_found']);
        }
      },
    );

    it.each(ASKED.map((asked) => [asked.id, asked] as const))(
      '%s finds it for its owner',
      async (id, asked) => {
        const user = await owner();
        const { status } = await answer(asked, tenant(), await conversationOf(user), user.userId);
        // Only administrators may erase, even a conversation of their own.
        expect(id === 'erase-conversation' ? [403] : [200, 204, 400]).toContain(status);
      },
    );
  },
);

describe('a conversation that its owner hides', () => {
  it('is not changed by refused requests', async () => {
    const tenant = tenants.get(false)!;
    const owner = await tenant.user();
    const target = await conversationOf(owner);
    const before = await owner.get(`/conversation/?id=${target.conversation}`);
    for (const asked of ASKED) await answer(asked, tenant, target, ADMIN);
    expect(await owner.get(`/conversation/?id=${target.conversation}`)).toEqual(before);
  });

  it('is hidden from every other role, with any grants', async () => {
    const role = {
      name: 'Carer',
      description: 'Sees everything.',
      permission_grants: PERMISSIONS.map((permission_name) => ({ permission_name, conditions: {} })),
    };
    const seen: number[] = [];
    for (const visible of [true, false]) {
      const tenant = await Tenant.withDefault(visible, { roles: [role] });
      const { conversation } = await conversationOf(await tenant.user());
      const carer = await tenant.user({ role: 'Carer' });
      seen.push((await carer.request(`/conversation/${conversation}/messages/`)).status);
    }
    expect(seen).toEqual([200, 404]);
  });

  it('follows the owner’s changed preference', async () => {
    const tenant = tenants.get(true)!;
    const owner = await tenant.user();
    const { conversation } = await conversationOf(owner);
    const seen = async () =>
      (await tenant.administrator.request(`/conversation/${conversation}/messages/`)).status;
    expect(await seen()).toBe(200);
    // What an isolate has read of the registry is trusted for ten seconds.
    let now = Date.now();
    vi.spyOn(Date, 'now').mockImplementation(() => now);
    for (const [visible, status] of [
      [false, 404],
      [true, 200],
      [null, 200],
    ] as const) {
      await tenant.user({ id: owner.userId, preferences: { conversations_visible_to_admins: visible } });
      now += 11_000;
      expect([visible, await seen()]).toEqual([visible, status]);
    }
  });

  it('stores no recording of an administrator', async () => {
    const tenant = tenants.get(false)!;
    const { conversation } = await conversationOf(await tenant.user());
    const response = await tenant.administrator.interactVoice(conversation, recordingOf('what?'));
    expect(response.status).toBe(404);
    const { objects } = await testEnv.AUDIO.list({ prefix: `${tenant.id}/${conversation}/` });
    expect(objects).toEqual([]);
  });

  it('is shown by the preference of the visited organization if the owner is a guest', async () => {
    const home = await Tenant.withDefault(true);
    const preferences = { conversations_visible_to_admins: false };
    const guest = await home.user({ preferences });
    const seen: number[] = [];
    for (const visible of [true, false]) {
      const guests = [{ org_id: home.id, user_ids: null, role: 'DefaultUserRole' }];
      const host = await Tenant.withDefault(visible, { guests });
      // A user of the host decides for themselves: the guest is looked at as well.
      await host.user({ preferences });
      const headers = {
        authorization: `Bearer ${await tokenOf(guest.userId, home.id)}`,
        'x-org-id': home.id,
      };
      const { conversation } = await conversationOf(host.client(guest.userId, headers));
      const path = `/conversation/${conversation}/messages/`;
      seen.push((await host.administrator.request(path)).status);
      const { conversations } = await host.administrator.get<{ conversations: object[] }>('/conversation/');
      expect(conversations.length).toBe(visible ? 1 : 0);
    }
    expect(seen).toEqual([200, 404]);
  });

  it('stays hidden after its object restarts', async () => {
    const tenant = tenants.get(false)!;
    const { conversation } = await conversationOf(await tenant.user());
    await evict(testEnv.CONVERSATION.getByName(`${tenant.id}/${conversation}`));
    const response = await tenant.administrator.request(`/conversation/${conversation}/messages/`);
    expect(response.status).toBe(404);
  });

  it('needs no read of the registry for its owner', async () => {
    const tenant = tenants.get(false)!;
    const owner = await tenant.user();
    const { conversation } = await conversationOf(owner);
    const preferences = vi.spyOn(RegistryReader.prototype, 'preferences');
    await owner.say(conversation, 'what?');
    expect(preferences).not.toHaveBeenCalled();
  });
});
