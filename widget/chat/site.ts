/** The settings of a chat by its site: the element's attributes, and the properties that no attribute can hold. */
import type { Place } from '../api/client.ts';
import { tokensOfVisitor } from '../api/visitor.ts';
import { fixedToken, tokensByFunction, tokensByUrl, type TokenSource } from '../api/token-source.ts';
import type { AmigoChatElement, AmigoChatWords } from '../types/amigo-chat.d.ts';

/** The origin of this script, which is the origin of its API. */
const OWN_ORIGIN = new URL(import.meta.url).origin;

/** The facets of the starters when the site names none. */
const DEFAULT_FACETS = ['what this service is for'];

function absolute(url: string): string {
  return new URL(url, document.baseURI).href;
}

/** Tells whether an attribute is on. Frameworks write `false` as a text, too. */
export function isOn(element: Element, name: string): boolean {
  return (element.getAttribute(name) ?? 'false') !== 'false';
}

/** Read whenever it is needed: the site may say something else at any time. */
export class Site {
  readonly element: AmigoChatElement;

  constructor(element: AmigoChatElement) {
    this.element = element;
  }

  get place(): Place {
    const api = this.#text('api');
    return {
      api: api === null ? OWN_ORIGIN : absolute(api).replace(/\/+$/, ''),
      organization: this.#text('organization') ?? '',
      service: this.#text('service') ?? '',
    };
  }

  /** The visitor, as the API knows them; null: the one that the token is of. The API names a visitor without a sign-in. */
  get user(): string | null {
    return this.#isOfVisitor ? null : this.#text('user');
  }

  /** True when the page gives tokens itself. */
  get #givesTokens(): boolean {
    const { getToken } = this.element;
    return getToken !== null || this.#text('token') !== null || this.#text('token-url') !== null;
  }

  /** True when the API makes a visitor of the browser, because the page gives no tokens. */
  get #isOfVisitor(): boolean {
    return !this.#givesTokens && isOn(this.element, 'visitor');
  }

  /** True when the page has said where tokens come from. */
  get hasTokens(): boolean {
    return this.#givesTokens || this.#isOfVisitor;
  }

  /** The heading; null: the agent's name. */
  get heading(): string | null {
    return this.#text('heading');
  }

  /** The agent's name; null: the one that its messages carry. */
  get agent(): string | null {
    return this.#text('agent');
  }

  /** The address of the agent's picture; null: the first letter of its name stands for it. */
  get avatar(): string | null {
    const url = this.#text('avatar');
    return url === null ? null : absolute(url);
  }

  /** True when the chat opens from a bubble. */
  get isLauncher(): boolean {
    return this.#text('mode') === 'launcher';
  }

  /** True when nothing is asked of the API before the visitor types. */
  get isLazy(): boolean {
    return isOn(this.element, 'lazy');
  }

  /** True when the visitor may rate answers. */
  get hasFeedback(): boolean {
    return isOn(this.element, 'feedback');
  }

  /** True when the visitor may read earlier conversations. */
  get hasHistory(): boolean {
    return isOn(this.element, 'history');
  }

  get hasVoice(): boolean {
    return isOn(this.element, 'voice');
  }

  /** True when the agent's actions are shown. Fillers are shown in any case. */
  get showsActions(): boolean {
    return isOn(this.element, 'actions');
  }

  /** The tag of the language that the element stands in. */
  get languageTag(): string {
    return this.element.closest('[lang]')?.getAttribute('lang') ?? '';
  }

  get words(): Partial<AmigoChatWords> {
    return this.element.words;
  }

  /** The facets of an attribute such as `starters="opening hours, prices"`; null: the agent speaks first. */
  get starters(): string[] | null {
    const text = this.element.getAttribute('starters');
    if (text === null) return null;
    const facets = text
      .split(',')
      .map((facet) => facet.trim())
      .filter((facet) => facet !== '');
    return facets.length > 0 ? facets : DEFAULT_FACETS;
  }

  /** The attributes without which there is no chat, as far as they are not set. */
  get missing(): string[] {
    const missing = ['organization', 'service'].filter((name) => this.#text(name) === null);
    return this.hasTokens ? missing : [...missing, 'token-url'];
  }

  /**
   * Returns the source of the visitor's tokens: the first of `token`, `getToken`, `token-url` and `visitor`; null when
   * none is set.
   */
  tokenSource(signal: AbortSignal): TokenSource | null {
    const { getToken } = this.element;
    const token = this.#text('token');
    if (token !== null) return fixedToken(token);
    if (getToken !== null) return tokensByFunction(getToken);
    const url = this.#text('token-url');
    if (url !== null) return tokensByUrl(absolute(url), signal);
    if (!this.#isOfVisitor) return null;
    return tokensOfVisitor({
      ...{ place: this.place, signal },
      turnstile: () => this.element.getTurnstileToken,
    });
  }

  /** Returns the text of an attribute; null when it is not set, or empty. */
  #text(name: string): string | null {
    return this.element.getAttribute(name) || null;
  }
}
