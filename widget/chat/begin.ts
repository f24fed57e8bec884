/** Puts a chat together from what the element's attributes say. It lives until its controller aborts it. */
import { ConversationApi, type Place } from '../api/client.ts';
import { fixedSession, RenewedSession, type Session } from '../api/session.ts';
import { ChatView } from '../view/chat-view.ts';
import { Player } from '../voice/player.ts';
import { Playback, PushToTalk } from '../voice/voice.ts';
import { languageOf, type Language } from '../words/words.ts';
import { Chat } from './chat.ts';
import { emitterOf } from './events.ts';
import { Outbox } from './outbox.ts';
import { Tabs } from './tabs.ts';
import { Waiting } from './waiting.ts';

export interface RunningChat {
  view: ChatView;
  /** `null` until the site has said which service, and as whom. */
  chat: Chat | null;
  controller: AbortController;
}

/** Where this script came from is where its API is. */
const OWN_ORIGIN = new URL(import.meta.url).origin;

/** What starters are about when the site does not say. */
const DEFAULT_FACETS = ['what this service is for'];

function absolute(url: string): string {
  return new URL(url, document.baseURI).href;
}

function placeOf(element: HTMLElement): Place {
  const api = element.getAttribute('api');
  return {
    api: api ? absolute(api).replace(/\/+$/, '') : OWN_ORIGIN,
    organization: element.getAttribute('organization') ?? '',
    service: element.getAttribute('service') ?? '',
  };
}

function sessionOf(element: HTMLElement, signal: AbortSignal): Session | null {
  const token = element.getAttribute('token');
  if (token) return fixedSession(token);
  const url = element.getAttribute('token-url');
  return url ? new RenewedSession(absolute(url), signal) : null;
}

/** The facets of an attribute such as `starters="opening hours, prices"`; `null`: the agent speaks first. */
function startersOf(element: HTMLElement): string[] | null {
  const text = element.getAttribute('starters');
  if (text === null) return null;
  const facets = text
    .split(',')
    .map((facet) => facet.trim())
    .filter((facet) => facet !== '');
  return facets.length > 0 ? facets : DEFAULT_FACETS;
}

function languageOfElement(element: HTMLElement): Language {
  return languageOf(element.closest('[lang]')?.getAttribute('lang') ?? '');
}

interface Setting {
  element: HTMLElement;
  root: ShadowRoot;
  api: ConversationApi;
  signal: AbortSignal;
  language: Language;
  player: Player | null;
  chat: () => Chat | null;
}

function viewOf({ element, root, api, signal, language, player, chat }: Setting): ChatView {
  const playback = new Playback(signal);
  const view = new ChatView(
    root,
    { language, heading: element.getAttribute('heading'), agent: element.getAttribute('agent') },
    {
      send: (text) => void chat()?.send(text),
      finish: () => void chat()?.finish(),
      startNew: () => void chat()?.startNew(),
      remedy: (remedy) => chat()?.remedy(remedy),
      stopSpeaking: () => player?.stop(),
      play: (message, button) => {
        const conversation = chat()?.conversation ?? '';
        playback.toggle(api, conversation, message, button).catch(() => {
          if (!signal.aborted) view.notice.show({ words: language.words.noRecording, remedy: 'none' });
        });
      },
    },
  );
  return view;
}

export function beginChat(element: HTMLElement, root: ShadowRoot): RunningChat {
  const controller = new AbortController();
  const { signal } = controller;
  const language = languageOfElement(element);
  const { words } = language;
  const place = placeOf(element);
  const session = sessionOf(element, signal);
  const api = new ConversationApi(place, session ?? fixedSession(''), signal);
  const player = element.hasAttribute('voice') ? new Player() : null;
  signal.addEventListener('abort', () => player?.close());
  const running: RunningChat = {
    view: viewOf({ element, root, api, signal, language, player, chat: () => running.chat }),
    chat: null,
    controller,
  };
  const { view } = running;
  if (session === null || place.organization === '' || place.service === '') return running;
  const key = `amigo-chat:${Object.values(place).join('/')}`;
  const tabs = new Tabs(key, signal, () => chat.refresh());
  const chat = new Chat({
    ...{ api, view, words, signal },
    outbox: new Outbox(key),
    waiting: new Waiting(signal),
    emit: emitterOf(element),
    tellTabs: () => tabs.tell(),
    speaker: player,
    starters: startersOf(element),
    onVoiceRefused: () => view.hideTalkButton(),
  });
  running.chat = chat;
  if (player !== null) {
    const send = (recording: Blob) => void chat.send(words.voiceMessage, recording);
    void new PushToTalk({ view, words, player, signal, send });
  }
  void chat.open();
  return running;
}
