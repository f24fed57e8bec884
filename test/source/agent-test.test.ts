/** The reasoner of `npm run agent:test -- --model`: what it needs, and what it says of a model that fails. */
import { describe, expect, it } from 'vitest';
import { loadRecorded, readJson } from '../../scripts/agent-test/load.ts';
import { reasonerFor } from '../../scripts/agent-test/reasoners.ts';
import { situation, triage } from '../agent/language-model/situations.ts';

const OPTIONS = { model: true, letters: true };

describe('the reasoner of a command with --model', () => {
  it.each([{}, { LLM_BASE_URL: '', LLM_MODEL: 'm' }, { LLM_BASE_URL: 'http://127.0.0.1:1/v1' }])(
    'needs an address and a name, and says what they are: %j',
    (settings) => {
      expect(() => reasonerFor({ models: [] }, OPTIONS, settings)).toThrow(/LLM_BASE_URL.*\/v1.*LLM_MODEL/);
    },
  );

  it('tells once why a model fails, and what to check', async () => {
    const warned: string[] = [];
    const settings = { LLM_BASE_URL: 'http://127.0.0.1:1/v1', LLM_MODEL: 'm' };
    const reasoner = reasonerFor({ models: [] }, OPTIONS, settings, (sentence) => warned.push(sentence));
    for (let time = 0; time < 2; time += 1) {
      await expect(reasoner.decide(situation(), triage, []).next([])).rejects.toThrow();
    }
    expect(warned).toEqual([
      'The model m failed: failed. Check that a server of models answers at LLM_BASE_URL.',
    ]);
  });
});

describe('a file of dialogues or of an organization', () => {
  it('is named when it cannot be read, or is no organization', async () => {
    await expect(readJson('nowhere.json')).rejects.toThrow('The file "nowhere.json" cannot be read.');
    const dialogues = 'test/dialogues/dev/pizza.json';
    await expect(loadRecorded(dialogues, 'nowhere.json')).rejects.toThrow('nowhere.json');
    await expect(loadRecorded(dialogues, 'package.json')).rejects.toThrow(/^package\.json\n/);
  });
});
