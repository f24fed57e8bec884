import { nearMemories } from '../agent/embedded/meaning/memory-nearness.ts';
import type { WordVectors } from '../agent/embedded/meaning/vectors.ts';
import { searchWords } from '../agent/embedded/search-words.ts';
import type { MemoryPort } from '../agent/ports.ts';
import type { Env } from '../bindings.ts';
import { askMemory } from '../memory/client.ts';
import { asSentences } from '../memory/entries.ts';
import { memoryOf } from '../objects.ts';
import { isBlank } from '../text.ts';
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
  const ask = <T>(question: (memory: ReturnType<typeof memoryOf>) => Promise<T>, without: T) =>
    askMemory(memoryOf(env, identity, identity.user_id), question, without, { conversation_id: identity.id });
  const newest = () =>
    ask<string[]>(
      async (memory) => (await memory.page(0, MAX_COMPARED)).memories.map(({ text }) => text),
      [],
    );
  const byMeaning = async (queries: readonly string[]): Promise<string[]> => {
    const vectors = await loadVectors();
    if (vectors === null) return [];
    const texts = await newest();
    return queries.map((query) => asSentences(nearMemories(query, texts, vectors)));
  };
  return {
    recall: async (queries) => {
      const found = await ask<string[] | null>((memory) => memory.recall(queries.map(searchWords)), null);
      if (found === null) return [];
      const missing = queries.filter((_query, index) => isBlank(found[index] ?? ''));
      const near = missing.length === 0 ? [] : await byMeaning(missing);
      return queries.map((query, index) => {
        const words = found[index] ?? '';
        return [query, isBlank(words) ? (near[missing.indexOf(query)] ?? '') : words];
      });
    },
  };
}
