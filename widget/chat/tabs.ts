/** Other windows of the site with the same chat: they tell each other when a conversation has gone on. */

export class Tabs {
  readonly #channel: BroadcastChannel;

  /** `onChange` is called when another window has changed something. */
  constructor(key: string, signal: AbortSignal, onChange: () => void) {
    this.#channel = new BroadcastChannel(key);
    this.#channel.addEventListener('message', onChange);
    signal.addEventListener('abort', () => this.#channel.close());
  }

  /** Says only that something changed: what it is, the other window asks the API, as its own user. */
  tell(): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no other origin to name
    this.#channel.postMessage('changed');
  }
}
