/** `<amigo-chat>`: the element that a site puts into its page. docs/widget.md tells how. */
import { beginChat, changeTokens, setStage, updateStage, type Stage } from './chat/begin.ts';
import { isOn, Site } from './chat/site.ts';
import { forgetKept, storageKey } from './tab-storage.ts';
import type {
  AmigoChatElement,
  AmigoChatGetToken,
  AmigoChatGetTurnstileToken,
  AmigoChatWords,
} from './types/amigo-chat.d.ts';
import { Launcher } from './view/launcher.ts';
import { styleSheet } from './view/style-sheet.ts';
import { forgetShared } from './visitor-storage.ts';
import { Language } from './words/language.ts';
import { knownWords } from './words/words.ts';

/** With another of these it is another chat, or stands at another place. */
const WHICH_CHAT = ['api', 'organization', 'service', 'user', 'mode'];
/** The attributes and the property that name a source of tokens. `getToken` is a property alone. */
const WHICH_TOKENS = ['token', 'token-url', 'getToken', 'visitor'];
/** The attributes that may change while the chat goes on. */
const APPEARANCE = [
  ...['lang', 'heading', 'agent', 'avatar', 'greeting', 'starters'],
  ...['voice', 'actions', 'lazy', 'feedback', 'history'],
];
/** The attributes that are on or off. */
const SWITCHES = ['visitor', 'voice', 'actions', 'lazy', 'feedback', 'history'];

const ATTRIBUTES = [...WHICH_CHAT, 'token', 'token-url', 'visitor', ...APPEARANCE];
/** Properties that no attribute mirrors. */
const PROPERTIES = ['words', 'getToken', 'getTurnstileToken'];

function propertyOf(attribute: string): string {
  return attribute.replace(/-(\w)/, (_, letter: string) => letter.toUpperCase());
}

/** The custom element `amigo-chat`. */
export class AmigoChat extends HTMLElement implements AmigoChatElement {
  static readonly observedAttributes = ATTRIBUTES;

  declare api: string | null;
  declare organization: string | null;
  declare service: string | null;
  declare user: string | null;
  declare token: string | null;
  declare tokenUrl: string | null;
  declare visitor: boolean;
  declare heading: string | null;
  declare agent: string | null;
  declare avatar: string | null;
  declare greeting: string | null;
  declare mode: string | null;
  declare starters: string | null;
  declare voice: boolean;
  declare actions: boolean;
  declare lazy: boolean;
  declare feedback: boolean;
  declare history: boolean;

  readonly #root = this.attachShadow({ mode: 'open' });
  readonly #language = new Language();
  #stage: Stage | null = null;
  /** The bubble of the mode `launcher`; `null` in a chat that stands in the page. */
  #launcher: Launcher | null = null;
  /** True when requests may be made: at once, or from the first opening or keystroke. */
  #isAwake = false;
  /** True after `forget`, until `open` or a change of the site begins a chat again. */
  #isForgotten = false;
  #words: Partial<AmigoChatWords> = {};
  #getToken: AmigoChatGetToken | null = null;
  #getTurnstileToken: AmigoChatGetTurnstileToken | null = null;
  /** The text that was typed and not sent, while the chat begins anew. */
  #draft = '';
  /** True when the typed text is another user's: it is not shown again. */
  #isOtherUser = false;
  /** The attributes that have changed. Several are often set one after the other: they are handled together. */
  readonly #changed = new Set<string>();

  constructor() {
    super();
    this.addEventListener('amigo-message', ({ detail }) => {
      if (detail.role === 'agent') this.#launcher?.count();
    });
  }

  connectedCallback(): void {
    for (const name of [...ATTRIBUTES.map(propertyOf), ...PROPERTIES]) this.#takeOver(name);
    this.#plan('service');
  }

  disconnectedCallback(): void {
    this.#end();
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before !== after) this.#plan(name);
  }

  get words(): Partial<AmigoChatWords> {
    return this.#words;
  }

  set words(words: Partial<AmigoChatWords> | null | undefined) {
    this.#words = knownWords(words ?? {});
    this.#plan('words');
  }

  get getToken(): AmigoChatGetToken | null {
    return this.#getToken;
  }

  set getToken(getToken: AmigoChatGetToken | null | undefined) {
    this.#getToken = getToken ?? null;
    this.#plan('getToken');
  }

  get getTurnstileToken(): AmigoChatGetTurnstileToken | null {
    return this.#getTurnstileToken;
  }

  /** It is read when a token is needed, so another one changes nothing that runs. */
  set getTurnstileToken(getTurnstileToken: AmigoChatGetTurnstileToken | null | undefined) {
    this.#getTurnstileToken = getTurnstileToken ?? null;
  }

  /** Says something as the user. Resolves when it was answered, or could not be. */
  async send(text: string): Promise<void> {
    const said = text.trim();
    if (said === '') return;
    void this.#wake();
    await this.#stage?.running?.chat.send(said);
  }

  /** Ends the conversation. */
  async finish(): Promise<void> {
    await this.#stage?.running?.chat.finish();
  }

  /** Reads the conversation anew, or begins one when there is none. A launcher opens. */
  async open(): Promise<void> {
    const chat = this.#stage?.running?.chat;
    this.#isAwake = true;
    const begun = this.isConnected ? (chat?.open() ?? this.#begin()) : undefined;
    if (this.#launcher?.isOpen === false) this.#launcher.open();
    await begun;
  }

  /** Closes a launcher. The conversation goes on. */
  close(): void {
    this.#launcher?.close();
  }

  /** Begins another conversation. One that is unfinished is resumed instead: a user has one at a time. */
  async startNew(): Promise<void> {
    await this.#stage?.running?.chat.startNew();
  }

  /**
   * Ends the chat and removes all that this tab keeps of it: tokens, and texts that were not sent. The browser is no
   * visitor any more. Nothing is asked of the API until `open` is called, or another user, token or service is set.
   */
  forget(): void {
    this.#changed.clear();
    this.#end();
    this.#draft = '';
    this.#launcher = null;
    this.#isAwake = false;
    this.#isForgotten = true;
    forgetKept();
    forgetShared();
    if (this.isConnected) this.#stage = this.#setStage();
  }

  override focus(): void {
    this.#stage?.view.focus();
  }

  /** The conversation that is open; `null` when none is. */
  get conversation(): string | null {
    return this.#stage?.running?.chat.conversation ?? null;
  }

  /** A property that was set before the element was defined hides the one that the class has. */
  #takeOver(name: string): void {
    if (!Object.hasOwn(this, name)) return;
    const value = Reflect.get(this, name) as unknown;
    Reflect.deleteProperty(this, name);
    Reflect.set(this, name, value);
  }

  #plan(changed: string): void {
    if (changed === 'user') this.#isOtherUser = true;
    this.#changed.add(changed);
    if (this.#changed.size === 1) queueMicrotask(() => this.#carryOut());
  }

  #carryOut(): void {
    const isChanged = (names: readonly string[]) => names.some((name) => this.#changed.has(name));
    const isOther = isChanged(WHICH_CHAT);
    const hasOtherTokens = isChanged(WHICH_TOKENS);
    const isAny = this.#changed.size > 0;
    this.#changed.clear();
    if (!this.isConnected || !isAny) return;
    const stage = this.#stage;
    if (stage === null || isOther || (hasOtherTokens && stage.running === null)) void this.#begin();
    else if (hasOtherTokens && !stage.site.hasTokens) this.#beginAsOther();
    else {
      updateStage(stage);
      this.#launcher?.update();
      if (this.#launcher === null && !stage.site.isLazy) void this.#wake();
      if (hasOtherTokens) changeTokens(stage);
    }
  }

  async #begin(): Promise<void> {
    this.#changed.clear();
    this.#end();
    const stage = this.#setStage();
    if (!this.#isOtherUser) stage.view.composer.restore(this.#draft);
    this.#draft = '';
    this.#isOtherUser = false;
    this.#isForgotten = false;
    this.#stage = stage;
    this.#isAwake ||= this.#launcher?.isOpen ?? !stage.site.isLazy;
    if (this.#isAwake) await this.#beginChat(stage);
  }

  #beginChat(stage: Stage): Promise<void> {
    return beginChat(stage, () => this.#beginAsOther());
  }

  /** The visitor has opened the chat, or typed into it. */
  async #wake(): Promise<void> {
    if (this.#isAwake || this.#isForgotten || this.#stage === null) return;
    this.#isAwake = true;
    await this.#beginChat(this.#stage);
  }

  /** Puts an empty chat on the screen: into the page, or into the window of a launcher. */
  #setStage(): Stage {
    const site = new Site(this);
    this.#language.speak(site.languageTag, site.words);
    const stage = setStage(site, this.#language);
    const { view } = stage;
    view.element.addEventListener('input', () => void this.#wake());
    this.#root.adoptedStyleSheets = [styleSheet()];
    if (!site.isLauncher) {
      this.#launcher = null;
      this.#root.replaceChildren(view.element);
      return stage;
    }
    const launcher = (this.#launcher ??= this.#makeLauncher(site));
    view.addCloseButton(() => launcher.close());
    launcher.panel.replaceChildren(view.element);
    this.#root.replaceChildren(launcher.element);
    launcher.update();
    return stage;
  }

  #makeLauncher({ place, element }: Site): Launcher {
    const { api, organization, service } = place;
    return new Launcher({
      language: this.#language,
      key: storageKey('launcher', api, organization, service),
      greeting: () => element.getAttribute('greeting') || null,
      onOpen: () => {
        void this.#wake();
        this.#stage?.view.focusOpened();
      },
    });
  }

  /** Begins anew for another user, without the text that the user before typed. */
  #beginAsOther(): void {
    this.#isOtherUser = true;
    void this.#begin();
  }

  #end(): void {
    this.#draft = this.#stage?.view.composer.draft ?? this.#draft;
    this.#stage?.controller.abort();
    this.#stage = null;
  }
}

for (const name of ATTRIBUTES) {
  // `lang` is a property of every element.
  if (name === 'lang') continue;
  Object.defineProperty(AmigoChat.prototype, propertyOf(name), {
    get(this: AmigoChat) {
      return SWITCHES.includes(name) ? isOn(this, name) : this.getAttribute(name);
    },
    set(this: AmigoChat, value: string | boolean | null | undefined) {
      if (value === null || value === undefined || value === false) this.removeAttribute(name);
      else this.setAttribute(name, value === true ? '' : value);
    },
  });
}

// A page may hold the script twice, under its two names.
if (customElements.get('amigo-chat') === undefined) customElements.define('amigo-chat', AmigoChat);
