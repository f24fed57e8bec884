import { describe, expect, it } from 'vitest';
import { memoryQueriesOf } from '../../../src/agent/language-model/memory-queries.ts';
import { situation } from './situations.ts';

const queries = (text: string, by: 'user' | 'event' = 'user') =>
  memoryQueriesOf(situation({ input: [{ by, text }] }));

describe('the check of memory', () => {
  it.each([
    ['English', 'I moved to Bern last year'],
    ['German', 'Ich bin nach Bern gezogen'],
    ['Chinese, without spaces', '我去年搬到了伯尔尼'],
    ['Japanese', '去年ベルンに引っ越しました'],
    ['Thai', 'ปีที่แล้วฉันย้ายไปเบิร์น'],
    ['Arabic', 'انتقلت إلى برن العام الماضي'],
    ['Hindi', 'मैं पिछले साल बर्न चला गया'],
    ['a question of one word', 'Really?'],
    ['a question in Arabic', 'متى؟'],
    ['a question of full width', '何時？'],
  ])('looks up a message in %s', (_language, text) => {
    expect(queries(text)).toEqual([text]);
  });

  it.each(['Friday', 'OK', '金曜日', '…', '👍', ''])('does not look up %j', (text) => {
    expect(queries(text)).toEqual([]);
  });

  it('looks up what the user says and no event', () => {
    expect(queries('The user has opened the page again', 'event')).toEqual([]);
  });

  it('looks up the begin of a long message', () => {
    const [query = ''] = queries('word '.repeat(1000));
    expect(query.length).toBeLessThanOrEqual(200);
  });
});
