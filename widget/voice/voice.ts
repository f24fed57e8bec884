/** Voice for a chat: push to talk, and playing what was recorded before. */
import type { ConversationApi } from '../api/client.ts';
import type { ChatView } from '../view/chat-view.ts';
import type { PlayButton } from '../view/message.ts';
import type { Words } from '../words/words.ts';
import type { Player } from './player.ts';
import { Recording, RecordingError } from './recorder.ts';

/** The parts that push to talk depends on. */
export interface VoiceParts {
  view: ChatView;
  words: Words;
  player: Player;
  signal: AbortSignal;
  send: (recording: Blob) => void;
}

/** Records while the button says so, and sends the recording. */
export class PushToTalk {
  readonly #parts: VoiceParts;
  /** A promise from when the button is pressed: the visitor may let go while the browser still asks. */
  #recording: Promise<Recording> | null = null;

  constructor(parts: VoiceParts) {
    this.#parts = parts;
    parts.signal.addEventListener('abort', () => this.#end(false));
    parts.view.talkButton.connect({ begin: () => this.#begin(), end: (keep) => this.#end(keep) });
  }

  #begin(): void {
    const { view, player } = this.#parts;
    // Who talks is not talked over.
    player.stop();
    player.unlock();
    view.notice.clear();
    view.talkButton.setRecording(true);
    const recording = Recording.begin(() => this.#end(true));
    this.#recording = recording;
    recording.catch((error: unknown) => this.#fail(error));
  }

  #end(keep: boolean): void {
    const recording = this.#recording;
    this.#recording = null;
    this.#parts.view.talkButton.setRecording(false);
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
    const { view, words, signal } = this.#parts;
    if (signal.aborted) return;
    this.#recording = null;
    view.talkButton.setRecording(false);
    const reason = error instanceof RecordingError ? error.reason : 'fault';
    view.notice.show({ words: () => words[reason], remedy: 'none' });
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

  /** Plays, or stops what plays. Throws when there is no such recording or it cannot be played. */
  async toggle(
    api: ConversationApi,
    conversation: string,
    message: string,
    button: PlayButton,
  ): Promise<void> {
    const isPlaying = this.#button === button;
    this.#stop();
    if (isPlaying) return;
    this.#button = button;
    button.setPlaying(true);
    try {
      this.#audio.src = await api.recordingUrl(conversation, message);
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
