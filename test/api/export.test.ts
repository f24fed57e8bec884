/** Exports: everything that is stored about a user or a conversation, line by line, from any line on. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { Conversation } from '../../src/conversation/conversation.ts';
import {
  Client,
  conversationObject,
  newUser,
  parseLines,
  publishTestOrganization,
} from '../support/client.ts';
import { ADMIN, OTHER_SERVICE } from '../support/organization.ts';
import { recordingOf } from '../support/scripted-speech.ts';

beforeAll(publishTestOrganization);

const administrator = new Client(ADMIN);

type Line = { kind: string; cursor: string } & Record<string, unknown>;

async function linesOf(response: Response): Promise<Line[]> {
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
  const text = await response.text();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

const conversationExport = (client: Client, id: string, after = '') =>
  client.request(`/conversation/${id}/export?after=${encodeURIComponent(after)}`);
const userExport = (client: Client, id: string, after = '') =>
  client.request(`/user/${id}/export?after=${encodeURIComponent(after)}`);

/** Lines without what differs from one request to the next: signed URLs and when they expire. */
function comparable(lines: readonly Line[]): Line[] {
  return lines.map(({ url: _url, expires_at: _expires, ...line }) => line as Line);
}

/** A user with a finished spoken conversation and an open one. */
async function told(): Promise<{ user: Client; finished: string; open: string }> {
  const user = await newUser();
  const { id } = await user.begin({ initial_message: 'I have two horses.' });
  parseLines(await (await user.interactVoice(id, recordingOf('they are in the garden'))).text());
  expect((await user.post(`/conversation/${id}/finish/`)).status).toBe(204);
  while (await runDurableObjectAlarm(conversationObject(id)));
  const open = await user.begin({ service_id: OTHER_SERVICE, initial_message: 'hello' });
  return { user, finished: id, open: open.id };
}

describe('the export of a conversation', () => {
  it('has the conversation, its messages, URLs of its recordings and its interactions', async () => {
    const { user, finished } = await told();
    const lines = await linesOf(await conversationExport(user, finished));
    expect(lines[0]).toMatchObject({ kind: 'conversation', id: finished, is_finished: true });
    const kinds = new Set(lines.map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(['conversation', 'message', 'recording', 'interaction']));
    const texts = lines.filter(({ kind }) => kind === 'message').map(({ message }) => message);
    expect(texts).toContain('I have two horses.');
    const { messages } = await user.get<{ messages: { id: string }[] }>(
      `/conversation/${finished}/messages/`,
    );
    const exported = lines.filter(({ kind }) => kind === 'message').map(({ id }) => id);
    expect(exported).toEqual(expect.arrayContaining(messages.map(({ id }) => id)));
    const recording = lines.find(({ kind }) => kind === 'recording');
    const { exports } = await import('cloudflare:workers');
    const worker = (exports as unknown as { default: Fetcher }).default;
    expect((await worker.fetch(String(recording?.url))).status).toBe(200);
    expect(JSON.stringify(lines)).not.toContain('"key"');
  });

  it('goes on behind each of its lines', async () => {
    const { user, finished } = await told();
    const all = comparable(await linesOf(await conversationExport(user, finished)));
    for (const [index, { cursor }] of all.entries()) {
      const rest = comparable(await linesOf(await conversationExport(user, finished, cursor)));
      expect(rest).toEqual(all.slice(index + 1));
    }
  });

  it('reads a conversation of 10,000 messages in pages, as its reader takes them', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    await runInDurableObject(conversationObject(id), (_instance, { storage }) => {
      storage.sql.exec(
        `WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 10999)
         INSERT INTO messages (sequence, id, interaction, interaction_id, type, sender, text, format, created_at)
         SELECT i, printf('%024x', i), 1, 'x', 'user-message', 'Una', printf('text %d', i) || hex(zeroblob(500)), 'text', 1
         FROM n`,
      );
    });
    const pages = vi.spyOn(Conversation.prototype, 'exportPage');
    const response = await conversationExport(user, id);
    const reader = response.body!.getReader();
    await reader.read();
    // The stream does not run ahead of its reader.
    expect(pages.mock.calls.length).toBeLessThanOrEqual(3);
    let text = '';
    const decoder = new TextDecoder();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      text += decoder.decode(part.value, { stream: true });
    }
    expect(text.match(/"kind":"message"/g)?.length).toBeGreaterThanOrEqual(10_000);
    expect(pages.mock.calls.length).toBeGreaterThanOrEqual(100);
    vi.restoreAllMocks();
  });

  it('is refused to other users and for a cursor of no export, and is not there after an erasure', async () => {
    const { user, finished } = await told();
    expect((await conversationExport(await newUser(), finished)).status).toBe(404);
    expect((await conversationExport(user, finished, 'x1')).status).toBe(422);
    expect((await conversationExport(administrator, finished)).status).toBe(200);
    await administrator.request(`/conversation/${finished}/`, { method: 'DELETE' });
    expect((await conversationExport(user, finished)).status).toBe(404);
  });

  it('is refused to a user without the permission on their user model', async () => {
    const visitor = await newUser('DefaultVisitorRole');
    const { id } = await visitor.begin();
    expect((await conversationExport(visitor, id)).status).toBe(403);
    expect((await userExport(visitor, visitor.userId)).status).toBe(403);
  });
});

describe('the export of a user', () => {
  it('has the user, the user model, the memories and every conversation', async () => {
    const { user, finished, open } = await told();
    const lines = await linesOf(await userExport(user, user.userId));
    expect(lines[0]).toMatchObject({ kind: 'user', id: user.userId });
    expect(lines[1]).toMatchObject({
      kind: 'user-model',
      content: expect.stringContaining('horses') as string,
    });
    expect(lines.some(({ kind, content }) => kind === 'memory' && String(content).includes('horses'))).toBe(
      true,
    );
    const heads = lines.filter(({ kind }) => kind === 'conversation').map(({ id }) => id);
    expect(heads).toEqual([finished, open]);
    expect(lines.some(({ kind }) => kind === 'recording')).toBe(true);
    expect(comparable(await linesOf(await userExport(administrator, user.userId)))).toHaveLength(
      lines.length,
    );
  });

  it('goes on behind each of its lines', async () => {
    const { user } = await told();
    const all = comparable(await linesOf(await userExport(user, user.userId)));
    for (const [index, { cursor }] of all.entries()) {
      const rest = comparable(await linesOf(await userExport(user, user.userId, cursor)));
      expect(rest).toEqual(all.slice(index + 1));
    }
  });

  it('leaves a conversation out that is erased meanwhile', async () => {
    const { user, finished, open } = await told();
    await administrator.request(`/conversation/${finished}/`, { method: 'DELETE' });
    const lines = await linesOf(await userExport(user, user.userId));
    const heads = lines.filter(({ kind }) => kind === 'conversation').map(({ id }) => id);
    expect(heads).toEqual([open]);
  });

  it('is refused to other users, for an unknown user, and for a cursor of no export', async () => {
    const { user } = await told();
    expect((await userExport(await newUser(), user.userId)).status).toBe(403);
    expect((await userExport(administrator, 'no-such-user')).status).toBe(404);
    expect((await userExport(user, user.userId, 'c1:zz')).status).toBe(422);
  });
});
