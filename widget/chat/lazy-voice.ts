/** The voice of a chat: a part of the widget that is loaded when the site offers it, or a recording is played. */
import { loadPart } from '../parts.ts';
import type { ChatView } from '../view/chat-view.ts';
import type { PlayButton } from '../view/message.ts';
import type * as VoicePart from '../voice/voice.ts';
import type { Language } from '../words/language.ts';
import type { Speaker } from './answer.ts';

/** The chat that a voice belongs to. */
export interface VoiceOwner {
  view: () => ChatView;
  language: Language;
  signal: AbortSignal;
  /** Sends a recording. */
  send: (recording: Blob) => void;
  /** Returns the address of the recording behind a message, by default of the present conversation. */
  recordingUrl: (message: string, conversation?: string) => Promise<string>;
}

/** Speaks and records by a part that is loaded when it is needed. Silent before. */
export class LazyVoice implements Speaker {
  readonly #owner: VoiceOwner;
  #voice: VoicePart.Voice | null = null;
  #loading: Promise<VoicePart.Voice> | null = null;

  constructor(owner: VoiceOwner) {
    this.#owner = owner;
  }

  /** Shows the button to talk as soon as it is there. */
  offer(): void {
    const { view, signal } = this.#owner;
    const show = (voice: VoicePart.Voice) => {
      if (!signal.aborted) view().addTalkButton(voice.talkButton);
    };
    // Without the button one can write as well.
    this.#load().then(show, console.error);
  }

  /** Plays the recording behind a stored message, or stops it. Rejects when it cannot be played. */
  async toggle(message: string, button: PlayButton, conversation?: string): Promise<void> {
    const { playback } = await this.#load();
    await playback.toggle(() => this.#owner.recordingUrl(message, conversation), button);
  }

  begin(onReveal: (text: string) => void): void {
    this.#voice?.player.begin(onReveal);
  }

  add(audio: string, alignment: readonly (readonly [number, string])[]): void {
    this.#voice?.player.add(audio, alignment);
  }

  addFiller(audio: string): void {
    this.#voice?.player.addFiller(audio);
  }

  async finish(): Promise<void> {
    await this.#voice?.player.finish();
  }

  stop(): void {
    this.#voice?.player.stop();
  }

  #load(): Promise<VoicePart.Voice> {
    const asked = (this.#loading ??= this.#begin());
    asked.catch(() => {
      this.#loading = null;
    });
    return asked;
  }

  async #begin(): Promise<VoicePart.Voice> {
    const part = (await loadPart('voice')) as typeof VoicePart;
    const { view, language, signal, send } = this.#owner;
    this.#voice = new part.Voice({ view: view(), language, signal, send });
    return this.#voice;
  }
}
