import { readWav, wavOf } from '../../speech/wav.ts';
import type { MessageRecord } from '../records.ts';
import type { Recordings } from '../recordings.ts';
import { heardSpeech, heardText, type Heard } from './stop.ts';
import { deltasOf, timesOf } from './told.ts';

/** A message that was cut to what reached the user. */
export interface CutMessage extends MessageRecord {
  stopped: 'user';
  /** The number of samples of its recording that are left; null for a written message. */
  samples: number | null;
}

/** Cuts stored messages, and their recordings. */
export class Truncation {
  readonly #recordings: Recordings;

  constructor(recordings: Recordings) {
    this.#recordings = recordings;
  }

  /** Returns a message cut to what reached the user; null when all of it did. */
  cut(message: MessageRecord, heard: Heard): CutMessage | null {
    const { text, alignment, format } = message;
    if (format === 'voice' && alignment !== null) {
      // The length of the sound is not known here: it is longer than the time of the last character.
      const spoken = { text, samples: Number.MAX_SAFE_INTEGER, times: timesOf(alignment) };
      const kept = heardSpeech(spoken, heard);
      if (kept.text.length === text.length) return null;
      const times = timesOf(alignment).slice(0, kept.characters);
      return {
        ...message,
        text: kept.text,
        alignment: deltasOf(times),
        stopped: 'user',
        samples: kept.samples,
      };
    }
    const kept = heardText(text, heard);
    if (kept.length === text.length) return null;
    return { ...message, text: kept, stopped: 'user', samples: null };
  }

  /** Cuts the recording of a message, after its text was: a crash in between leaves sound without a text. */
  async cutRecording({ sequence, samples }: CutMessage): Promise<void> {
    const recording = samples === null ? null : this.#recordings.of(sequence);
    if (recording === null || samples === null) return;
    const whole = readWav(await this.#recordings.read(recording.key));
    await this.#recordings.store(
      recording.key,
      wavOf(whole.samples.slice(0, samples)),
      recording.content_type,
    );
  }
}
