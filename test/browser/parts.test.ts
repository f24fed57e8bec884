/** The widget's decisions that need no browser. */
import { describe, expect, it } from 'vitest';
import { AgentAction } from '../../src/events/agent-actions.ts';
import type { StoredMessage } from '../../widget/api/client.ts';
import { renewalTime } from '../../widget/api/session.ts';
import { wasStored } from '../../widget/chat/arrival.ts';
import { Timeline } from '../../widget/voice/timeline.ts';
import { encodeWav, samplesOfPcm } from '../../widget/voice/wav.ts';
import { describeAction } from '../../widget/words/activity.ts';
import { languageOf } from '../../widget/words/words.ts';

function stored(interaction: string, message: string, more: Partial<StoredMessage> = {}): StoredMessage {
  return {
    ...{
      id: `${interaction}-${message}`,
      interaction_id: interaction,
      created_at: '',
      sender: 'Maya',
      message,
    },
    ...{ format: 'text', message_type: 'user-message', ...more },
  };
}

describe('whether a message was stored', () => {
  const messages = [stored('1', 'yes'), stored('2', 'no'), stored('3', 'spoken', { format: 'voice' })];

  it.each([
    ['the same words, said before', 'yes', '1', false],
    ['its words, said since', 'no', '1', true],
    ['its words, in a conversation that was not known', 'yes', null, true],
    ['words that nobody said', 'perhaps', null, false],
    ['its words, where the interaction known is too old to be listed', 'no', '0', true],
  ])('%s', (_name, text, after, expected) => {
    expect(wasStored({ text, recording: null, after }, messages)).toBe(expected);
  });

  it('takes any recording since for one whose words are not known', () => {
    const recording = new Blob();
    expect(wasStored({ text: 'Voice message', recording, after: '2' }, messages)).toBe(true);
    expect(wasStored({ text: 'Voice message', recording, after: '3' }, messages)).toBe(false);
  });

  it('does not take the agent for the user', () => {
    const agent = stored('4', 'yes', { message_type: 'agent-message' });
    expect(wasStored({ text: 'yes', recording: null, after: '3' }, [...messages, agent])).toBe(false);
  });
});

describe('renewing a token', () => {
  it.each([
    ['an hour', 60, 55],
    ['ten minutes', 10, 8],
    ['a minute', 1, 0.8],
  ])('that lives %s', (_name, minutes, expected) => {
    expect(renewalTime(0, minutes * 60_000)).toBe(expected * 60_000);
  });
});

describe('the words of a spoken answer', () => {
  function timeline(): Timeline {
    const made = new Timeline();
    made.addWords(Array.from('Hi there. Bye now.', (character, index) => [index * 100, character] as const));
    made.addAudio(10, 900);
    // The second piece came late: half a second of silence.
    made.addAudio(11.4, 900);
    return made;
  }

  it.each([
    ['before it begins', 9.9, '', ''],
    ['at its first character', 10, 'H', 'Hi there. '],
    ['in the silence between two pieces', 11.2, 'Hi there. ', 'Hi there. '],
    ['in the second piece', 11.75, 'Hi there. Bye', 'Hi there. Bye now.'],
    ['at the end', 20, 'Hi there. Bye now.', 'Hi there. Bye now.'],
  ])('%s', (_name, now, letters, sentences) => {
    expect([timeline().textAt(now, false), timeline().textAt(now, true)]).toEqual([letters, sentences]);
  });
});

describe('sound', () => {
  it('survives the way into a WAV file and back, and is clipped, not wrapped', () => {
    const file = new Uint8Array(encodeWav(Float32Array.from([0, 0.5, -0.5, 1, -1, 3])));
    expect(new TextDecoder().decode(file.subarray(0, 4))).toBe('RIFF');
    const samples = [...samplesOfPcm(file.slice(44))].map((sample) => Math.round(sample * 1_000) / 1_000);
    expect(samples).toEqual([0, 0.5, -0.5, 1, -1, 1]);
  });
});

describe('words', () => {
  const { words } = languageOf('en-GB');

  it('say of every action what it is, but for pieces of the answer', () => {
    const types = AgentAction.options.map((option) => option.shape.type.value);
    expect(types.length).toBeGreaterThan(20);
    const silent = types.filter((type) => {
      const action = { type, filler: 'One moment.' } as unknown as AgentAction;
      return describeAction(action, words, false) === null;
    });
    expect(silent).toEqual(['engage-user-message-fragment-generated']);
  });

  it('are English where nothing better is known, and know their direction', () => {
    expect(['de-AT', 'AR', 'xx', '', 'constructor'].map((tag) => languageOf(tag).tag)).toEqual([
      'de',
      'ar',
      'en',
      'en',
      'en',
    ]);
    expect(languageOf('ar').direction).toBe('rtl');
  });
});
