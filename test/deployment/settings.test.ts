/** Variables become settings, and a variable that is not valid is named once by the log and always by `/readyz`. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { demoFault, demoIdentity } from '../../src/deployment/demo.ts';
import { misconfigured, reportFault } from '../../src/deployment/faults.ts';
import { modelFaults, modelSettings } from '../../src/deployment/models.ts';
import { hasVoice, speechSettings } from '../../src/deployment/speech.ts';
import {
  embeddedPaceFault,
  embeddedPaceMs,
  maintenanceSeconds,
  rateLimitsHold,
  switchFaults,
} from '../../src/deployment/switches.ts';
import { problemOf, ProviderFailure } from '../../src/provider-failure.ts';

const SERVER = {
  LLM_PROVIDER: 'openai-compatible',
  LLM_BASE_URL: 'https://model.example/v1',
  LLM_MODEL: 'm',
};

function logged() {
  const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  return () => log.mock.calls.map(([line]) => JSON.parse(String(line)) as Record<string, unknown>);
}

afterEach(() => {
  vi.restoreAllMocks();
});

const MISCONFIGURED = expect.objectContaining({
  problem: expect.objectContaining({ code: 'deployment_misconfigured' }) as object,
}) as Error;

describe('a fault', () => {
  it('is logged once for each value of its variable, and never with the value', () => {
    const lines = logged();
    const fault = { variable: 'SOME_VARIABLE', reason: 'is odd' };
    for (const value of ['swordfish', 'swordfish', 'other', 'other', undefined, undefined]) {
      expect(misconfigured(fault, value).problem.code).toBe('deployment_misconfigured');
    }
    expect(lines()).toHaveLength(3);
    expect(lines()[0]).toMatchObject({
      event: 'deployment_misconfigured',
      variable: 'SOME_VARIABLE',
      fault: 'SOME_VARIABLE is odd',
    });
    expect(JSON.stringify(lines())).not.toContain('swordfish');
  });

  it('is logged too if its variable is one of very many', () => {
    const lines = logged();
    for (let count = 0; count < 1_500; count += 1) {
      reportFault({ variable: `TOOL_MANY_${count}`, reason: 'is not set' });
      reportFault({ variable: `TOOL_MANY_${count}`, reason: 'is not set' });
    }
    expect(lines()).toHaveLength(1_500);
  });
});

describe('the settings of models', () => {
  it('are none where nothing is set', () => {
    expect(modelSettings({})).toBeNull();
    expect(modelSettings({ LLM_FIRST_TOKEN_MS: '9000' })).toBeNull();
  });

  it('have the deadlines and the window that variables name', () => {
    const variables = {
      ...SERVER,
      LLM_FIRST_TOKEN_MS: '45000',
      LLM_ANSWER_MS: '',
      LLM_CONTEXT_TOKENS: '8192',
    };
    expect(modelSettings(variables)).toMatchObject({
      provider: 'openai-compatible',
      apiKey: undefined,
      defaultModel: 'm',
      firstTokenMs: 45_000,
      idleMs: null,
      answerMs: null,
      contextTokens: 8_192,
    });
  });

  it.each(['LLM_FIRST_TOKEN_MS', 'LLM_IDLE_MS', 'LLM_ANSWER_MS', 'LLM_CONTEXT_TOKENS'] as const)(
    'are refused where %s is no number in its range, and its name is logged once',
    (variable) => {
      const lines = logged();
      for (const value of ['soon', '-1', '1.5', '1e3', '0', '9999999', ' 5000']) {
        const variables = { ...SERVER, [variable]: value };
        expect(modelFaults(variables)).toMatchObject([{ variable }]);
        expect(() => modelSettings(variables)).toThrow(MISCONFIGURED);
        expect(() => modelSettings(variables)).toThrow(MISCONFIGURED);
      }
      expect(lines()).toHaveLength(7);
      expect(new Set(lines().map((line) => line['variable']))).toEqual(new Set([variable]));
    },
  );
});

describe('the way to keep prompts', () => {
  it('is the one that the variable names, and none of another name', () => {
    expect(modelSettings(SERVER)).toMatchObject({ promptCache: null });
    for (const way of ['prompt_cache_key', 'cache_control', 'prompt_cache_breakpoint', 'none']) {
      expect(modelSettings({ ...SERVER, LLM_PROMPT_CACHE: way })).toMatchObject({ promptCache: way });
    }
    logged();
    const variables = { ...SERVER, LLM_PROMPT_CACHE: 'yes' };
    expect(modelFaults(variables)).toMatchObject([{ variable: 'LLM_PROMPT_CACHE' }]);
    expect(() => modelSettings(variables)).toThrow(MISCONFIGURED);
  });
});

describe('the settings of voice', () => {
  it('are none where nothing is set, and have a side that is switched off as null', () => {
    expect(speechSettings({})).toBeNull();
    const server = { SPEECH_PROVIDER: 'openai-compatible', SPEECH_BASE_URL: 'https://speech.example/v1//' };
    expect(speechSettings({ ...server, SPEECH_MODEL: 'off' })).toMatchObject({
      baseUrl: 'https://speech.example/v1',
      transcription: { model: null, languages: null },
      speech: null,
    });
    expect([hasVoice({}), hasVoice(server), hasVoice({ SPEECH_PROVIDER: 'typo' })]).toEqual([
      false,
      true,
      false,
    ]);
  });
});

describe('the other settings', () => {
  it('have the pace of the embedded agent', () => {
    logged();
    expect([embeddedPaceMs({}), embeddedPaceMs({ EMBEDDED_PACE_MS: '15' })]).toEqual([0, 15]);
    for (const EMBEDDED_PACE_MS of ['slow', '1001', '-1']) {
      expect(embeddedPaceFault({ EMBEDDED_PACE_MS })?.variable).toBe('EMBEDDED_PACE_MS');
      expect(() => embeddedPaceMs({ EMBEDDED_PACE_MS })).toThrow(MISCONFIGURED);
    }
  });

  it('name switches that are mistyped, which then switch nothing', () => {
    const env = { DEVELOPMENT: 'yes', WORKBENCH: 'On', RATE_LIMITS: 'of' };
    expect(switchFaults(env).map(({ variable }) => variable)).toEqual([
      'DEVELOPMENT',
      'WORKBENCH',
      'RATE_LIMITS',
    ]);
    expect(rateLimitsHold(env)).toBe(true);
    expect(switchFaults({ DEVELOPMENT: 'true', WORKBENCH: 'off', RATE_LIMITS: '' })).toEqual([]);
  });

  it('have the length of a maintenance', () => {
    const values = [undefined, '', 'false', 'true', '120', 'soon'];
    expect(
      values.map((MAINTENANCE) => maintenanceSeconds(MAINTENANCE === undefined ? {} : { MAINTENANCE })),
    ).toEqual([null, null, null, 60, 120, 60]);
  });

  it('have the identity of the demo, in development alone', () => {
    logged();
    const DEMO = JSON.stringify({ organization: 'o', user_id: 'u', service_id: 's' });
    expect(demoIdentity({ DEVELOPMENT: 'true', DEMO })).toMatchObject({ user_id: 'u' });
    expect(demoIdentity({ DEMO })).toBeNull();
    for (const wrong of ['{', '{}', 'null', '"x"']) {
      expect(demoFault({ DEMO: wrong })?.variable).toBe('DEMO');
      expect(() => demoIdentity({ DEVELOPMENT: 'true', DEMO: wrong })).toThrow(MISCONFIGURED);
    }
  });
});

describe('a failed call of a provider', () => {
  it.each([
    ['model', 'model_unavailable'],
    ['transcription', 'transcription_unavailable'],
    ['speech', 'speech_unavailable'],
  ] as const)('is for the side %s the problem %s', (side, code) => {
    for (const kind of [
      'deadline',
      'rejected',
      'rate-limited',
      'not-ready',
      'empty',
      'unusable',
      'failed',
    ] as const) {
      expect(problemOf(side, new ProviderFailure(kind)).problem.code).toBe(code);
    }
  });
});
