/** Tests of the memories of a user as a turn asks for them. */
import { beforeAll, expect, it } from 'vitest';
import type { WordVectors } from '../../src/agent/embedded/meaning/vectors.ts';
import { memoryPort } from '../../src/conversation/memory-port.ts';
import type { ConversationIdentity } from '../../src/conversation/records.ts';
import { memoryOf } from '../../src/objects.ts';
import { publishTestOrganization, testEnv } from '../support/client.ts';
import { ORGANIZATION } from '../support/organization.ts';

beforeAll(publishTestOrganization);

/** Vectors by which only "dog" and "pet" are near. */
const VECTORS: WordVectors = {
  similarity: (a, b) => (a !== b && ['dog', 'pet'].includes(a) && ['dog', 'pet'].includes(b) ? 0.8 : 0),
  weight: () => 0.7,
};

async function portOf(user: string, memories: string[], vectors: WordVectors | null = VECTORS) {
  const home = { organization: ORGANIZATION };
  await memoryOf(testEnv, home, user).learn(
    'c1',
    memories.map((text) => ({ text, message_ids: ['m'] })),
  );
  const identity = {
    ...home,
    id: 'c2',
    user_id: user,
  } as Partial<ConversationIdentity> as ConversationIdentity;
  return memoryPort(testEnv, identity, () => Promise.resolve(vectors));
}

it('a query finds memories by its words, and by meaning where no word meets', async () => {
  const port = await portOf('meaning', ['I have an old dog', 'I work nights.']);
  expect(await port.recall(['nights', 'pets', 'holidays'])).toEqual([
    ['nights', 'I work nights.'],
    ['pets', 'I have an old dog.'],
    ['holidays', ''],
  ]);
});

it('a query finds nothing by the words "the", "to" and the like', async () => {
  const port = await portOf('common', ['I walk to the station and to my work.', 'My knee hurts.']);
  expect(await port.recall(['what is there to know about the knee', 'the', 'to and the'])).toEqual([
    ['what is there to know about the knee', 'My knee hurts.'],
    ['the', ''],
    ['to and the', ''],
  ]);
});

it('a whole message is not compared by meaning, and asks for no further memories', async () => {
  const port = await portOf('message', ['I have an old dog.']);
  const message = 'my pet ran across green fields toward seven tall trees beside another quiet village';
  expect(await port.recall([message])).toEqual([[message, '']]);
  const found = await memoryOf(testEnv, { organization: ORGANIZATION }, 'message').search(['pet'], 0);
  expect(found).toEqual({ found: [''], newest: [] });
});

it('only words count where the deployment has no word vectors', async () => {
  const port = await portOf('letters', ['I have an old dog.'], null);
  expect(await port.recall(['pets', 'dogs'])).toEqual([
    ['pets', ''],
    ['dogs', 'I have an old dog.'],
  ]);
});
