/** An answer on its way: its events become what is shown and heard. */
import { withPlainBreaks, type AnswerEvent } from '../api/client.ts';
import type { ChatView } from '../view/chat-view.ts';
import type { Message } from '../view/message.ts';
import { describeAction } from '../words/activity.ts';
import type { Words } from '../words/words.ts';
import type { KeptAnswer } from './kept-answers.ts';

/** The event of an answer that is stored. */
export type Completion = Extract<AnswerEvent, { type: 'interaction-complete' }>;

/** Speaks an answer. The words are shown as they are spoken. */
export interface Speaker {
  begin(onReveal: (text: string) => void): void;
  /** A piece of the message: PCM in base64, and when each of its characters is spoken. */
  add(audio: string, alignment: readonly (readonly [number, string])[]): void;
  /** Something said while the answer takes long: a WAV file in base64. */
  addFiller(audio: string): void;
  /** Resolves when everything was spoken, or the speaker was silenced. */
  finish(): Promise<void>;
  stop(): void;
}

/** The parts that an answer is shown and spoken by. */
export interface AnswerParts {
  view: ChatView;
  words: Words;
  /** The message that is being answered; `null` when the agent began, or another window. */
  question: Message | null;
  /** The key of that message; empty without one. */
  key: string;
  /** The beginning of the answer, as an earlier page has shown it; `null`: all of it is shown. */
  kept: KeptAnswer | null;
  /** The speaker of the answer; `null` for one that is read. */
  speaker: Speaker | null;
  /** Tells whether the site shows the agent's actions. Fillers are shown in any case. */
  showsActions: () => boolean;
  /** The turn has begun. Returns whether it is to be shown: it may be known already. */
  onBegin: (event: AnswerEvent) => boolean;
  /** The turn is stored. Told before the last of it was heard. */
  onComplete: (completion: Completion) => void;
}

/** Shows one answer, by the events of as many streams as it takes to get to its end. */
export class Answer {
  readonly #parts: AnswerParts;
  #question: Message | null;
  #text: string;
  #steps: string[];
  /** The last event that is shown; `null` before the first. */
  #shown: { interaction: string; cursor: number } | null;

  constructor(parts: AnswerParts) {
    const { kept, question, view } = parts;
    this.#parts = parts;
    this.#question = question;
    this.#text = kept?.text ?? '';
    this.#steps = kept?.steps ?? [];
    this.#shown = kept;
    const asked = kept?.question ?? null;
    if (asked === null) return;
    this.#question ??= view.transcript.addUserMessage(asked.text, () => '');
    this.#question.id = asked.id;
    this.#question.setNote(null);
  }

  /** Returns what another page needs to go on with the answer; `null` when it has to be asked for from its beginning. */
  kept(conversation: string | null): KeptAnswer | null {
    const { speaker, key } = this.#parts;
    const { id, text } = this.#question ?? { id: null, text: '' };
    if (conversation === null || this.#shown === null || speaker !== null) return null;
    const { interaction, cursor } = this.#shown;
    const question = id === null ? null : { id, text };
    return { ...{ conversation, interaction, cursor, key, question }, text: this.#text, steps: this.#steps };
  }

  /** Follows the answer until it was shown or heard whole. When the stream breaks off, another one may go on. */
  async follow(events: AsyncIterable<AnswerEvent>): Promise<void> {
    const { view } = this.#parts;
    const { transcript, notice } = view;
    transcript.beginDraft(transcript.thinking(), this.#steps);
    transcript.showDraft(this.#text);
    view.say(transcript.thinking());
    for await (const event of events) {
      // Whatever was in the way is over.
      notice.clear();
      if (!(await this.#show(event))) return;
      const interaction = ('interaction_id' in event && event.interaction_id) || this.#shown?.interaction;
      if (interaction !== undefined && event.cursor !== undefined)
        this.#shown = { interaction, cursor: event.cursor };
    }
  }

  /** Takes back what the API did not keep. */
  drop(): void {
    const { view, question } = this.#parts;
    view.transcript.dropDraft();
    if (question === null && this.#question !== null) view.transcript.remove(this.#question);
  }

  /** Shows what an event says. Returns whether the rest of them is to be shown. */
  async #show(event: AnswerEvent): Promise<boolean> {
    const { view, words, speaker, onComplete, showsActions } = this.#parts;
    const { transcript } = view;
    switch (event.type) {
      case 'conversation-created':
        return this.#begin(event);
      case 'user-message-available':
        if (!this.#begin(event)) return false;
        this.#question ??= transcript.addUserMessage(withPlainBreaks(event.user_message), () => '');
        this.#question.id = event.message_id;
        if (speaker !== null) this.#question.setText(withPlainBreaks(event.user_message));
        this.#question.setNote(null);
        break;
      case 'current-agent-action': {
        const { action } = event;
        const isFiller = action.type === 'action-too-long';
        if (isFiller) speaker?.addFiller(action.filler);
        const isShown = showsActions();
        if (!isFiller && !isShown) break;
        const step = describeAction(action, words);
        if (step === null) break;
        transcript.addStep(step);
        if (isShown && this.#steps.at(-1) !== step) this.#steps.push(step);
        break;
      }
      case 'new-message':
        if (speaker === null) {
          // Of a spoken answer that is only read, the words are those of its alignment.
          this.#text +=
            event.transcript_alignment?.map(([, character]) => character).join('') ?? event.message;
          transcript.showDraft(this.#text);
        } else {
          speaker.add(event.message, event.transcript_alignment ?? []);
        }
        break;
      case 'interaction-complete':
        this.#question?.settle();
        onComplete(event);
        await speaker?.finish();
        this.#shown = null;
        transcript.completeDraft({
          text: event.full_message,
          id: event.message_id,
          interaction: event.interaction_id,
          steps: this.#steps,
          isSpoken: speaker !== null,
        });
    }
    return true;
  }

  #begin(event: AnswerEvent): boolean {
    // A turn that came to nothing begins anew.
    this.#text = '';
    this.#steps = [];
    this.#parts.speaker?.begin((spoken) => this.#parts.view.transcript.showDraft(spoken));
    return this.#parts.onBegin(event);
  }
}
