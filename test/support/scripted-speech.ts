/**
 * Speech whose sound is its text: a sample is a character. What is spoken can be read, and what a recording says is
 * written in it. `[unheard]`, `[deaf]`, `[refused code]` and the word MUTE make it fail, `[endless]` makes it hang.
 */
import { problem, type ProblemCode } from '../../src/problems.ts';
import type { Recording, Speech } from '../../src/speech/ports.ts';
import { wavOf } from '../../src/speech/wav.ts';

/** Samples for each character that is spoken: 20 ms. */
export const SAMPLES_PER_CHARACTER = 320;

/** The languages that the scripted providers know. */
const LANGUAGES = new Set(['eng', 'spa']);

/** Last arguments of the transcriber besides the recording. */
export const heard: { language: string; keyterms: readonly string[]; content_type: string }[] = [];

function hang(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(problem('transcription_unavailable', 'It was given up.')));
  return promise;
}

/** Number that is added to a character in a recording, so that it is not silent. */
const LOUDNESS = 0x10_00;
/** A recording that is shorter holds no word: 50 ms. */
const MIN_SAMPLES = 800;

/** A recording that says a text, as WAV: each sample is a character, below and above zero in turn. */
export function recordingOf(text: string): Uint8Array<ArrayBuffer> {
  const samples = new Int16Array(text === '' ? 0 : Math.max(text.length, MIN_SAMPLES));
  for (let index = 0; index < text.length; index += 1) {
    samples[index] = (index % 2 === 0 ? 1 : -1) * (LOUDNESS + text.charCodeAt(index));
  }
  return wavOf(samples);
}

function textOf({ bytes, content_type }: Recording): string {
  if (content_type !== 'audio/wav') return `something in ${content_type}`;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const characters: string[] = [];
  for (let at = 44; at + 1 < bytes.byteLength; at += 2) {
    const sample = Math.abs(view.getInt16(at, true));
    if (sample !== 0) characters.push(String.fromCharCode(sample - LOUDNESS));
  }
  return characters.join('');
}

export function scriptedSpeech(): Speech {
  return {
    transcriber: {
      understands: (language) => LANGUAGES.has(language),
      transcribe: async (recording, { language, keyterms, signal }) => {
        heard.push({ language, keyterms, content_type: recording.content_type });
        const text = textOf(recording);
        if (text.includes('[unheard]')) return ' ';
        if (text.includes('[deaf]')) throw problem('transcription_unavailable', 'Nobody listened.');
        const refused = /\[refused (\w+)\]/.exec(text)?.[1];
        if (refused !== undefined) throw problem(refused as ProblemCode, 'It was refused.');
        if (text.includes('[endless]')) await hang(signal);
        return text;
      },
    },
    synthesizer: {
      speaks: (language) => language === 'eng',
      speak: async (text) => {
        if (text.includes('MUTE')) throw problem('speech_unavailable', 'Nobody spoke.');
        const samples = new Int16Array(text.length * SAMPLES_PER_CHARACTER);
        for (let index = 0; index < samples.length; index += 1) {
          samples[index] = 1000 + text.charCodeAt(Math.floor(index / SAMPLES_PER_CHARACTER));
        }
        return samples;
      },
    },
  };
}
