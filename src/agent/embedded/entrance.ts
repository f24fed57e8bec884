/** What a conversation uses of the embedded agent, in one module: it is loaded when it is first needed. */
export { embeddedReasoner } from './embedded.ts';
export { isComparable, nearMemories } from './meaning/memory-nearness.ts';
export { readVectors } from './meaning/vectors.ts';
export { searchWords } from './search-words.ts';
