/** Voice for a chat: push to talk, and playing what was recorded before. */
import type { ChatView } from '../view/chat-view.ts';
import type { PlayButton } from '../view/message.ts';
import { TalkButton } from '../view/talk-button.ts';
import type { Language } from '../words/language.ts';
import { Player } from './player.ts';
import { Recording, RecordingError } from './recorder.ts';

/** The parts that push to talk depends on. */
export interface VoiceParts {
  view: ChatView;
  language: Language;
  signal: AbortSignal;
  send: (recording: Blob) => void;
}

/** All of the voice of a chat: what speaks, what plays recordings, and the button to talk. */
export class Voice {
  readonly player = new Player();
  readonly playback: Playback;
  readonly talkButton: TalkButton;

  constructor(parts: VoiceParts) {
    const { language, signal } = parts;
    this.playback = new Playback(signal);
    this.talkButton = new TalkButton(language);
    signal.addEventListener('abort', () => this.player.close());
    void new PushToTalk(parts, this.player, this.talkButton);
  }
}

/** Records while the button says so, and sends the recording. */
export class PushToTalk {
  readonly #parts: VoiceParts;
  readonly #player: Player;
  readonly #button: TalkButton;
  /** A promise from when the button is pressed: the visitor may let go while the browser still asks. */
  #recording: Promise<Recording> | null = null;

  constructor(parts: VoiceParts, player: Player, button: TalkButton) {
    this.#parts = parts;
    this.#player = player;
    this.#button = button;
    parts.signal.addEventListener('abort', () => this.#end(false));
    button.connect({ begin: () => this.#begin(), end: (keep) => this.#end(keep) });
  }

  #begin(): void {
    // Who talks is not talked over.
    this.#player.stop();
    this.#player.unlock();
    this.#parts.view.notice.clear();
    this.#button.setRecording(true);
    const recording = Recording.begin(() => this.#end(true));
    this.#recording = recording;
    recording.catch((error: unknown) => this.#fail(error));
  }

  #end(keep: boolean): void {
    const recording = this.#recording;
    this.#recording = null;
    this.#button.setRecording(false);
    // Why a recording did not begin was told when it did not.
    if (recording !== null)
      void recording.then(
        (begun) => this.#take(begun, keep),
        () => undefined,
      );
  }

  async #take(recording: Recording, keep: boolean): Promise<void> {
    if (!keep) {
      recording.cancel();
      return;
    }
    try {
      this.#parts.send(await recording.end());
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    const { view, language, signal } = this.#parts;
    if (signal.aborted) return;
    this.#recording = null;
    this.#button.setRecording(false);
    const reason = error instanceof RecordingError ? error.reason : 'fault';
    view.notice.show({ words: () => language.words[reason], remedy: 'none' });
  }
}

/** Plays the recording behind a stored message, one at a time. */
export class Playback {
  readonly #audio = new Audio();
  #button: PlayButton | null = null;

  constructor(signal: AbortSignal) {
    this.#audio.addEventListener('ended', () => this.#stop());
    signal.addEventListener('abort', () => this.#stop());
  }

  /** Plays the recording at `url`, or stops what plays. Throws when there is none or it cannot be played. */
  async toggle(url: () => Promise<string>, button: PlayButton): Promise<void> {
    const isPlaying = this.#button === button;
    this.#stop();
    if (isPlaying) return;
    this.#button = button;
    button.setPlaying(true);
    try {
      this.#audio.src = await url();
      await this.#audio.play();
    } catch (error) {
      // Another message was chosen meanwhile: that is no failure.
      if (this.#button !== button) return;
      this.#stop();
      throw error;
    }
  }

  #stop(): void {
    this.#audio.pause();
    this.#button?.setPlaying(false);
    this.#button = null;
  }
}
