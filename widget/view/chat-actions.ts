/** The chat view as the rest of the widget sees it: what the visitor does in it, and what the site says of it. */
import type { Rating } from '../chat/ratings.ts';
import type { Remedy } from '../words/problems.ts';
import type { PlayButton } from './message.ts';

/** The actions of the visitor. */
export interface ChatActions {
  send(text: string): void;
  finish(): void;
  startNew(): void;
  remedy(remedy: Remedy): void;
  play(message: string, button: PlayButton): void;
  stop(): void;
  /** Takes back the end of the conversation. */
  undo(): void;
  /** Shows earlier conversations, or the present one again. */
  toggleHistory(): void;
  rate(interaction: string, rating: Rating | null): void;
  ratingOf(interaction: string): Rating | null;
  /** Loads the button to talk; `addTalkButton` takes it. */
  offerVoice(): void;
}

/** The settings of the site that are shown. They may change; `update` shows them then. */
export interface ViewSettings {
  /** The heading; null: the agent's name. */
  readonly heading: string | null;
  /** The agent's name; null: the one that its messages carry. */
  readonly agent: string | null;
  readonly hasVoice: boolean;
  /** The address of the agent's picture; null: the first letter of its name. */
  readonly avatar: string | null;
  readonly hasFeedback: boolean;
  readonly hasHistory: boolean;
  /** True when the agent's actions are shown under its answers. */
  readonly showsActions: boolean;
}
