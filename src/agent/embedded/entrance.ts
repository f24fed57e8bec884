/** Entrance to the embedded agent for conversations, which load it when they first need it. */
export { embeddedReasoner } from './embedded.ts';
export { isComparable, nearMemories } from './meaning/memory-nearness.ts';
export { readVectors } from './meaning/vectors.ts';
export { searchWords } from './search-words.ts';
