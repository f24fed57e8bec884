/** Feedback of the visitor: ratings of answers, stored as tags of their conversation. */
import type { ConversationApi } from '../api/client.ts';
import type { Transcript } from '../view/transcript.ts';
import type { Emit } from './events.ts';
import { Ratings, type Rating } from './ratings.ts';

/** The parts that feedback depends on. */
export interface FeedbackParts {
  api: ConversationApi;
  transcript: Transcript;
  emit: Emit;
  /** Shows why a rating was not stored. */
  onFailure: (error: unknown) => void;
}

/** The ratings of the conversation that is shown, and what stores them. */
export class Feedback {
  readonly #parts: FeedbackParts;
  readonly #ratings = new Ratings();
  #conversation: string | null = null;
  /** One after the other, so that the newest is stored last. */
  #last: Promise<void> = Promise.resolve();

  constructor(parts: FeedbackParts) {
    this.#parts = parts;
  }

  /** Turns to a conversation with its tags. */
  turnTo(conversation: string, tags: Readonly<Record<string, string | null>>): void {
    this.#conversation = conversation;
    this.#ratings.read(tags);
  }

  of(interaction: string): Rating | null {
    return this.#ratings.of(interaction);
  }

  /** Rates an answer of a conversation; null takes the rating back. It is shown at once, and not any more if it fails. */
  rate(conversation: string, interaction: string, rating: Rating | null): void {
    const { api, transcript, emit, onFailure } = this.#parts;
    if (this.#conversation !== conversation) this.turnTo(conversation, {});
    const before = this.of(interaction);
    const change = this.#ratings.rate(interaction, rating);
    transcript.showRatings();
    const store = () => api.modifyTags(conversation, change);
    this.#last = this.#last.then(store).then(
      () => emit('feedback', { conversation, interaction, rating }),
      (error: unknown) => {
        if (this.#conversation === conversation) this.#ratings.rate(interaction, before);
        transcript.showRatings();
        onFailure(error);
      },
    );
  }
}
