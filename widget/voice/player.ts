/** Plays an answer while it arrives, piece after piece without a gap, and tells which of its words were spoken. */
import { bytesOfBase64 } from '../api/base64.ts';
import type { Speaker } from '../chat/answer.ts';
import { prefersReducedMotion } from '../view/elements.ts';
import { Timeline, type Alignment } from './timeline.ts';
import { SAMPLE_RATE, samplesOfPcm } from './wav.ts';

/** The first piece waits this long, so that a second one that is a little late is not heard as a gap. */
const HEAD_START_SECONDS = 0.08;
const REVEAL_EVERY_MS = 60;
/** A browser that does not let the page be heard within this time will not. */
const RESUME_TIMEOUT_MS = 1_000;

/** Plays the pieces of an answer, and fillers between them. */
export class Player implements Speaker {
  #context: AudioContext | null = null;
  #timeline = new Timeline();
  #sources = new Set<AudioBufferSourceNode>();
  /** Until when on the context's clock there is something to play. */
  #end = 0;
  /** Pieces are scheduled in the order in which they came, although fillers take time to decode. */
  #scheduled: Promise<void> = Promise.resolve();
  #reveal: ReturnType<typeof setInterval> | undefined;
  #silence: (() => void) | null = null;
  #silenced: Promise<void> = Promise.resolve();

  /** To be called while a button is pressed: only then a browser lets a page be heard. */
  unlock(): void {
    this.#context ??= new AudioContext();
    void this.#context.resume();
  }

  begin(onReveal: (text: string) => void): void {
    this.unlock();
    this.#timeline = new Timeline();
    this.#end = 0;
    this.#silenced = new Promise((resolve) => {
      this.#silence = resolve;
    });
    const bySentence = prefersReducedMotion();
    clearInterval(this.#reveal);
    this.#reveal = setInterval(() => {
      onReveal(this.#timeline.textAt(this.#context?.currentTime ?? 0, bySentence));
    }, REVEAL_EVERY_MS);
  }

  add(audio: string, alignment: Alignment): void {
    this.#inOrder((context) => {
      this.#timeline.addWords(alignment);
      const samples = samplesOfPcm(bytesOfBase64(audio));
      if (samples.length === 0) return;
      const buffer = context.createBuffer(1, samples.length, SAMPLE_RATE);
      buffer.copyToChannel(samples, 0);
      this.#timeline.addAudio(this.#play(context, buffer), buffer.duration * 1_000);
    });
  }

  addFiller(audio: string): void {
    this.#inOrder(async (context) => {
      this.#play(context, await context.decodeAudioData(bytesOfBase64(audio).buffer));
    });
  }

  async finish(): Promise<void> {
    await Promise.race([this.#scheduled.then(() => this.#untilPlayed()), this.#silenced]);
    this.stop();
  }

  stop(): void {
    clearInterval(this.#reveal);
    for (const source of this.#sources) source.stop();
    this.#sources.clear();
    this.#silence?.();
    this.#silence = null;
  }

  close(): void {
    this.stop();
    void this.#context?.close();
    this.#context = null;
  }

  #inOrder(work: (context: AudioContext) => void | Promise<void>): void {
    this.#scheduled = this.#scheduled
      .then(() => (this.#context === null || this.#silence === null ? undefined : work(this.#context)))
      // A piece that cannot be played is left out; its words are shown in the end all the same.
      .catch((error: unknown) => console.warn(error));
  }

  /** Returns when it begins. */
  #play(context: AudioContext, buffer: AudioBuffer): number {
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    const begins = Math.max(context.currentTime + HEAD_START_SECONDS, this.#end);
    this.#end = begins + buffer.duration;
    this.#sources.add(source);
    source.addEventListener('ended', () => this.#sources.delete(source));
    source.start(begins);
    return begins;
  }

  async #untilPlayed(): Promise<void> {
    if (!(await this.#isAudible())) return;
    await Promise.all(
      [...this.#sources].map(
        (source) =>
          new Promise((resolve) => {
            source.addEventListener('ended', resolve);
          }),
      ),
    );
  }

  async #isAudible(): Promise<boolean> {
    const context = this.#context;
    if (context === null) return false;
    if (context.state !== 'running') {
      const tooLate = new Promise((resolve) => {
        setTimeout(resolve, RESUME_TIMEOUT_MS);
      });
      await Promise.race([context.resume(), tooLate]);
    }
    return context.state === 'running';
  }
}
