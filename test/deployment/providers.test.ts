/** Half a configuration of a provider is named by the variable that is missing. */
import { describe, expect, it } from 'vitest';
import {
  languageModelFault,
  speechFault,
  type LanguageModelVariables,
  type SpeechProviderVariables,
} from '../../src/deployment/providers.ts';

const AI = {} as Ai;
const SERVER = {
  LLM_PROVIDER: 'openai-compatible',
  LLM_BASE_URL: 'https://model.example/v1',
  LLM_MODEL: 'm',
};
const VOICE = { SPEECH_PROVIDER: 'openai-compatible', SPEECH_BASE_URL: 'http://localhost:8790/v1' };

describe('the language model', () => {
  it.each<[LanguageModelVariables]>([
    [{}],
    [{ LLM_PROVIDER: '', LLM_MODEL: '' }],
    [SERVER],
    [{ ...SERVER, LLM_API_KEY: 'k' }],
    [{ LLM_PROVIDER: 'workers-ai', LLM_MODEL: 'm', AI }],
  ])('is in order with %j', (env) => {
    expect(languageModelFault(env)).toBeNull();
  });

  it.each<[string, LanguageModelVariables]>([
    ['LLM_PROVIDER', { LLM_BASE_URL: 'https://model.example/v1' }],
    ['LLM_PROVIDER', { LLM_API_KEY: 'k' }],
    ['LLM_PROVIDER', { LLM_MODEL: 'm' }],
    ['LLM_PROVIDER', { ...SERVER, LLM_PROVIDER: 'OpenAI' }],
    ['LLM_BASE_URL', { LLM_PROVIDER: 'openai-compatible', LLM_MODEL: 'm' }],
    ['LLM_BASE_URL', { ...SERVER, LLM_BASE_URL: '' }],
    ['LLM_BASE_URL', { ...SERVER, LLM_BASE_URL: 'model.example/v1' }],
    ['LLM_BASE_URL', { ...SERVER, LLM_BASE_URL: 'ftp://model.example' }],
    ['LLM_MODEL', { ...SERVER, LLM_MODEL: '' }],
    ['LLM_MODEL', { LLM_PROVIDER: 'workers-ai', AI }],
    ['AI', { LLM_PROVIDER: 'workers-ai', LLM_MODEL: 'm' }],
  ])('lacks %s with %j', (variable, env) => {
    expect(languageModelFault(env)?.variable).toBe(variable);
  });
});

describe('voice', () => {
  it.each<[SpeechProviderVariables]>([[{}], [VOICE], [{ SPEECH_PROVIDER: 'workers-ai', AI }]])(
    'is in order with %j',
    (env) => {
      expect(speechFault(env)).toBeNull();
    },
  );

  it.each<[string, SpeechProviderVariables]>([
    ['SPEECH_PROVIDER', { SPEECH_BASE_URL: 'https://speech.example/v1' }],
    ['SPEECH_PROVIDER', { SPEECH_API_KEY: 'k' }],
    ['SPEECH_PROVIDER', { ...VOICE, SPEECH_PROVIDER: 'unknown' }],
    ['SPEECH_BASE_URL', { SPEECH_PROVIDER: 'openai-compatible' }],
    ['SPEECH_BASE_URL', { ...VOICE, SPEECH_BASE_URL: 'speech.example' }],
    ['AI', { SPEECH_PROVIDER: 'workers-ai' }],
  ])('lacks %s with %j', (variable, env) => {
    expect(speechFault(env)?.variable).toBe(variable);
  });
});
