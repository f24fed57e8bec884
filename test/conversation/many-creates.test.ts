/** Creates of one user at the same time: one is made, and the others cost little. */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { Conversation } from '../../src/conversation/conversation.ts';
import { ConversationStore } from '../../src/conversation/store.ts';
import { Directory } from '../../src/directory/directory.ts';
import { Memory } from '../../src/memory/memory.ts';
import { newUser, publishTestOrganization } from '../support/client.ts';

beforeAll(publishTestOrganization);

describe('200 creates at the same time', () => {
  it('make one conversation, and start no object for the others', async () => {
    const user = await newUser();
    const fetched = vi.spyOn(Conversation.prototype, 'fetch');
    const begin = vi.spyOn(ConversationStore.prototype, 'begin');
    const clear = vi.spyOn(ConversationStore.prototype, 'clear');
    const answers = await Promise.all(Array.from({ length: 200 }, () => user.create()));
    const statuses = answers.map(({ status }) => status);
    await Promise.all(answers.map((answer) => answer.text()));
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 400 || status === 409)).toHaveLength(199);
    expect([fetched, begin, clear].map(({ mock }) => mock.calls.length)).toEqual([1, 1, 0]);
    vi.restoreAllMocks();
    const { conversations } = await user.get<{ conversations: unknown[] }>('/conversation/');
    expect(conversations).toHaveLength(1);
  }, 60_000);
});

describe('a create', () => {
  it('makes four requests to objects, its rate limit apart', async () => {
    const user = await newUser();
    const requests = [
      vi.spyOn(Memory.prototype, 'model'),
      vi.spyOn(Conversation.prototype, 'fetch'),
      vi.spyOn(Conversation.prototype, 'standing'),
      ...(['record', 'reserve', 'release', 'forget', 'hasFinished', 'page'] as const).map((method) =>
        vi.spyOn(Directory.prototype, method),
      ),
    ];
    await user.begin();
    const made = requests.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
    vi.restoreAllMocks();
    expect(made).toBe(4);
  });
});
