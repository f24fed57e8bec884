import { runInDurableObject } from 'cloudflare:test';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { Conversation } from '../../src/conversation/conversation.ts';
import { directoryOfUser } from '../../src/directory/client.ts';
import { Directory } from '../../src/directory/directory.ts';
import { issueToken } from '../../src/edge/tokens.ts';
import app from '../../src/index.ts';
import { RateLimiter } from '../../src/limits/rate-limiter.ts';
import {
  conversationObject,
  newUser,
  publishTestOrganization,
  testEnv,
  type Client,
} from '../support/client.ts';
import { evict } from '../support/eviction.ts';
import { Ledger } from '../support/ledger.ts';
import { ORGANIZATION } from '../support/organization.ts';

beforeAll(publishTestOrganization);

/** The most rows a text turn may write over all objects, index entries and alarms counted. */
const MAX_ROWS_PER_TURN = 8;

/** The most requests to objects that a text turn may make. */
const MAX_OBJECT_REQUESTS_PER_TURN = 3;
/** The deployment with its limits on, as production is. */
const { RATE_LIMITS: _off, ...limitedEnv } = testEnv;

/** A turn through the whole edge, its limiter included. */
async function limitedTurn(user: Client, id: string, text: string): Promise<string> {
  const body = new FormData();
  body.set('initial_message_type', 'user-message');
  body.set('recorded_message', text);
  const token = await issueToken(
    testEnv.SIGNING_KEYS,
    { organization: ORGANIZATION, user_id: user.userId },
    Date.now(),
  );
  const path = `/v1/${ORGANIZATION}/conversation/${id}/interact?request_format=text&response_format=text`;
  const headers = { authorization: `Bearer ${token.id_token}` };
  const request = new Request(`http://localhost${path}`, { method: 'POST', body, headers });
  const incoming = request as Request<unknown, IncomingRequestCfProperties>;
  return (await app.fetch(incoming, limitedEnv, {} as ExecutionContext)).text();
}

async function watched(user: Client, id: string): Promise<Ledger> {
  const ledger = new Ledger();
  const organization = { id: ORGANIZATION, directory_shards: 4 };
  await ledger.watch(conversationObject(id));
  await ledger.watch(directoryOfUser(testEnv, organization, user.userId));
  await ledger.watch(testEnv.LIMITER.getByName(`${ORGANIZATION}/${user.userId}`));
  return ledger;
}

describe('a text turn', () => {
  it('writes few rows over all objects', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const ledger = await watched(user, id);
    const rows: number[] = [];
    for (const text of ['what?', 'how?', 'apples']) {
      expect(await limitedTurn(user, id, text)).toContain('interaction-complete');
      const { written, alarms } = await ledger.take();
      rows.push(written + alarms);
      expect(written).toBeGreaterThanOrEqual(6);
      expect(written + alarms).toBeLessThanOrEqual(MAX_ROWS_PER_TURN);
    }
    // Tables are made, and alarms are set, by the first.
    expect(rows.slice(1)).toEqual([6, 6]);
  });

  it('asks few objects', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const requests = [
      vi.spyOn(Conversation.prototype, 'fetch'),
      ...(['record', 'reserve', 'release', 'hasFinished', 'page'] as const).map((method) =>
        vi.spyOn(Directory.prototype, method),
      ),
      vi.spyOn(RateLimiter.prototype, 'admit'),
    ];
    await limitedTurn(user, id, 'what?');
    const made = requests.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
    vi.restoreAllMocks();
    expect(made).toBe(MAX_OBJECT_REQUESTS_PER_TURN);
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
         INSERT INTO messages (sequence, id, interaction, interaction_id, type, sender, text, format, created_at,
           sender_user_id) SELECT ? + i, printf('%024x', ? + i), m.interaction, m.interaction_id, m.type,
           m.sender, m.text, m.format, m.created_at, m.sender_user_id FROM n, messages m WHERE m.sequence = ?`,
        last,
        last,
        last,
      );
      storage.sql.exec(
        'UPDATE conversation SET last_message = last_message + 10000, num_messages = num_messages + 10000',
      );
    });
    // The object remembers its conversation: it has to forget it to see what was put there behind its back.
    await evict(conversationObject(id));
    await user.say(id, 'what?');
    const later = await watched(user, id);
    await user.say(id, 'how?');
    const long = await later.take();
    // Whether an alarm had to be set depends on the time since the last one, not on the length.
    expect({ written: long.written, read: long.read }).toEqual({ written: short.written, read: short.read });
  });
});
