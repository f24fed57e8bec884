import { describe, expect, it } from 'vitest';
import { searchWords } from '../../../src/agent/embedded/search-words.ts';

describe('the search words of a query', () => {
  it.each<[string, string]>([
    ['What do you know about the knee?', 'knee'],
    ['the', ''],
    ['to the', ''],
    ['complaint, hurts, pain', 'complaint hurts pain'],
    ['The same as last time', 'same last time'],
    ['', ''],
  ])('are for %j the words %j', (query, words) => {
    expect(searchWords(query)).toBe(words);
  });
});
