/**
 * The answer that was on its way when the page was left: after a reload what was shown of it stands there at once, and
 * only the rest is asked for.
 */
import { keep, readKept } from '../tab-storage.ts';

/** An answer that was not whole. */
export interface KeptAnswer {
  conversation: string;
  interaction: string;
  /** The cursor of the last event that was shown. */
  cursor: number;
  text: string;
  steps: string[];
  /** The key of the message in the outbox that it answers; empty for one that this window did not send. */
  key: string;
  /** The message that it answers, when no message of the outbox is it: its identifier and its text. */
  question: { id: string; text: string } | null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isKept(value: unknown): value is KeptAnswer {
  const { conversation, interaction, cursor, text, steps, key, question } = Object(value) as Partial<
    Record<keyof KeptAnswer, unknown>
  >;
  const { id, text: asked } = Object(question) as Partial<Record<'id' | 'text', unknown>>;
  return (
    [conversation, interaction, text, key].every(isText) &&
    typeof cursor === 'number' &&
    Array.isArray(steps) &&
    steps.every(isText) &&
    (question === null || (isText(id) && isText(asked)))
  );
}

/** Keeps the answer that is on its way in the tab's storage when the page is left. */
export class KeptAnswers {
  #key: string | null = null;
  #kept: KeptAnswer | null = null;
  /** Returns the answer that is on its way; `null` when none is, or none that can be gone on with. */
  current: () => KeptAnswer | null = () => null;

  constructor(signal: AbortSignal) {
    addEventListener('pagehide', () => this.#save(), { signal });
  }

  /** Keeps under `key` from now on, and takes up what is there. The key names the user. */
  keepAs(key: string): void {
    if (this.#key === key) return;
    this.#key = key;
    const value = readKept(key);
    this.#kept = isKept(value) ? value : null;
    keep(key, null);
  }

  /** The answer of the page before, until it is gone on with. */
  get kept(): KeptAnswer | null {
    return this.#kept;
  }

  /** Returns the kept answer of an interaction, or of a message by its key, once. */
  take({ interaction, key }: { interaction?: string; key?: string }): KeptAnswer | null {
    const kept = this.#kept;
    if (kept === null || (kept.interaction !== interaction && kept.key !== key)) return null;
    this.#kept = null;
    return kept;
  }

  #save(): void {
    // What was not gone on with yet is kept for one page more.
    if (this.#key !== null) keep(this.#key, this.current() ?? this.#kept);
  }
}
