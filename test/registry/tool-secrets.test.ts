import { describe, expect, it } from 'vitest';
import { isToolSecretName, isToolSecretOf } from '../../src/registry/tool-secrets.ts';

describe('the name of a tool secret', () => {
  it.each(['TOOL_CLINIC__TOKEN', 'TOOL_RIVERSIDE_CLINIC__API_KEY', 'TOOL_A__B__C', 'TOOL_7__K'])(
    'may be %s',
    (name) => {
      expect(isToolSecretName(name)).toBe(true);
    },
  );

  it.each(['TOOL_TOKEN', 'TOOL___KEY', 'TOOL_A__', 'TOOL_A__B_', 'SIGNING_KEYS', 'tool_a__b', 'LLM_API_KEY'])(
    'cannot be %s',
    (name) => {
      expect(isToolSecretName(name)).toBe(false);
    },
  );

  it.each([
    ['TOOL_CLINIC__TOKEN', 'clinic', true],
    ['TOOL_RIVERSIDE_CLINIC__TOKEN', 'riverside-clinic', true],
    ['TOOL_RIVERSIDE_CLINIC__TOKEN', 'riverside', false],
    ['TOOL_A__B__KEY', 'a--b', true],
    ['TOOL_A__B__KEY', 'a', false],
    ['TOOL_A___KEY', 'a-', true],
    ['TOOL_A___KEY', 'a', false],
  ])('%s of %s: %s', (name, organization, belongs) => {
    expect(isToolSecretOf(name, organization)).toBe(belongs);
  });
});
