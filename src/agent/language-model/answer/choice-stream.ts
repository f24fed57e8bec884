/**
 * Reads the streamed answer of an action state: a choice on the first line, as `{"action": 2}` or `{"exit": 0}`, then
 * the message. Understands what models make of that: tags, code fences, words, the message inside the JSON, the choice at
 * the end. An answer that begins with its choice is passed on as it comes. Any other is held to its end, since reasoning
 * that no tag opened looks like a message. Nothing of a choice is passed on.
 */
import { WholeCharacters } from '../../../text.ts';
import type { Choice } from '../../reasoner.ts';
import { callInLines, type WrittenCall } from './calls-in-text.ts';
import { mayAnnounce, mayThink } from './deliberation.ts';
import { readHead } from './head.ts';
import { isEcho } from './echo.ts';
import { JsonMessage } from './json-message.ts';
import { MessageStream } from './message-stream.ts';
import { kindNamed } from './choice-words.ts';
import { choiceOf, type Options, type WrittenChoice } from './options.ts';
import { TagFilter, type Segment } from './tag-filter.ts';
import { readWhole } from './whole-answer.ts';

/** The rules by which an answer is read: its options, the state of the turn, and what is known of the model. */
export interface ChoiceRules extends Options {
  /** The index of the action to perform when the answer names no choice. */
  fallback: number;
  /** True when the choice was made before: the whole answer is then the message. */
  chosen: boolean;
  /** The agent's name. Some models write it in front of the message. */
  speaker: string;
  /** The messages of the user in this turn: words such as "Answer:" in them are no labels. */
  heard?: readonly string[];
  /** The begins of the messages of the prompt: an answer that repeats one is no answer. */
  asked?: readonly string[];
  /** True when the model is known to reason in its text, without a tag that opens the reasoning. */
  thinksAloud: boolean;
}

/** A step of a streamed answer. A choice comes before the message, and no message follows a wrong choice. */
export type StreamedStep =
  | { type: 'choice'; choice: Choice }
  | { type: 'piece'; text: string }
  /** The answer names an option that does not exist. `said` is the choice as the model wrote it. */
  | { type: 'wrong'; said: WrittenChoice }
  | ({ type: 'call' } & WrittenCall);

/** The longest text that is held until the answer ends, in UTF-16 units: far longer than reasoning without a tag. */
const MAX_HELD_LENGTH = 200_000;
/** A head that is longer is read again only when it has grown by a quarter: each reading begins at its beginning. */
const EAGER_HEAD_LENGTH = 256;

/** The most objects in front of an answer that are dropped or are calls: more are no answer. */
const MAX_DROPPED = 32;

/** One answer, read part by part. */
export class ChoiceStream {
  readonly #rules: ChoiceRules;
  readonly #tags = new TagFilter(() => this.#phase === 'speech' && this.#speech.isInCode);
  readonly #characters = new WholeCharacters();
  #phase: 'head' | 'held' | 'speech' | 'json' | 'over' = 'head';
  #held = '';
  #nextReading = 0;
  /** The number of objects in front of the answer that were no choice. */
  #dropped = 0;
  #speech: MessageStream;
  #json: JsonMessage | null = null;
  #visible = '';
  #thoughtAloud = false;

  constructor(rules: ChoiceRules) {
    this.#rules = rules;
    this.#speech = new MessageStream(rules, { isFenced: false, behindChoice: false });
  }

  /** The answer without reasoning and special tokens, as the model is shown it again. */
  get visible(): string {
    return this.#visible;
  }

  /** Tells whether the answer had reasoning that no tag opened. */
  get thoughtAloud(): boolean {
    return this.#thoughtAloud;
  }

  /** Takes the next part of the answer; returns the steps that are known after it. */
  push(text: string): StreamedStep[] {
    const steps: StreamedStep[] = [];
    for (const segment of this.#tags.push(text)) steps.push(...this.#take(segment));
    return this.#whole(steps);
  }

  /** Ends the answer; returns its last steps. */
  end(): StreamedStep[] {
    const steps: StreamedStep[] = [];
    for (const segment of this.#tags.end()) steps.push(...this.#take(segment));
    steps.push(...this.#end());
    const rest = this.#characters.end();
    return [...this.#whole(steps), ...(rest === '' ? [] : [piece(rest)])];
  }

  /** Holds back half characters, and joins the pieces of a part. */
  #whole(steps: readonly StreamedStep[]): StreamedStep[] {
    const out: StreamedStep[] = [];
    for (const step of steps) {
      const text = step.type === 'piece' ? this.#characters.push(step.text) : '';
      const last = out.at(-1);
      if (step.type !== 'piece') out.push(step);
      else if (last?.type === 'piece') out[out.length - 1] = piece(last.text + text);
      else if (text !== '') out.push(piece(text));
    }
    return out;
  }

  #take(segment: Segment): StreamedStep[] {
    switch (segment.type) {
      case 'call':
        return this.call(segment);
      case 'choice':
        return this.#tagged(segment.kind, segment.value);
      case 'reset':
        this.#thoughtAloud = true;
        if (this.#phase === 'held') this.#phase = 'head';
        if (this.#phase !== 'head') return [];
        this.#held = '';
        this.#visible = '';
        return [];
      case 'text':
        this.#visible += segment.text;
        return this.#text(segment.text);
    }
  }

  /** Takes a choice in a tag, which may hold JSON. */
  #tagged(tag: string, value: string): StreamedStep[] {
    const head = /^[{[]/.test(value) ? readHead(value, true, this.#rules) : null;
    const isBehind = this.#phase === 'held' || (this.#phase === 'head' && this.#held.trim() !== '');
    if (isBehind && head === null) {
      // A choice behind other text is read with it, at the end.
      this.#phase = 'held';
      const named = kindNamed(tag) ?? kindNamed(/^[a-z]*/i.exec(value)?.[0] ?? '') ?? 'action';
      const said = value.replace(/^(?:action|exit)[\s:#_]*/i, '').trim();
      return said === '' ? [] : this.#text(`\n${JSON.stringify({ [named]: said })}\n`);
    }
    if (head !== null && head !== 'more') return this.#chooses(head.choice, head.said);
    return this.#chooses({ kind: kindNamed(tag), value: value.replaceAll(/[<>]/g, ' ').trim() });
  }

  /** Takes a call of a name that is no tool. A call with the name of a choice, such as `exit`, is the choice. */
  call(call: WrittenCall): StreamedStep[] {
    const kind = kindNamed(call.name);
    if (kind === null && !/^(?:choose|choice|select)/i.test(call.name)) {
      return [{ type: 'call', name: call.name, input: call.input }];
    }
    const json =
      kind === null ? call.input : `{"name":${JSON.stringify(call.name)},"arguments":${call.input}}`;
    const read = readHead(json, true, this.#rules);
    return read === null || read === 'more' ? [] : this.#chooses(read.choice, read.said);
  }

  #text(text: string): StreamedStep[] {
    switch (this.#phase) {
      case 'head':
        // What was held is not looked at again for white space: it would be copied with every part.
        this.#held += this.#held === '' ? text.trimStart() : text;
        return this.#head(false);
      case 'held':
        if (this.#held.length < MAX_HELD_LENGTH) this.#held += text;
        return [];
      case 'speech':
        return this.#speech.push(text).map(piece);
      case 'json':
        return [...(this.#json?.push(text).map(piece) ?? []), ...this.#behindEmpty()];
      case 'over':
        return [];
    }
  }

  /** Reads the begin of the answer, once there is enough of it. */
  #head(ended: boolean): StreamedStep[] {
    const { length } = this.#held;
    if (length === 0 || (!ended && length < this.#nextReading)) return [];
    this.#nextReading = length < EAGER_HEAD_LENGTH ? 0 : length * 1.25;
    const echo = isEcho(this.#held, this.#rules.asked ?? [], ended);
    if (echo === 'more') return [];
    if (echo) {
      this.#held = '';
      this.#phase = 'over';
      return [];
    }
    const json = JsonMessage.in(this.#held);
    const choice = json === null ? null : choiceOf(json.choice, this.#rules);
    if (json !== null && choice !== null) return this.#speaksInJson(json, choice);
    const head = readHead(this.#held, ended, this.#rules);
    if (head === 'more') return [];
    if (head === null) return this.#prose(ended);
    const { rest } = head;
    if (head.choice === null) this.#dropped += 1;
    if (this.#dropped > MAX_DROPPED) return this.#prose(ended);
    if (head.calls.length > 0) {
      this.#held = rest.trimStart();
      // A call with the name of a choice is the choice, and what stands behind it is the message.
      const behind = this.#held;
      const steps = head.calls.flatMap((call) => this.call(call));
      if (this.#phase !== 'head') return [...steps, ...this.#text(behind)];
      return [...steps, ...(this.#held === '' ? [] : this.#head(ended))];
    }
    if (head.choice === null && head.said === '' && this.#rules.chosen) return this.#prose(ended);
    if (head.choice === null && head.said !== '' && !this.#rules.chosen) {
      // A message around the answer, as {"role": "assistant", "content": …}: it may begin with the choice.
      this.#held = `${head.said}\n${rest.trimStart()}`;
      this.#nextReading = 0;
      return this.#head(ended);
    }
    if (head.choice === null && head.said === '') {
      // An object that is no choice is dropped; what stands behind it may be one.
      this.#held = rest.trimStart();
      return this.#held === '' ? [] : this.#head(ended);
    }
    this.#held = '';
    this.#speech = new MessageStream(this.#rules, { ...head, behindChoice: true });
    const steps = this.#chooses(head.choice, head.said);
    return this.#phase === 'speech' ? [...steps, ...this.#speech.push(rest).map(piece)] : steps;
  }

  #speaksInJson(json: JsonMessage, choice: Choice): StreamedStep[] {
    this.#json = json;
    this.#held = '';
    this.#phase = 'json';
    const steps: StreamedStep[] = this.#rules.chosen ? [] : [{ type: 'choice', choice }];
    if (choice.kind === 'exit' && !this.#rules.chosen) {
      this.#phase = 'over';
      return steps;
    }
    return [...steps, ...json.begin().map(piece), ...this.#behindEmpty()];
  }

  /** Goes on with the text behind a choice whose message is empty. */
  #behindEmpty(): StreamedStep[] {
    const behind = this.#json?.behindEmpty ?? null;
    if (behind === null) return [];
    const isFenced = this.#json?.isFenced === true;
    this.#json = null;
    this.#phase = 'speech';
    this.#speech = new MessageStream(this.#rules, { isFenced, behindChoice: true });
    return this.#speech.push(behind).map(piece);
  }

  /** Takes a choice that was read in front of the message. `said` is a message that stands inside of it. */
  #chooses(written: WrittenChoice | null, said = ''): StreamedStep[] {
    if (this.#phase === 'speech' || this.#phase === 'json' || this.#phase === 'over') return [];
    this.#held = '';
    const { chosen, fallback } = this.#rules;
    const choice = written === null ? null : choiceOf(written, this.#rules);
    if (written !== null && choice === null && !chosen) {
      this.#phase = 'over';
      return [{ type: 'wrong', said: written }];
    }
    const made = choice ?? { kind: 'action', index: fallback };
    const leaves = made.kind === 'exit' && !chosen;
    this.#phase = leaves || said !== '' ? 'over' : 'speech';
    const steps: StreamedStep[] = chosen ? [] : [{ type: 'choice', choice: made }];
    return leaves || said === '' ? steps : [...steps, { type: 'piece', text: said }];
  }

  /** Takes an answer that does not begin with a choice. */
  #prose(ended: boolean): StreamedStep[] {
    const { chosen, thinksAloud } = this.#rules;
    const mayStream = chosen && !thinksAloud;
    if (mayStream) {
      const thinks = mayThink(this.#held, ended) || mayAnnounce(this.#held, ended);
      if (thinks === 'more') return [];
      if (!thinks) {
        const text = this.#held;
        this.#held = '';
        this.#phase = 'speech';
        return this.#speech.push(text).map(piece);
      }
    }
    this.#phase = 'held';
    return [];
  }

  #end(): StreamedStep[] {
    if (this.#phase === 'head') {
      const steps = this.#head(true);
      if (this.#phase === 'head' || this.#phase === 'held') return [...steps, ...this.#ended()];
      return [...steps, ...this.#endOfMessage()];
    }
    return this.#phase === 'held' ? this.#ended() : this.#endOfMessage();
  }

  #endOfMessage(): StreamedStep[] {
    if (this.#phase === 'speech') return this.#speech.end().map(piece);
    return this.#phase === 'json' ? (this.#json?.end().map(piece) ?? []) : [];
  }

  /** Reads an answer as a whole that did not begin with its choice. */
  #ended(): StreamedStep[] {
    const { chosen } = this.#rules;
    const call = callInLines(this.#held);
    if (call !== null) return [{ type: 'call', ...call }];
    const read = readWhole(this.#held, this.#tags.unended, this.#rules);
    this.#held = '';
    if (read === null) return [];
    const { choice, message } = read;
    const made =
      choice === null
        ? { kind: 'action' as const, index: this.#rules.fallback }
        : choiceOf(choice, this.#rules);
    this.#phase = 'over';
    if (made === null) return choice === null || chosen ? [] : [{ type: 'wrong', said: choice }];
    const speech = new MessageStream(this.#rules, { isFenced: false, behindChoice: choice !== null });
    const leaves = made.kind === 'exit' && !chosen;
    const pieces = leaves ? [] : [...speech.push(message), ...speech.end()];
    return [...(chosen ? [] : [{ type: 'choice' as const, choice: made }]), ...pieces.map(piece)];
  }
}

function piece(text: string): StreamedStep {
  return { type: 'piece', text };
}
