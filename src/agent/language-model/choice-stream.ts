/**
 * Reads the streamed answer of an action state: a choice on the first line, as `{"action": 2}` or `{"exit": 0}`, then
 * the message. Forgives what weak models make of that: code fences, reasoning in the text, the message inside the JSON,
 * an index that does not exist, no choice at all. The worst that comes of it is speaking in the present state.
 */
import { trimEndOf } from '../../text.ts';
import type { Choice } from '../reasoner.ts';
import { jsonEnd, readChoice, type ReadChoice } from './choice-text.ts';

export interface ChoiceRules {
  actions: number;
  exits: number;
  /** The action that is performed by who speaks without a valid choice. */
  fallback: number;
  /** Whether the choice was made before, so that all of the answer is the message. */
  chosen: boolean;
}

export type StreamedStep = { type: 'choice'; choice: Choice } | { type: 'piece'; text: string };

/** Longer than any choice, even one that has its message inside. */
const MAX_HEAD_LENGTH = 16_000;
/** Longer than any choice in words: "action: 12". */
const MAX_WORDS_LENGTH = 40;
/** A head that is longer is read again only when it has grown by a quarter: each reading begins at its beginning. */
const EAGER_HEAD_LENGTH = 256;
const REASONING_START = '<think>';
const REASONING_END = '</think>';

/** What came in front of the message. `null` where more must be read to tell. */
type Head = (ReadChoice & { rest: string; fenced: boolean }) | null;

const none = { choice: null, said: '' };

function readJson(answer: string, start: number, ended: boolean): Head {
  const end = jsonEnd(answer, start);
  if (end === null && !ended && answer.length < MAX_HEAD_LENGTH) return null;
  const read = readChoice(answer.slice(start, end ?? undefined));
  if (read === null) return { ...none, rest: answer, fenced: false };
  return { ...read, rest: end === null ? '' : answer.slice(end), fenced: start > 0 };
}

function readWords(answer: string, ended: boolean): Head {
  const newline = answer.indexOf('\n');
  if (newline === -1 && !ended && answer.length <= MAX_WORDS_LENGTH) return null;
  const line = newline === -1 ? answer : answer.slice(0, newline);
  const [, kind, index] = /^(action|exit)\s*(?:[:=#-]\s*)?(\d{1,4})\s*(?:[.:)]\s*)?$/i.exec(line) ?? [];
  if (line.length > MAX_WORDS_LENGTH || index === undefined) return { ...none, rest: answer, fenced: false };
  const choice = { kind: kind?.toLowerCase() === 'exit' ? 'exit' : 'action', index: Number(index) } as const;
  return { choice, said: '', rest: answer.slice(line.length), fenced: false };
}

function readHead(answer: string, ended: boolean): Head {
  const fence = /^`{1,3}(?:json)?\s*(?=\{)/i.exec(answer);
  if (answer.startsWith('{') || fence !== null) return readJson(answer, fence?.[0].length ?? 0, ended);
  if (!ended && /^`{1,3}[a-z]{0,10}\s*$/i.test(answer)) return null;
  const beginning = answer.toLowerCase();
  if (!ended && ['action', 'exit'].some((word) => word.startsWith(beginning))) return null;
  if (/^(?:action|exit)(?![a-z])/.test(beginning)) return readWords(answer, ended);
  return { ...none, rest: answer, fenced: false };
}

export class ChoiceStream {
  readonly #rules: ChoiceRules;
  #phase: 'head' | 'gap' | 'speech' | 'over' = 'head';
  /** What was read and not passed on yet. */
  #held = '';
  /** White space, and what may be a closing fence, behind what was passed on of the message. */
  #tail = '';
  #reasoning = false;
  /** The length from which on the head is read again. */
  #nextReading = 0;
  /** Whether a fence around the choice is still open: then it ends behind the message, and is no part of it. */
  #fenced = false;

  constructor(rules: ChoiceRules) {
    this.#rules = rules;
  }

  /** Takes the next part of the answer; returns what can be told of it. */
  push(text: string): StreamedStep[] {
    if (this.#phase !== 'over') this.#held += text;
    return [...this.#steps(false)];
  }

  /** The answer is over; returns what is left of it. */
  end(): StreamedStep[] {
    return [...this.#steps(true)];
  }

  *#steps(ended: boolean): Generator<StreamedStep> {
    if (this.#phase === 'head') yield* this.#head(ended);
    if (this.#phase === 'gap') this.#gap(ended);
    if (this.#phase === 'speech') yield* this.#speech(ended);
  }

  *#head(ended: boolean): Generator<StreamedStep> {
    if (!this.#skipReasoning(ended) || (!ended && this.#held.length < this.#nextReading)) return;
    const head = readHead(this.#held, ended);
    const { length } = this.#held;
    this.#nextReading = length < EAGER_HEAD_LENGTH ? 0 : length * 1.25;
    if (head === null || (head.choice === null && `${head.said}${head.rest}`.trim() === '')) return;
    this.#held = head.rest;
    this.#fenced = head.fenced;
    this.#phase = 'gap';
    const choice = this.#valid(head.choice);
    if (!this.#rules.chosen) yield { type: 'choice', choice };
    const leaves = choice.kind === 'exit' && !this.#rules.chosen;
    if (leaves || head.said !== '') this.#phase = 'over';
    if (!leaves && head.said !== '') yield { type: 'piece', text: head.said };
  }

  /** Drops the reasoning in front of the answer. Returns false while it lasts, or while it may yet begin. */
  #skipReasoning(ended: boolean): boolean {
    for (;;) {
      this.#held = this.#held.trimStart();
      if (this.#reasoning) {
        const end = this.#held.indexOf(REASONING_END);
        if (end === -1) {
          // What is kept may be the beginning of the end.
          this.#held = ended ? '' : this.#held.slice(1 - REASONING_END.length);
          return ended;
        }
        this.#held = this.#held.slice(end + REASONING_END.length);
        this.#reasoning = false;
      } else if (this.#held.startsWith(REASONING_START)) {
        this.#held = this.#held.slice(REASONING_START.length);
        this.#reasoning = true;
      } else {
        return ended || !REASONING_START.startsWith(this.#held);
      }
    }
  }

  #valid(choice: Choice | null): Choice {
    const limit = choice?.kind === 'exit' ? this.#rules.exits : this.#rules.actions;
    return choice !== null && choice.index < limit ? choice : { kind: 'action', index: this.#rules.fallback };
  }

  /** Skips what stands between the choice and the message. */
  #gap(ended: boolean): void {
    const text = this.#held.trimStart();
    this.#held = text;
    const mayBeFence = this.#fenced && /^`{1,2}$/.test(text);
    if (text === '' || (mayBeFence && !ended)) return;
    if (this.#fenced && text.startsWith('`')) {
      this.#fenced = false;
      this.#held = text.replace(/^`{1,3}/, '');
      this.#gap(ended);
      return;
    }
    this.#phase = 'speech';
  }

  /** Passes the message on, but for what may turn out to be its end. */
  *#speech(ended: boolean): Generator<StreamedStep> {
    const body = this.#fenced ? trimEndOf(this.#held, '`') : this.#held.trimEnd();
    const rest = this.#held.slice(body.length);
    this.#held = '';
    let text = body === '' ? '' : this.#tail + body;
    this.#tail = body === '' ? this.#tail + rest : rest;
    if (ended && this.#fenced) text += withoutFence(this.#tail);
    if (text !== '') yield { type: 'piece', text };
  }
}

/** White space and backticks without the closing fence that they end in. */
function withoutFence(tail: string): string {
  const text = tail.trimEnd();
  let ticks = 0;
  while (text.at(-1 - ticks) === '`') ticks += 1;
  return (ticks < 3 ? text : text.slice(0, text.length - ticks)).trimEnd();
}
