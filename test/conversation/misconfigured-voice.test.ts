/** A deployment whose voice is not in order refuses what is spoken, and goes on with text. */
import { runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { DEFAULT_ROLES } from '../../src/access/default-roles.ts';
import { grantsFor } from '../../src/access/permissions.ts';
import { Conversation } from '../../src/conversation/conversation.ts';
import { Voice } from '../../src/conversation/turns/voice.ts';
import { speechOf } from '../../src/speech/configured.ts';
import { conversationObject, newUser, publishTestOrganization, testEnv } from '../support/client.ts';
import { ORGANIZATION } from '../support/organization.ts';
import { scriptedSpeech } from '../support/scripted-speech.ts';

beforeAll(publishTestOrganization);

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
    const voice = new Voice(
      {} as never,
      () => speechOf(variables),
      () => undefined,
    );
    for (const refuse of [voice.refuseListening({} as never), voice.refuseSpeaking({} as never)]) {
      await expect(refuse).rejects.toMatchObject({ problem: { code: 'deployment_misconfigured' } });
    }
  });
});

describe('recordings of an organization with a jurisdiction', () => {
  /** Asks a conversation in a jurisdiction for the place of a recording. Returns the code of the refusal, or null. */
  async function expected(more: Partial<Record<string, unknown>>): Promise<[string | null, number]> {
    const user = await newUser();
    const { id } = await user.begin();
    return runInDurableObject(conversationObject(id), async (_instance, state) => {
      const { sql } = state.storage;
      const { identity } = sql.exec<{ identity: string }>('SELECT identity FROM conversation').one();
      const moved = { ...(JSON.parse(identity) as object), jurisdiction: 'eu' };
      sql.exec('UPDATE conversation SET identity = ?', JSON.stringify(moved));
      const env = { ...testEnv, JURISDICTIONS: 'on', ...more };
      const conversation = new Conversation(state, env, { speech: scriptedSpeech() });
      const self = { user_id: user.userId, org_id: ORGANIZATION };
      const grants = grantsFor(DEFAULT_ROLES.DefaultUserRole ?? [], self);
      const caller = { request_id: 'r', organization: ORGANIZATION, user_id: user.userId, grants };
      const outcome = await conversation.expectRecording(caller);
      // The table is made with the first recording.
      const tables = sql.exec(`SELECT 1 FROM sqlite_master WHERE name = 'pending_recordings'`).toArray();
      const pending = tables.length === 0 ? 0 : sql.exec('SELECT 1 FROM pending_recordings').toArray().length;
      return [outcome.ok ? null : outcome.problem.code, pending];
    });
  }

  it('are refused where its bucket is not bound, and nothing is noted of them', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    expect(await expected({})).toEqual(['deployment_misconfigured', 0]);
    expect(log.mock.calls.join()).toContain('AUDIO_EU');
  });

  it('have a place where its bucket is bound', async () => {
    expect(await expected({ AUDIO_EU: testEnv.AUDIO })).toEqual([null, 1]);
  });
});
