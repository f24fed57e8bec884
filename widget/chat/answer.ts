/** An answer on its way: its events become what is shown and heard. */
import { withPlainBreaks, type AnswerEvent } from '../api/client.ts';
import type { ChatView } from '../view/chat-view.ts';
import type { Message } from '../view/message.ts';
import { describeAction } from '../words/activity.ts';
import type { Words } from '../words/words.ts';

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
  /** The message that is being answered, when the user began. */
  question: Message | null;
  /** The speaker of the answer; `null` for an answer in text. */
  speaker: Speaker | null;
  /** Tells whether the site shows the agent's actions. Fillers are shown in any case. */
  showsActions: () => boolean;
  onCreated: (conversation: string) => void;
  /** The turn is stored. Told before the last of it was heard. */
  onComplete: (completion: Completion) => void;
}

/** Follows an answer to its end, which is when it was shown or heard whole. */
export async function followAnswer(events: AsyncIterable<AnswerEvent>, parts: AnswerParts): Promise<void> {
  const { view, words, question, speaker } = parts;
  const { transcript } = view;
  let text = '';
  transcript.beginDraft(transcript.thinking());
  view.say(transcript.thinking());
  speaker?.begin((spoken) => transcript.showDraft(spoken));
  for await (const event of events) {
    // Whatever was in the way is over.
    view.notice.clear();
    switch (event.type) {
      case 'conversation-created':
        parts.onCreated(event.conversation_id);
        break;
      case 'user-message-available':
        if (question === null) break;
        question.id = event.message_id;
        if (speaker !== null) question.setText(withPlainBreaks(event.user_message));
        question.setNote(null);
        break;
      case 'current-agent-action': {
        const { action } = event;
        const isFiller = action.type === 'action-too-long';
        if (isFiller) speaker?.addFiller(action.filler);
        const isShown = parts.showsActions();
        if (!isFiller && !isShown) break;
        const step = describeAction(action, words, speaker !== null);
        if (step !== null) transcript.addStep(step, isShown);
        break;
      }
      case 'new-message':
        if (speaker !== null) {
          speaker.add(event.message, event.transcript_alignment ?? []);
          view.setSpeaking(true);
        } else {
          text += event.message;
          transcript.showDraft(text);
        }
        break;
      case 'interaction-complete':
        question?.setNote(null);
        parts.onComplete(event);
        await speaker?.finish();
        view.setSpeaking(false);
        transcript.completeDraft(event.full_message, event.message_id, speaker !== null);
    }
  }
}
