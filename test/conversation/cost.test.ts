import { runInDurableObject } from 'cloudflare:test';
import { beforeAll, describe, expect, it } from 'vitest';
import { directoryOfUser } from '../../src/directory/client.ts';
import {
  conversationObject,
  newUser,
  publishTestOrganization,
  testEnv,
  type Client,
} from '../support/client.ts';
import { Ledger } from '../support/ledger.ts';
import { ORGANIZATION } from '../support/organization.ts';

beforeAll(publishTestOrganization);

/** The most rows a text turn may write over all objects, index entries and alarms counted. */
const MAX_ROWS_PER_TURN = 8;

async function watched(user: Client, id: string): Promise<Ledger> {
  const ledger = new Ledger();
  const organization = { id: ORGANIZATION, directory_shards: 4 };
  await ledger.watch(conversationObject(id));
  await ledger.watch(directoryOfUser(testEnv, organization, user.userId));
  return ledger;
}

describe('a text turn', () => {
  it('writes few rows over all objects', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const ledger = await watched(user, id);
    for (const text of ['what?', 'how?', 'apples']) {
      await user.say(id, text);
      const { written, alarms } = await ledger.take();
      expect(written).toBeGreaterThanOrEqual(5);
      expect(written + alarms).toBeLessThanOrEqual(MAX_ROWS_PER_TURN);
    }
  });

  it('writes and reads as much in a conversation of 10,000 messages as in one of a few dozen', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    for (let turn = 0; turn < 15; turn += 1) await user.say(id, 'what?');
    const ledger = await watched(user, id);
    await user.say(id, 'why?');
    const short = await ledger.take();

    await runInDurableObject(conversationObject(id), (_instance, { storage }) => {
      const [{ last } = { last: 0 }] = storage.sql
        .exec<{ last: number }>('SELECT last_message AS last FROM conversation')
        .toArray();
      storage.sql.exec(
        `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
         INSERT INTO messages SELECT ? + i, printf('%024x', ? + i), m.interaction, m.interaction_id, m.type,
           m.sender, m.text, m.format, m.created_at FROM n, messages m WHERE m.sequence = ?`,
        last,
        last,
        last,
      );
      storage.sql.exec(
        'UPDATE conversation SET last_message = last_message + 10000, num_messages = num_messages + 10000',
      );
    });
    await ledger.take();
    await user.say(id, 'how?');
    const long = await ledger.take();
    // Whether an alarm had to be set depends on the time since the last one, not on the length.
    expect({ written: long.written, read: long.read }).toEqual({ written: short.written, read: short.read });
  });
});
