/** Reading an object in which nothing was made stores nothing, and no version either. */
import { runInDurableObject } from 'cloudflare:test';
import { beforeAll, describe, expect, it } from 'vitest';
import { newIdentifier } from '../../src/identifiers.ts';
import { conversationObject, newUser, publishTestOrganization, testEnv } from '../support/client.ts';
import { ORGANIZATION } from '../support/organization.ts';

beforeAll(publishTestOrganization);

function stored(stub: DurableObjectStub): Promise<unknown[]> {
  return runInDurableObject(stub, (_instance, { storage }) =>
    storage.sql
      .exec('SELECT name FROM sqlite_master')
      .toArray()
      .concat([...storage.kv.list()] as never[]),
  );
}

describe('an object stays empty', () => {
  it('as a conversation that is only requested', async () => {
    const id = newIdentifier(Date.now());
    const user = await newUser();
    for (const path of [`/conversation/${id}/messages/`, `/conversation/${id}/interaction/${id}/insights`]) {
      expect((await user.request(path)).status).toBe(404);
    }
    expect((await user.interact(id, 'Hello')).status).toBe(404);
    expect((await user.post(`/conversation/${id}/finish/`)).status).toBe(404);
    expect(await stored(conversationObject(id))).toEqual([]);
  });

  it('as a memory that is only read', async () => {
    const memory = testEnv.MEMORY.getByName(`${ORGANIZATION}/${newIdentifier(Date.now())}`);
    await memory.recall(['tea']);
    await memory.modelBefore('c');
    expect(await stored(memory)).toEqual([]);
  });

  it('as a limiter that has not counted', async () => {
    const limiter = testEnv.LIMITER.getByName(`${ORGANIZATION}/${newIdentifier(Date.now())}`);
    expect((await limiter.admit('name', 'operation', 0)).allowed).toBe(false);
    expect(await stored(limiter)).toEqual([]);
    expect((await limiter.admit('name', 'operation', 1)).allowed).toBe(true);
    expect(await stored(limiter)).not.toEqual([]);
  });
});
