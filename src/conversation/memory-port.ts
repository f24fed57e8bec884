/** The memories of a user as the engine asks for them. */
import type { WordVectors } from '../agent/embedded/meaning/vectors.ts';
import type { MemoryPort } from '../agent/ports.ts';
import type { Env } from '../bindings.ts';
import { askMemory } from '../memory/client.ts';
import { asSentences } from '../memory/entries.ts';
import { memoryOf } from '../objects.ts';
import { isBlank } from '../text.ts';
import { embeddedAgent } from './embedded-agent.ts';
import type { ConversationIdentity } from './records.ts';
import { wordVectors } from './word-vectors.ts';

/** Number of the newest memories that are compared by meaning, where a query shares no word with any memory. */
const MAX_COMPARED = 60;

/**
 * Returns the memories of a conversation's user, as the engine asks for them: those that share words with a query, other
 * than "the" and "to", or else those near to it in meaning. A memory that fails has no answer to any query.
 */
export function memoryPort(
  env: Env,
  identity: ConversationIdentity,
  loadVectors: () => Promise<WordVectors | null> = () => wordVectors(env),
): MemoryPort {
  return {
    recall: async (queries) => {
      const { isComparable, nearMemories, searchWords } =
        embeddedAgent.module ?? (await embeddedAgent.load());
      const vectors = queries.some(isComparable) ? await loadVectors() : null;
      const answer = await askMemory(
        memoryOf(env, identity, identity.user_id),
        async (memory) => await memory.search(queries.map(searchWords), vectors === null ? 0 : MAX_COMPARED),
        null,
        { conversation_id: identity.id },
      );
      if (answer === null) return [];
      const { found, newest } = answer;
      const near = (query: string) =>
        vectors === null || !isComparable(query) ? '' : asSentences(nearMemories(query, newest, vectors));
      return queries.map((query, index) => {
        const words = found[index] ?? '';
        return [query, isBlank(words) ? near(query) : words];
      });
    },
  };
}
