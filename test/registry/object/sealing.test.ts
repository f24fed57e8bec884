/** Secret variables: what seals them, what opens them, and how the secrets are exchanged. */
import { exportJWK, generateKeyPair } from 'jose';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { openedVariables, sealedCommand, type SealingEnv } from '../../../src/registry/object/sealing.ts';
import { Resealing } from '../../../src/registry/object/resealing.ts';
import { variableKeysFault } from '../../../src/signing/variable-keys.ts';
import { testEnv } from '../../support/client.ts';
import { Managed, newUserCommand } from './model.ts';

const [FIRST, SECOND] = ['a'.repeat(43), 'b'.repeat(43)];
const OWNER = { organization: 'org', user: 'u'.repeat(24) };
const SECRETS = { token: 'swordfish', plan: 'marlin' };

let oldKey: Record<string, unknown>;
let newKey: Record<string, unknown>;

beforeAll(async () => {
  const made = async (kid: string) => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    return { ...(await exportJWK(privateKey)), kid };
  };
  [oldKey, newKey] = [await made('old'), await made('new')];
});

afterEach(() => vi.restoreAllMocks());

const signing = (...keys: unknown[]) => JSON.stringify({ keys });

async function seal(env: SealingEnv): Promise<Record<string, string>> {
  const command = { ...newUserCommand('a@example.com'), id: OWNER.user, sensitive_variables: SECRETS };
  const ready = await sealedCommand(env, OWNER.organization, command);
  return ready.type === 'create-user' ? ready.sensitive_variables : {};
}

const formsOf = (sealed: Record<string, string>) => Object.values(sealed).map((value) => value.split('.')[0]);

describe('with VARIABLES_KEYS', () => {
  it('the first secret seals, and every one opens', async () => {
    const SIGNING_KEYS = signing(oldKey);
    const before = await seal({ SIGNING_KEYS, VARIABLES_KEYS: FIRST });
    expect(formsOf(before)).toEqual(['v2', 'v2']);
    const rotated = { SIGNING_KEYS, VARIABLES_KEYS: `${SECOND}, ${FIRST}` };
    const { values, resealed } = await openedVariables(rotated, OWNER, before);
    expect(values).toEqual(SECRETS);
    const alone = { SIGNING_KEYS, VARIABLES_KEYS: SECOND };
    expect(await openedVariables(alone, OWNER, resealed)).toEqual({ values: SECRETS, resealed: {} });
    expect(await openedVariables(alone, OWNER, before)).toEqual({ values: {}, resealed: {} });
  });

  it('values outlive a signing key of which no private half is left', async () => {
    const sealed = await seal({ SIGNING_KEYS: signing(oldKey), VARIABLES_KEYS: FIRST });
    const rotated = { SIGNING_KEYS: signing(newKey), VARIABLES_KEYS: FIRST };
    expect((await openedVariables(rotated, OWNER, sealed)).values).toEqual(SECRETS);
  });

  it('values that a signing key has sealed stay readable, and are sealed anew', async () => {
    const sealed = await seal({ SIGNING_KEYS: signing(oldKey) });
    const env = { SIGNING_KEYS: signing(oldKey), VARIABLES_KEYS: FIRST };
    const { values, resealed } = await openedVariables(env, OWNER, sealed);
    expect([values, formsOf(resealed)]).toEqual([SECRETS, ['v2', 'v2']]);
  });

  it.each([
    ['short'],
    [`${FIRST},`],
    [`${FIRST},${FIRST}`],
    [Array.from({ length: 9 }, (_, index) => `${index}${FIRST}`).join(',')],
  ])(
    'nothing is sealed by secrets that are not valid, and the fault does not quote them: %s',
    async (keys) => {
      vi.spyOn(console, 'error').mockImplementation(() => undefined);
      const env = { SIGNING_KEYS: signing(oldKey), VARIABLES_KEYS: keys };
      await expect(seal(env)).rejects.toMatchObject({ problem: { code: 'deployment_misconfigured' } });
      expect(variableKeysFault(env)?.reason).not.toContain(keys);
    },
  );
});

describe('without VARIABLES_KEYS', () => {
  it('the newest signing key seals, and what an older one has sealed is sealed anew', async () => {
    const sealed = await seal({ SIGNING_KEYS: signing(oldKey) });
    expect(formsOf(sealed)).toEqual(['v1', 'v1']);
    const both = { SIGNING_KEYS: signing(oldKey, newKey) };
    const { values, resealed } = await openedVariables(both, OWNER, sealed);
    expect(values).toEqual(SECRETS);
    const alone = { SIGNING_KEYS: signing(newKey) };
    expect((await openedVariables(alone, OWNER, resealed)).values).toEqual(SECRETS);
    expect((await openedVariables(alone, OWNER, sealed)).values).toEqual({});
  });

  it('values of VARIABLES_KEYS are left out', async () => {
    const sealed = await seal({ SIGNING_KEYS: signing(oldKey), VARIABLES_KEYS: FIRST });
    expect(await openedVariables({ SIGNING_KEYS: signing(oldKey) }, OWNER, sealed)).toEqual({
      values: {},
      resealed: {},
    });
  });
});

describe('a sealed value', () => {
  it.each([
    ['of another user', { ...OWNER, user: 'v'.repeat(24) }],
    ['of another organization', { ...OWNER, organization: 'other' }],
  ])('opens nothing as one %s', async (_whose, owner) => {
    const env = { SIGNING_KEYS: signing(oldKey), VARIABLES_KEYS: FIRST };
    expect((await openedVariables(env, owner, await seal(env))).values).toEqual({});
  });

  it.each(['', 'v2', 'v2..', 'v3.a.b', 'v2.*.*', '..'])(
    'opens nothing when it is none: "%s"',
    async (text) => {
      const env = { SIGNING_KEYS: signing(oldKey), VARIABLES_KEYS: FIRST };
      expect((await openedVariables(env, OWNER, { token: text })).values).toEqual({});
    },
  );
});

describe('variables that were sealed anew', () => {
  it('are stored where they have not changed meanwhile, and the revision of the user stays', async () => {
    const managed = await Managed.make();
    const command = {
      ...newUserCommand('sealed-anew@example.com'),
      sensitive_variables: { one: 'swordfish', two: 'marlin' },
    };
    await managed.change(command);
    const [stored, revision] = await managed.store((store) => {
      const before = store.user(command.id)?.sensitive_variables ?? {};
      const { revision: number } = store.people.stored(command.id) ?? {};
      store.people.reseal(command.id, { ...before, two: 'older' }, { one: 'v2.a.b', two: 'v2.c.d' });
      store.people.reseal('no-such-user', {}, { one: 'v2.a.b' });
      return [before, number];
    });
    const after = await managed.store((store) => store.people.stored(command.id));
    expect(after?.user?.sensitive_variables).toEqual({ one: 'v2.a.b', two: stored.two });
    expect(after?.revision).toBe(revision);
  });
});

describe('the variables of an organization whose secret has changed', () => {
  const users = 5;

  /** Makes users whose variables are sealed by a signing key, and one without. Returns their identifiers. */
  async function made(): Promise<[Managed, string[]]> {
    const managed = await Managed.make();
    const ids: string[] = [];
    for (let index = 0; index < users; index += 1) {
      const command = {
        ...newUserCommand(`user${index}@example.com`),
        sensitive_variables: index === 0 ? {} : SECRETS,
      };
      await managed.change(command);
      ids.push(command.id);
    }
    return [managed, ids];
  }

  /** Runs the resealing of a deployment with these secrets until nothing is left, through evictions of the object. */
  function resealedBy(managed: Managed, env: SealingEnv): Promise<boolean> {
    return managed.store(async (store, storage) => {
      const resealing = new Resealing(store, storage.kv, env);
      if (!(await resealing.isDue())) return false;
      while (!(await resealing.run(managed.id)));
      return !(await resealing.isDue());
    });
  }

  async function formsIn(managed: Managed, ids: string[]): Promise<string[]> {
    const values = await managed.store((store) =>
      ids.flatMap((id) => Object.values(store.user(id)?.sensitive_variables ?? {})),
    );
    return [...new Set(values.map((value) => value.split('.')[0] ?? ''))];
  }

  it('are all sealed anew, once, so that the older secret is needed no more', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const [managed, ids] = await made();
    expect(await formsIn(managed, ids)).toEqual(['v1']);
    const env = { SIGNING_KEYS: testEnv.SIGNING_KEYS ?? '', VARIABLES_KEYS: FIRST };
    expect(await resealedBy(managed, env)).toBe(true);
    expect(await formsIn(managed, ids)).toEqual(['v2']);
    expect(log.mock.calls.join()).toContain(`"users":${users - 1},"unreadable":0`);
    const owner = { organization: managed.id, user: ids[1] ?? '' };
    const stored = await managed.store((store) => store.user(owner.user)?.sensitive_variables ?? {});
    const alone = { SIGNING_KEYS: signing(newKey), VARIABLES_KEYS: FIRST };
    expect((await openedVariables(alone, owner, stored)).values).toEqual(SECRETS);
    expect(await resealedBy(managed, env)).toBe(false);
    expect(await resealedBy(managed, { ...env, VARIABLES_KEYS: `${SECOND},${FIRST}` })).toBe(true);
  });

  it('stay where no secret opens them, and the log counts them', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const [managed, ids] = await made();
    expect(await resealedBy(managed, { SIGNING_KEYS: signing(newKey), VARIABLES_KEYS: FIRST })).toBe(true);
    expect(await formsIn(managed, ids)).toEqual(['v1']);
    expect(log.mock.calls.join()).toContain(`"users":0,"unreadable":${2 * (users - 1)}`);
  });

  it('are left alone without a usable secret, and the alarm does not come again for it', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const [managed] = await made();
    const done = await managed.store((store, storage) =>
      new Resealing(store, storage.kv, { SIGNING_KEYS: '', VARIABLES_KEYS: 'short' }).run(managed.id),
    );
    expect(done).toBe(true);
    expect(error.mock.calls.join()).toContain('variables_not_resealed');
  });

  it('are sealed anew by the alarm of the object', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const [managed] = await made();
    await managed.settle();
    expect(log.mock.calls.join()).toContain('variables_resealed');
  });
});
