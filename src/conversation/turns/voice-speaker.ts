import { untilAborted } from '../../deadline.ts';
import { problem } from '../../problems.ts';
import { alignByDuration, durationMs, type AlignedCharacter } from '../../speech/alignment.ts';
import { speakable, SpokenMarkdown } from '../../speech/markdown.ts';
import { SAMPLE_RATE } from '../../speech/ports.ts';
import { Sentences } from '../../speech/sentences.ts';
import { wavOf } from '../../speech/wav.ts';
import type { StoredRecording } from '../recording-table.ts';
import type { Filler, MessagePieces, Speaker, SpokenAnswer } from './speaker.ts';
import type { MessageStamp } from './message-stamps.ts';
import { heardSpeech, type Heard } from './stop.ts';
import { deltasOf } from './told.ts';

/** Half a second of audio in one event: soon heard, and few enough events. */
const PIECE_SAMPLES = SAMPLE_RATE / 2;
/** Sentences that are made at the same time: while one is heard the next is made, and providers limit the rest. */
const MAX_AT_ONCE = 2;
/** A spoken answer is held whole until it is stored: ten minutes are 19 MB of an isolate's 128. */
export const MAX_SPOKEN_SAMPLES = 10 * 60 * SAMPLE_RATE;

type Samples = Int16Array<ArrayBuffer>;

/** A part of the message that is spoken in one go. `words` is what is said of it: empty where it has no words. */
interface Sentence {
  text: string;
  words: string;
}

/** The parts that a speaker needs. */
export interface SpeakerParts {
  /** Text to samples. */
  speak: (text: string) => Promise<Samples>;
  /** Ends the message where it is. */
  stop: AbortSignal;
  /** Stores the whole answer as WAV. */
  keep: (wav: Uint8Array<ArrayBuffer>) => Promise<StoredRecording>;
}

/**
 * Speaks the text sentence by sentence while it is still being written. Sentences are made side by side and sent in
 * their order, in pieces that tell when each character is heard.
 */
export class VoiceSpeaker implements Speaker {
  readonly #pieces: MessagePieces;
  readonly #parts: SpeakerParts;
  readonly #sentences = new Sentences();
  readonly #markdown = new SpokenMarkdown();
  readonly #spoken: Samples[] = [];
  #samples = 0;
  /** True once the last piece was sent. */
  #hasEnded = false;
  /** Characters that have no sound of their own, until a piece takes them along. */
  #silent: AlignedCharacter[] = [];
  /** The last sentences that are being made. */
  readonly #making: Promise<Samples>[] = [];
  #sent: Promise<void> = Promise.resolve();

  constructor(pieces: MessagePieces, parts: SpeakerParts) {
    this.#pieces = pieces;
    this.#parts = parts;
  }

  stamp(): MessageStamp {
    return this.#pieces.stamp();
  }

  say(text: string, final: boolean): void {
    this.stamp();
    if (this.#parts.stop.aborted) {
      this.#then(() => this.#end());
      return;
    }
    const sentences = this.#sentences
      .push(text, final)
      .map((sentence): Sentence => ({ text: sentence, words: this.#markdown.words(sentence) }));
    const last = final ? soundsLast(sentences) : null;
    for (const sentence of sentences) this.#begin(sentence, false);
    if (last !== null) this.#begin(last, true);
  }

  /** A filler that is ready only when the answer has begun is not said any more; one that cannot be said is shown. */
  sayMeanwhile(action: Filler): void {
    void this.#parts.speak(speakable(action.filler) || action.filler).then(
      (samples) => this.#pieces.fill(action, { ...action, filler: wavOf(samples).toBase64() }),
      () => this.#pieces.fill(action),
    );
  }

  async finish(stopped: () => { heard: Heard } | null): Promise<SpokenAnswer> {
    await this.#sent;
    const stop = stopped();
    const { text, times } = this.#pieces;
    const sent = { text, samples: this.#samples, times };
    const kept = stop === null ? null : heardSpeech(sent, stop.heard);
    const recording = await this.#parts.keep(wavOf(this.#whole().subarray(0, kept?.samples)));
    const alignment = deltasOf(kept === null ? times : times.slice(0, kept.characters));
    return { recording, text: kept?.text ?? null, alignment };
  }

  #whole(): Samples {
    const whole = new Int16Array(this.#samples);
    let offset = 0;
    for (const samples of this.#spoken) {
      whole.set(samples, offset);
      offset += samples.length;
    }
    return whole;
  }

  /** Ends the message where it is: what was not sent yet is dropped, and an empty piece is the last one. */
  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#pieces.sound(new Int16Array(), [], true);
  }

  /** Has a sentence made, as soon as there is room, and sent, when those before it are. */
  #begin(sentence: Sentence, stop: boolean): void {
    const { text, words } = sentence;
    if (words === '') {
      this.#then(() => this.#skip(text, stop));
      return;
    }
    const earlier = this.#making.at(-MAX_AT_ONCE) ?? Promise.resolve();
    const made = earlier.then(() => this.#parts.speak(words));
    this.#making.push(made);
    this.#then(async () => this.#send(sentence, await made, stop));
    // `finish` throws the failure.
    made.catch(() => undefined);
  }

  #then(step: () => void | Promise<void>): void {
    const { stop } = this.#parts;
    this.#sent = this.#sent
      .then(() => (stop.aborted ? this.#end() : untilAborted(Promise.resolve(step()), stop)))
      .catch((error: unknown) => {
        if (!stop.aborted) throw error;
        this.#end();
      });
    this.#sent.catch(() => undefined);
  }

  /** Passes over a text without words: it has no audio. Its characters go with the next piece; an end without words is a piece. */
  #skip(text: string, stop: boolean): void {
    const at = Math.floor(durationMs(this.#samples));
    this.#silent.push(...Array.from(text, (character): AlignedCharacter => [at, character]));
    if (!stop) return;
    this.#hasEnded = true;
    this.#pieces.sound(new Int16Array(), this.#silent, true);
  }

  #send({ text, words }: Sentence, samples: Samples, stop: boolean): void {
    if (this.#samples + samples.length > MAX_SPOKEN_SAMPLES) {
      throw problem('speech_unavailable', 'The answer is too long to be spoken.');
    }
    const spoken = alignByDuration(text, samples, durationMs(this.#samples), words);
    const alignment = [...this.#silent, ...spoken];
    this.#silent = [];
    this.#spoken.push(samples);
    let next = 0;
    for (let from = 0; from < samples.length; from += PIECE_SAMPLES) {
      const piece = samples.subarray(from, from + PIECE_SAMPLES);
      this.#samples += piece.length;
      const until = durationMs(this.#samples);
      const first = next;
      while (next < alignment.length && (alignment[next]?.[0] ?? 0) < until) next += 1;
      const isLast = stop && from + PIECE_SAMPLES >= samples.length;
      this.#hasEnded ||= isLast;
      this.#pieces.sound(piece, alignment.slice(first, next), isLast);
    }
    this.#silent = alignment.slice(next);
    if (stop && samples.length === 0) this.#skip('', true);
  }
}

/** Takes the last sentence that is heard out of the list, together with what has no words behind it. */
function soundsLast(sentences: Sentence[]): Sentence {
  const at = Math.max(
    sentences.findLastIndex(({ words }) => words !== ''),
    0,
  );
  const [first, ...behind] = sentences.splice(at);
  return {
    text: [first, ...behind].map((sentence) => sentence?.text ?? '').join(''),
    words: first?.words ?? '',
  };
}
