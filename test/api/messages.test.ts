import { beforeAll, describe, expect, it } from 'vitest';
import { newUser, parseLines, publishTestOrganization, type Client } from '../support/client.ts';

interface Message {
  id: string;
  interaction_id: string;
  created_at: string;
  sender: string;
  message: string;
  format: string;
  message_type: string;
}
interface Page {
  messages: Message[];
  has_more: boolean;
  continuation_token: number | null;
}

let user: Client;
let conversation: string;
/** All messages, oldest first: greeting; what?, apology; event, event, how?, apology. */
let all: Message[];

const list = (query = '') => user.get<Page>(`/conversation/${conversation}/messages/${query}`);
const texts = ({ messages }: Page) => messages.map(({ message }) => message);

async function walk(query: string): Promise<string[]> {
  const seen: string[] = [];
  let token: number | null = 0;
  while (token !== null) {
    const page: Page = await list(`?limit=2&continuation_token=${token}${query}`);
    expect(page.has_more).toBe(page.continuation_token !== null);
    seen.push(...page.messages.map(({ id }) => id));
    token = page.continuation_token;
  }
  return seen;
}

function eventForm(message: string, events: [string, string][], type = 'user-message'): FormData {
  const form = new FormData();
  form.set('initial_message_type', type);
  form.set('recorded_message', message);
  for (const [content, timestamp] of events) {
    form.append('external_event_message_content', content);
    form.append('external_event_message_timestamp', timestamp);
  }
  return form;
}

beforeAll(async () => {
  await publishTestOrganization();
  user = await newUser('DefaultUserRole', 'Mia Message');
  ({ id: conversation } = await user.begin());
  await user.say(conversation, 'what?');
  const now = new Date();
  const form = eventForm('how?', [
    ['The bell rang.', now.toISOString()],
    ['The door opened.', now.toISOString().replace('Z', '+00:00')],
  ]);
  await (await user.interactForm(conversation, form)).text();
  all = (await list('?sort_by=%2Bcreated_at')).messages;
});

describe('messages', () => {
  it('show who said what, how and when', () => {
    expect(all.map(({ sender, message_type, format }) => [sender, message_type, format])).toEqual([
      ['Finn', 'agent-message', 'text'],
      ['Mia Message', 'user-message', 'text'],
      ['Finn', 'agent-message', 'text'],
      ['External event', 'external-event', 'text'],
      ['External event', 'external-event', 'text'],
      ['Mia Message', 'user-message', 'text'],
      ['Finn', 'agent-message', 'text'],
    ]);
    const times = all.map(({ created_at }) => Date.parse(created_at));
    expect(times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0))).toBe(true);
    expect(new Set(all.map(({ interaction_id }) => interaction_id)).size).toBe(3);
    expect(all.every(({ id }) => /^[a-f0-9]{24}$/.test(id))).toBe(true);
    expect(all.map(({ id }) => id)).toEqual(all.map(({ id }) => id).toSorted());
  });

  it('come newest first without a sort', async () => {
    expect(texts(await list())).toEqual(all.map(({ message }) => message).toReversed());
  });

  it.each<[string, number[]]>([
    ['', [6, 5, 4, 3, 2, 1, 0]],
    ['&sort_by=-created_at', [6, 5, 4, 3, 2, 1, 0]],
    ['&sort_by=%2Bcreated_at', [0, 1, 2, 3, 4, 5, 6]],
    ['&sort_by=%2Binteraction_id', [0, 1, 2, 3, 4, 5, 6]],
    ['&sort_by=-interaction_id&sort_by=%2Bcreated_at', [3, 4, 5, 6, 1, 2, 0]],
    ['&sort_by=%2Binteraction_id&sort_by=-created_at', [0, 2, 1, 6, 5, 4, 3]],
    ['&message_type=user-message', [5, 1]],
    ['&message_type=external-event&message_type=agent-message&sort_by=%2Bcreated_at', [0, 2, 3, 4, 6]],
    ['&message_type=agent-inner-thought', []],
  ])('page through%s', async (query, expected) => {
    expect(await walk(query)).toEqual(expected.map((index) => all[index]?.id));
  });

  it('are found by identifier and by interaction', async () => {
    const byId = await list(`?id=${all[1]?.id}&id=${all[4]?.id}`);
    expect(byId.messages.map(({ id }) => id)).toEqual([all[4]?.id, all[1]?.id]);
    const sameNumber = `${'0'.repeat(16)}${all[1]?.id.slice(16)}`;
    expect((await list(`?id=${sameNumber}`)).messages).toEqual([]);
    const byInteraction = await list(`?interaction_id=${all[1]?.interaction_id}&sort_by=%2Bcreated_at`);
    expect(byInteraction.messages.map(({ id }) => id)).toEqual([all[1]?.id, all[2]?.id]);
    expect(await walk(`&interaction_id=${all[3]?.interaction_id}`)).toEqual(
      [6, 5, 4, 3].map((index) => all[index]?.id),
    );
  });

  it('have no source when they are text', async () => {
    const response = await user.request(
      `/conversation/${conversation}/messages/${all[0]?.id}/source?long_lived=true`,
    );
    expect([response.status, (await response.json<{ code: string }>()).code]).toEqual([
      400,
      'message_is_text',
    ]);
    const missing = await user.request(`/conversation/${conversation}/messages/${'0'.repeat(24)}/source`);
    expect([missing.status, (await missing.json<{ code: string }>()).code]).toEqual([
      404,
      'message_not_found',
    ]);
  });
});

describe('external events', () => {
  async function send(offsets: number[], type = 'user-message') {
    const { id } = await (user = await newUser()).begin();
    const form = eventForm(
      'what?',
      offsets.map((offset) => [`At ${offset}`, new Date(Date.now() + offset).toISOString()]),
      type,
    );
    const response = await user.interactForm(id, form);
    return { response, id };
  }

  it('a little in the future happen now', async () => {
    const { response, id } = await send([4000]);
    expect(response.status).toBe(200);
    await response.text();
    conversation = id;
    const { messages } = await list('?message_type=external-event');
    expect(Date.parse(messages[0]?.created_at ?? '')).toBeLessThanOrEqual(Date.now());
  });

  it.each([
    ['in the future', [8000], 'external_event_in_future'],
    ['before the last message', [-60_000], 'external_event_out_of_order'],
    ['in the wrong order', [3000, 1000], 'external_event_out_of_order'],
  ])('%s are refused', async (_name, offsets, code) => {
    const { response } = await send(offsets);
    expect([response.status, (await response.json<{ code: string }>()).code]).toEqual([400, code]);
  });

  it('can be what a turn answers, and are announced like a message', async () => {
    const { response, id } = await send([], 'external-event');
    const [first] = parseLines(await response.text());
    expect(first).toMatchObject({ type: 'user-message-available', user_message: 'what?' });
    conversation = id;
    expect((await list('?message_type=external-event')).messages[0]?.id).toBe(first?.message_id);
  });

  it('can begin a conversation', async () => {
    user = await newUser();
    const { id } = await user.begin({ initial_message: 'It rains.', initial_message_type: 'external-event' });
    conversation = id;
    expect((await list('?message_type=external-event')).messages).toMatchObject([{ message: 'It rains.' }]);
  });
});
