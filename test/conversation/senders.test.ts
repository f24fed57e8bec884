/** The sender of a message: kept with it in every conversation, and unknown in databases from before it was kept. */
import { runInDurableObject } from 'cloudflare:test';
import { beforeAll, describe, expect, it } from 'vitest';
import { Client, conversationObject, newUser, publishTestOrganization } from '../support/client.ts';
import { evict } from '../support/eviction.ts';
import { ADMIN } from '../support/organization.ts';
import { recordingOf } from '../support/scripted-speech.ts';

interface Message {
  message: string;
  sender: string;
  message_type: string;
  sender_user_id: string | null;
}

type Sent = [type: string, sender: string, sender_user_id: string | null];

/** The messages of a conversation as a reader sees them, oldest first. */
async function sent(reader: Client, id: string): Promise<Sent[]> {
  const path = `/conversation/${id}/messages/?sort_by=%2Bcreated_at`;
  const { messages } = await reader.get<{ messages: Message[] }>(path);
  return messages.map(({ message_type, sender, sender_user_id }) => [message_type, sender, sender_user_id]);
}

const AGENT: Sent = ['agent-message', 'Finn', null];

const administrator = new Client(ADMIN);

beforeAll(publishTestOrganization);

describe('a message', () => {
  it('is kept with the user who sent it, the owner too', async () => {
    const owner = await newUser('DefaultUserRole', 'Olga Owner');
    const { id } = await owner.begin({ initial_message: 'Hello' });
    await owner.say(id, 'what?');
    const own: Sent = ['user-message', 'Olga Owner', owner.userId];
    expect(await sent(owner, id)).toEqual([own, AGENT, own, AGENT]);
  });

  it('is the administrator’s when an administrator sends it in a user’s conversation', async () => {
    const owner = await newUser('DefaultUserRole', 'Olga Owner');
    const { id } = await owner.begin();
    await administrator.say(id, 'what?');
    await owner.say(id, 'how?');
    expect(await sent(administrator, id)).toEqual([
      AGENT,
      ['user-message', 'Ada Admin', ADMIN],
      AGENT,
      ['user-message', 'Olga Owner', owner.userId],
      AGENT,
    ]);
  });

  it('is the speaker’s when it was spoken', async () => {
    const owner = await newUser('DefaultUserRole', 'Olga Owner');
    const { id } = await owner.begin();
    await (await administrator.interactVoice(id, recordingOf('what?'))).text();
    expect((await sent(administrator, id))[1]).toEqual(['user-message', 'Ada Admin', ADMIN]);
  });

  it('about something that happened elsewhere is kept with the user who told it', async () => {
    const owner = await newUser('DefaultUserRole', 'Olga Owner');
    const { id } = await owner.begin();
    const form = new FormData();
    form.set('initial_message_type', 'user-message');
    form.set('recorded_message', 'what?');
    form.append('external_event_message_content', 'The bell rang.');
    form.append('external_event_message_timestamp', new Date(Date.now() + 1_000).toISOString());
    await (await administrator.interactForm(id, form)).text();
    await (await owner.interact(id, 'The door opened.', 'external-event')).text();
    expect(await sent(administrator, id)).toEqual([
      AGENT,
      ['external-event', 'External event', ADMIN],
      ['user-message', 'Ada Admin', ADMIN],
      AGENT,
      ['external-event', 'External event', owner.userId],
      AGENT,
    ]);
  });

  it('tells a user the names of others, and no identifier but their own', async () => {
    const owner = await newUser('DefaultUserRole', 'Olga Owner');
    const { id } = await owner.begin();
    await administrator.say(id, 'what?');
    await owner.say(id, 'how?');
    expect(await sent(owner, id)).toEqual([
      AGENT,
      ['user-message', 'Ada Admin', null],
      AGENT,
      ['user-message', 'Olga Owner', owner.userId],
      AGENT,
    ]);
  });
});

describe('a database from before senders were kept', () => {
  /** The table of messages as it was then. */
  const FORMER_MESSAGES = `
    CREATE TABLE messages (
      sequence INTEGER PRIMARY KEY,
      id TEXT NOT NULL,
      interaction INTEGER NOT NULL,
      interaction_id TEXT NOT NULL,
      type TEXT NOT NULL,
      sender TEXT NOT NULL,
      text TEXT NOT NULL,
      format TEXT NOT NULL,
      created_at INTEGER NOT NULL
    )`;

  /** A conversation whose database is one of then. Its object starts anew with it. */
  async function formerConversation(owner: Client): Promise<string> {
    const { id } = await owner.begin({ initial_message: 'Hello' });
    await runInDurableObject(conversationObject(id), (_instance, { storage }) => {
      storage.sql.exec('ALTER TABLE messages RENAME TO present');
      storage.sql.exec(FORMER_MESSAGES);
      storage.sql.exec(
        `INSERT INTO messages SELECT sequence, id, interaction, interaction_id, type, sender, text, format, created_at
         FROM present`,
      );
      storage.sql.exec('DROP TABLE present; DROP VIEW conversation_version; DROP TABLE accepted_turn');
      for (const column of ['told', 'idempotency', 'stopped', 'place']) {
        storage.sql.exec(`ALTER TABLE interactions DROP COLUMN ${column}`);
      }
      storage.sql.exec('ALTER TABLE conversation DROP COLUMN spending');
    });
    await evict(conversationObject(id));
    return id;
  }

  async function columns(id: string): Promise<string[]> {
    return runInDurableObject(conversationObject(id), (_instance, { storage }) =>
      storage.sql
        .exec<{ name: string }>(`SELECT name FROM pragma_table_info('messages')`)
        .toArray()
        .map(({ name }) => name),
    );
  }

  it('is read as it is, and not written by reading', async () => {
    const owner = await newUser('DefaultUserRole', 'Olga Owner');
    const id = await formerConversation(owner);
    expect(await sent(owner, id)).toEqual([['user-message', 'Olga Owner', null], AGENT]);
    expect(await columns(id)).not.toContain('sender_user_id');
  });

  it('takes turns, and keeps who sent what from then on', async () => {
    const owner = await newUser('DefaultUserRole', 'Olga Owner');
    const id = await formerConversation(owner);
    await administrator.say(id, 'what?');
    await evict(conversationObject(id));
    await owner.say(id, 'how?');
    expect(await sent(administrator, id)).toEqual([
      ['user-message', 'Olga Owner', null],
      AGENT,
      ['user-message', 'Ada Admin', ADMIN],
      AGENT,
      ['user-message', 'Olga Owner', owner.userId],
      AGENT,
    ]);
  });

  it('is finished and analysed', async () => {
    const owner = await newUser();
    const id = await formerConversation(owner);
    expect((await owner.post(`/conversation/${id}/finish/`)).status).toBe(204);
  });

  it('takes a turn after one that came to nothing', async () => {
    const owner = await newUser('DefaultUserRole', 'Olga Owner');
    const id = await formerConversation(owner);
    await owner.say(id, '[fail]');
    await owner.say(id, 'how?');
    expect((await sent(owner, id))[2]).toEqual(['user-message', 'Olga Owner', owner.userId]);
  });
});
