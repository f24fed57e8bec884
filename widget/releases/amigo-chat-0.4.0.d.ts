/**
 * Types of `<amigo-chat>` for TypeScript, for JSX and for React 18 and 19. Put this file where your `tsconfig.json`
 * finds it; nothing has to be imported for the element, its events and its JSX to be known.
 */

/**
 * What the widget says. `{agent}` is the agent's name, or the phrase `agent` while it is not known; the other
 * placeholders stand in the phrases that name them.
 */
export interface AmigoChatWords {
  /** The author of the visitor's messages. */
  you: string;
  /** Stands for `{agent}` in sentences while no name is known. */
  agent: string;
  /** What screen readers call the chat. `{agent}` */
  chatWith: string;
  /** What screen readers call the list of messages; the heading while no name is known. */
  transcript: string;
  newMessages: string;
  /** The label of the field. */
  message: string;
  send: string;
  end: string;
  ended: string;
  startNew: string;
  /** Takes back the end of the conversation. */
  undo: string;
  copy: string;
  copied: string;
  /** The ratings of an answer, with the attribute `feedback`. */
  helpful: string;
  notHelpful: string;
  /** With the attribute `history`. */
  history: string;
  noHistory: string;
  back: string;
  more: string;
  /** The name of the launcher among the parts of the page. */
  chat: string;
  /** The bubble of the mode `launcher`. */
  openChat: string;
  closeChat: string;
  /** `{count}`: answers that were not seen. */
  unread: string;
  /** Sends the greeting beside the bubble away. */
  dismiss: string;
  suggestions: string;
  starters: string;
  tryAgain: string;
  opening: string;
  /** `{agent}` */
  answering: string;
  /** Kinds of steps, shown with the attribute `actions`. */
  remembering: string;
  choosing: string;
  thinking: string;
  noting: string;
  lookingUp: string;
  /** The title of an answer's steps. */
  steps: string;
  waits: string;
  /** Takes back a message that waits. */
  remove: string;
  offline: string;
  lost: string;
  /** `{agent}` */
  busyElsewhere: string;
  /** `{seconds}` */
  tooMany: string;
  /** The API lets this visitor wait for long. */
  tooManyNow: string;
  /** What may be spent on the chat is spent, and the service has no words of its own for it. `{time}`: when it goes on. */
  closed: string;
  /** With the attribute `visitor`: what the service demands of its visitors was not met. */
  notConfirmed: string;
  /** `{origin}`: that of the page. */
  originRefused: string;
  tokenExpired: string;
  signInRefused: string;
  finishedElsewhere: string;
  fault: string;
  /** `{detail}`: the API's own sentence, in English. */
  impossible: string;
  /** The organization or the service does not exist. `{detail}`: the API's own sentence, in English. */
  misconfigured: string;
  /** `{detail}`: the names of the attributes that are missing. */
  missing: string;
  backInField: string;
  talk: string;
  talkHelp: string;
  listening: string;
  tooShort: string;
  voiceMessage: string;
  stopSpeaking: string;
  play: string;
  noRecording: string;
  microphoneRefused: string;
  voiceUnavailable: string;
}

/** A token of the visitor, as `POST /v1/{organization}/user/signin_with_api_key` answers it. */
export interface AmigoChatToken {
  id_token: string;
  /** ISO 8601. Without it the token's own `exp` says when it ends. */
  expires_at?: string | undefined;
}

/**
 * Gives a token of the visitor. `refused` is the token that the API has just refused, or null: what is given must be
 * another one then. A promise that is rejected is told to the visitor as "this site did not sign you in".
 */
export type AmigoChatGetToken = (refused: string | null) => Promise<string | AmigoChatToken>;

/** Gives a token of Cloudflare Turnstile for the action `visitor`. It is asked for where the service demands one. */
export type AmigoChatGetTurnstileToken = () => Promise<string>;

/** The details of the element's events. The events bubble, and leave shadow roots. */
export interface AmigoChatEventDetails {
  'amigo-open': { conversation: string; resumed: boolean };
  'amigo-message': { role: 'user' | 'agent' | 'event'; text: string; id: string | null };
  'amigo-finish': { conversation: string };
  /** The visitor has rated an answer; `rating` is null when they took it back. */
  'amigo-feedback': { conversation: string; interaction: string; rating: 'up' | 'down' | null };
  /** `code` is the API's, or the name of the error; `status` is null when no answer came. */
  'amigo-error': { code: string; status: number | null; message: string };
}

/** The element. Each attribute is a property too; null is an attribute that is not set. */
export interface AmigoChatElement extends HTMLElement {
  api: string | null;
  organization: string | null;
  service: string | null;
  user: string | null;
  token: string | null;
  tokenUrl: string | null;
  /** The API makes a visitor of the browser, in place of a sign-in. */
  visitor: boolean;
  heading: string | null;
  agent: string | null;
  /** The address of the agent's picture. */
  avatar: string | null;
  /** `launcher`: the chat opens from a bubble at the edge of the page. */
  mode: string | null;
  /** Stands beside the bubble until the visitor has opened the chat, or sent it away. */
  greeting: string | null;
  starters: string | null;
  voice: boolean;
  actions: boolean;
  /** Nothing is asked of the API before the visitor types. A launcher is always lazy. */
  lazy: boolean;
  /** The visitor may rate answers. */
  feedback: boolean;
  /** The visitor may read earlier conversations. */
  history: boolean;
  /** Asked for tokens in place of `token-url`. */
  getToken: AmigoChatGetToken | null;
  /** With `visitor`: asked for a token of Cloudflare Turnstile where the service demands one. */
  getTurnstileToken: AmigoChatGetTurnstileToken | null;
  /** Replaces phrases of the widget's own; those that are left out stay. Shown as text, never as HTML. */
  words: Partial<AmigoChatWords>;
  /** The identifier of the conversation that is open. */
  readonly conversation: string | null;
  /** Says something as the visitor. Resolves when it was answered, or could not be. */
  send(text: string): Promise<void>;
  /** Ends the conversation. */
  finish(): Promise<void>;
  /** Reads the conversation anew, or begins one. A launcher opens. */
  open(): Promise<void>;
  /** Closes a launcher; `open` opens it. */
  close(): void;
  /** Begins another conversation after the end of one. */
  startNew(): Promise<void>;
  /** Ends the chat and removes all that this tab keeps of it, and the browser's visitor: for your site's sign-out. */
  forget(): void;
}

/** What HTML takes. Null and undefined leave an attribute out. */
export interface AmigoChatAttributes {
  api?: string | null | undefined;
  organization?: string | null | undefined;
  service?: string | null | undefined;
  user?: string | null | undefined;
  token?: string | null | undefined;
  'token-url'?: string | null | undefined;
  visitor?: boolean | '' | 'true' | 'false' | null | undefined;
  heading?: string | null | undefined;
  agent?: string | null | undefined;
  avatar?: string | null | undefined;
  mode?: 'launcher' | 'inline' | null | undefined;
  greeting?: string | null | undefined;
  theme?: 'light' | 'dark' | null | undefined;
  starters?: string | null | undefined;
  voice?: boolean | '' | 'true' | 'false' | null | undefined;
  actions?: boolean | '' | 'true' | 'false' | null | undefined;
  lazy?: boolean | '' | 'true' | 'false' | null | undefined;
  feedback?: boolean | '' | 'true' | 'false' | null | undefined;
  history?: boolean | '' | 'true' | 'false' | null | undefined;
}

/** What React 19 sets as properties and listens to. React 18 does neither: take a `ref` there. */
export interface AmigoChatProperties {
  getToken?: AmigoChatGetToken | null | undefined;
  getTurnstileToken?: AmigoChatGetTurnstileToken | null | undefined;
  words?: Partial<AmigoChatWords> | undefined;
  'onamigo-open'?: ((event: CustomEvent<AmigoChatEventDetails['amigo-open']>) => void) | undefined;
  'onamigo-message'?: ((event: CustomEvent<AmigoChatEventDetails['amigo-message']>) => void) | undefined;
  'onamigo-finish'?: ((event: CustomEvent<AmigoChatEventDetails['amigo-finish']>) => void) | undefined;
  'onamigo-feedback'?: ((event: CustomEvent<AmigoChatEventDetails['amigo-feedback']>) => void) | undefined;
  'onamigo-error'?: ((event: CustomEvent<AmigoChatEventDetails['amigo-error']>) => void) | undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    'amigo-chat': AmigoChatElement;
  }

  interface GlobalEventHandlersEventMap {
    'amigo-open': CustomEvent<AmigoChatEventDetails['amigo-open']>;
    'amigo-message': CustomEvent<AmigoChatEventDetails['amigo-message']>;
    'amigo-finish': CustomEvent<AmigoChatEventDetails['amigo-finish']>;
    'amigo-feedback': CustomEvent<AmigoChatEventDetails['amigo-feedback']>;
    'amigo-error': CustomEvent<AmigoChatEventDetails['amigo-error']>;
  }
}

// @ts-ignore -- a project without React has no such module, and needs no more than what stands above
declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      // @ts-ignore -- the names of React are known where React is
      'amigo-chat': DetailedHTMLProps<HTMLAttributes<AmigoChatElement>, AmigoChatElement> &
        AmigoChatAttributes &
        AmigoChatProperties;
    }
  }
}
