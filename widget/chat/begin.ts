/** Puts a chat together from what the site says of it. It lives until its controller aborts it. */
import { ConversationApi } from '../api/client.ts';
import { Session } from '../api/session.ts';
import type { TokenSource } from '../api/token-source.ts';
import { storageKey } from '../tab-storage.ts';
import { ChatView } from '../view/chat-view.ts';
import type { Language } from '../words/language.ts';
import { fill } from '../words/words.ts';
import { Chat } from './chat.ts';
import { emitterOf } from './events.ts';
import { Feedback } from './feedback.ts';
import { History } from './history.ts';
import { LazyVoice } from './lazy-voice.ts';
import type { Site } from './site.ts';
import { userStorage } from './user-storage.ts';
import { Waiting } from './waiting.ts';

/** A chat, and who its requests are made as. */
export interface Running {
  session: Session;
  chat: Chat;
  api: ConversationApi;
  feedback: Feedback;
  history: History;
}

/** The parts on the screen, with or without a chat behind them. */
export interface Stage {
  site: Site;
  view: ChatView;
  language: Language;
  voice: LazyVoice;
  controller: AbortController;
  /** The chat; null until the site has said all that they need. */
  running: Running | null;
}

/** Makes the view, closed and empty. */
export function setStage(site: Site, language: Language): Stage {
  const controller = new AbortController();
  const { signal } = controller;
  const chat = () => stage.running?.chat;
  const voice = new LazyVoice({
    ...{ view: () => view, language, signal },
    send: (recording) => void chat()?.send(language.words.voiceMessage, recording),
    recordingUrl: (message, conversation) => {
      const { running } = stage;
      if (running === null) return Promise.reject(new Error('There is no chat.'));
      return running.api.recordingUrl(conversation ?? running.chat.conversation ?? '', message);
    },
  });
  const view = new ChatView(site, language, {
    send: (text) => void chat()?.send(text),
    finish: () => void chat()?.finishSoon(),
    undo: () => chat()?.undo(),
    toggleHistory: () => stage.running?.history.toggle(),
    rate: (interaction, rating) => {
      const conversation = chat()?.conversation;
      if (conversation != null) stage.running?.feedback.rate(conversation, interaction, rating);
    },
    ratingOf: (interaction) => stage.running?.feedback.of(interaction) ?? null,
    startNew: () => void chat()?.startNew(),
    remedy: (remedy) => chat()?.remedy(remedy),
    stop: () => chat()?.stop(),
    play: (message, button) => {
      voice.toggle(message, button).catch(() => {
        if (!signal.aborted) view.notice.show({ words: () => language.words.noRecording, remedy: 'none' });
      });
    },
    offerVoice: () => voice.offer(),
  });
  const stage: Stage = { site, view, language, voice, controller, running: null };
  return stage;
}

function chatOn(stage: Stage, source: TokenSource, onOtherUser: () => void): Running {
  const { site, view, language, voice, controller } = stage;
  const { signal } = controller;
  const { words } = language;
  const { place, user } = site;
  const key = storageKey('token', place.api, place.organization);
  const session = new Session({ source, user, key, onOtherUser });
  const api = new ConversationApi(site, session, signal);
  const storage = userStorage(place, view.composer, signal, () => chat.refresh());
  storage.onUser(user ?? '');
  const emit = emitterOf(site.element);
  const onFailure = (error: unknown) => chat.showFailure(error);
  const feedback = new Feedback({ api, emit, onFailure, transcript: view.transcript });
  const history = new History({ api, view, language, voice, emit, onFailure });
  const chat = new Chat({
    ...{ site, api, view, words, signal, emit, feedback },
    ...storage,
    waiting: new Waiting(signal),
    speaker: voice,
  });
  return { session, chat, api, feedback, history };
}

/**
 * Begins the chat, or says what the site has not set. Resolves when the conversation is open, or could not be.
 * `onOtherUser`: the site's tokens are of another user now.
 */
export async function beginChat(stage: Stage, onOtherUser: () => void): Promise<void> {
  const { site, view, language, controller } = stage;
  const { missing } = site;
  const source = site.tokenSource(controller.signal);
  if (source === null || missing.length > 0) {
    const detail = missing.join(', ');
    console.error(`<amigo-chat> lacks ${detail}. In place of token-url, visitor, token or getToken will do.`);
    view.notice.show({ words: () => fill(language.words.missing, { detail }), remedy: 'none' });
    return;
  }
  stage.running = chatOn(stage, source, onOtherUser);
  view.showRunning();
  await stage.running.chat.open();
}

/** Shows what the site says now, without disturbing the chat. */
export function updateStage({ site, view, language, running }: Stage): void {
  language.speak(site.languageTag, site.words);
  view.update();
  void running?.chat.learnAgentName();
}

/** The site has changed where tokens come from. */
export function changeTokens({ site, running, controller }: Stage): void {
  const source = site.tokenSource(controller.signal);
  if (running === null || source === null) return;
  const { session, chat } = running;
  session.change(source);
  // Asked at once: whether it is another user's is not to be found out by what they say.
  const retry = () => chat.retry();
  session.bearer().then(retry, retry);
}
