/** The parts that a chat is composed of, and the settings of the site that it depends on. */
import type { ConversationApi } from '../api/client.ts';
import type { ChatView } from '../view/chat-view.ts';
import type { Words } from '../words/words.ts';
import type { Speaker } from './answer.ts';
import type { Emit } from './events.ts';
import type { Feedback } from './feedback.ts';
import type { KeptAnswers } from './kept-answers.ts';
import type { Outbox } from './outbox.ts';
import type { Waiting } from './waiting.ts';

/** The settings of the site that the conversation depends on. */
export interface ChatSettings {
  /** The facets of the starters; `null`: the agent speaks first. */
  readonly starters: string[] | null;
  readonly showsActions: boolean;
}

/** The parts that a chat is composed of. */
export interface ChatParts {
  api: ConversationApi;
  view: ChatView;
  words: Words;
  feedback: Feedback;
  outbox: Outbox;
  answers: KeptAnswers;
  waiting: Waiting;
  signal: AbortSignal;
  emit: Emit;
  /** Tells other windows that something has changed. */
  tellTabs: () => void;
  /** The speaker of the answer to a recording. */
  speaker: Speaker | null;
  site: ChatSettings;
  /** The visitor is known to be this user, from before the first request about a conversation. */
  onUser: (user: string) => void;
}
