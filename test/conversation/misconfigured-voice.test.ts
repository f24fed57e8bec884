/** A deployment whose voice is not in order refuses what is spoken, and goes on with text. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Voice } from '../../src/conversation/turns/voice.ts';
import { speechOf } from '../../src/speech/configured.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('voice that is not in order', () => {
  it.each([
    [{ SPEECH_PROVIDER: 'openai-compatible' }],
    [{ SPEECH_PROVIDER: 'workers-ai' }],
    [{ SPEECH_PROVIDER: 'unheard-of' }],
  ])('is refused when it is asked for, and not before: %j', async (variables) => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const voice = new Voice({} as never, () => speechOf(variables));
    for (const refuse of [voice.refuseListening({} as never), voice.refuseSpeaking({} as never)]) {
      await expect(refuse).rejects.toMatchObject({ problem: { code: 'deployment_misconfigured' } });
    }
  });
});
