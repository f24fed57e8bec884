/** `<amigo-chat>`: the element that a site puts into its page. docs/widget.md tells how. */
import { beginChat, type RunningChat } from './chat/begin.ts';

/** When one of these changes, the chat begins anew. Each is a property too, such as `tokenUrl` for `token-url`. */
const ATTRIBUTES = [
  'api',
  'organization',
  'service',
  'token',
  'token-url',
  'lang',
  'heading',
  'agent',
  'starters',
  'voice',
];

export class AmigoChat extends HTMLElement {
  static readonly observedAttributes = ATTRIBUTES;

  readonly #root = this.attachShadow({ mode: 'open' });
  #running: RunningChat | null = null;
  /** Several attributes are often set one after the other: they are taken together. */
  #isPlanned = false;

  connectedCallback(): void {
    this.#plan();
  }

  disconnectedCallback(): void {
    this.#end();
  }

  attributeChangedCallback(_name: string, before: string | null, after: string | null): void {
    if (before !== after) this.#plan();
  }

  /** Says something as the user. Resolves when it was answered, or could not be. */
  async send(text: string): Promise<void> {
    const said = text.trim();
    if (said !== '') await this.#running?.chat?.send(said);
  }

  /** Ends the conversation. */
  async finish(): Promise<void> {
    await this.#running?.chat?.finish();
  }

  /** Reads the conversation anew, or begins one when there is none. */
  async open(): Promise<void> {
    await this.#running?.chat?.open();
  }

  /** Begins another conversation. One that is unfinished is resumed instead: a user has one at a time. */
  async startNew(): Promise<void> {
    await this.#running?.chat?.startNew();
  }

  override focus(): void {
    this.#running?.view.focus();
  }

  /** The conversation that is open; `null` when none is. */
  get conversation(): string | null {
    return this.#running?.chat?.conversation ?? null;
  }

  #plan(): void {
    this.#end();
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    queueMicrotask(() => {
      this.#isPlanned = false;
      if (this.isConnected) this.#running = beginChat(this, this.#root);
    });
  }

  #end(): void {
    this.#running?.controller.abort();
    this.#running = null;
  }
}

for (const name of ATTRIBUTES) {
  // `lang` is a property of every element.
  if (name === 'lang') continue;
  Object.defineProperty(
    AmigoChat.prototype,
    name.replace(/-(\w)/, (_, letter: string) => letter.toUpperCase()),
    {
      get(this: AmigoChat) {
        return name === 'voice' ? this.hasAttribute(name) : this.getAttribute(name);
      },
      set(this: AmigoChat, value: string | boolean | null) {
        if (value === null || value === false) this.removeAttribute(name);
        else this.setAttribute(name, value === true ? '' : value);
      },
    },
  );
}

// A page may hold the script twice, under its two names.
if (customElements.get('amigo-chat') === undefined) customElements.define('amigo-chat', AmigoChat);
