/**
 * Takes the tags of models out of a streamed text: reasoning and special tokens are dropped, tool calls and choices come
 * out as such. Holds back no more than what may be a tag.
 */
import { callsInText, type WrittenCall } from './calls-in-text.ts';
import { Block } from './block.ts';
import { Incoming } from './incoming.ts';
import { elementName, isCutTag, MAX_TAG_LENGTH, TAG_START, tagAt, type TagMeaning } from './tags.ts';

/** A piece of an answer without its tags. */
export type Segment =
  | { type: 'text'; text: string }
  /** A choice in a tag: `<action>1</action>`, `<action index="1"/>`. */
  | { type: 'choice'; kind: string; value: string }
  | ({ type: 'call' } & WrittenCall)
  /** All text before this segment was reasoning. */
  | { type: 'reset' };

/** The part of an answer that is being read. The text of a block is collected until the block ends. */
type Mode =
  | { type: 'text' }
  | { type: 'block'; meaning: TagMeaning & { until: RegExp | null } }
  | { type: 'role' }
  | { type: 'channel' }
  | { type: 'over' };

const OTHER_ROLES = ['user', 'human', 'system', 'tool', 'ipython'];
const ROLES = ['assistant', 'model', 'chatbot', ...OTHER_ROLES];
const ROLE = new RegExp(`^\\s*(${ROLES.join('|')})?\\s*`, 'i');

/** The longest begin of a line that is kept, in UTF-16 units. */
const MAX_LINE_LENGTH = 200;
/** The begin of a line in front of a tag: nothing but signs, or a choice. */
const LINE_BEGIN = /^[\s>*_#-]*$|[}\]]\s*$/;

/** Reads a text part by part, and gives what is left of it without tags. */
export class TagFilter {
  #mode: Mode = { type: 'text' };
  #held = '';
  readonly #block = new Block();
  readonly #incoming = new Incoming();
  readonly #isInCode: () => boolean;
  readonly #open = new Set<string>();
  /** The line so far, or its end. */
  #line = '';
  /** True when anything but white space was passed on. */
  #said = false;
  /** The tool that a header of gpt-oss names as the recipient of what follows. */
  #recipient: string | null = null;

  /** `isInCode` tells whether what was passed on ends inside of code that the message shows. */
  constructor(isInCode: () => boolean = () => false) {
    this.#isInCode = isInCode;
  }

  /** Reasoning that has not ended when the answer ends; an empty text when there is none. */
  get unended(): string {
    return this.#mode.type === 'block' && this.#mode.meaning.type === 'reasoning' ? this.#block.text : '';
  }

  /** Takes the next part, and returns the segments that are known after it. Each is to be used before the next is taken. */
  push(text: string): Iterable<Segment> {
    this.#held += this.#incoming.push(text);
    if (this.#mode.type !== 'text' || TAG_START.test(this.#held)) return this.#read(false);
    // Most tokens are text without a tag.
    const out: Segment[] = [];
    if (this.#held !== '') this.#say(out, this.#held);
    this.#held = '';
    return out;
  }

  /** Ends the text, and returns the rest. */
  *end(): Generator<Segment> {
    this.#held += this.#incoming.end();
    yield* this.#read(false);
    if (this.#mode.type === 'text' && this.#said && isCutTag(this.#held)) this.#held = '';
    yield* this.#read(true);
    if (this.#mode.type !== 'block' || this.#mode.meaning.type === 'reasoning') return;
    // A choice without a closing tag ends with its line.
    const text = this.#mode.meaning.type === 'choice' ? this.#block.cutAtLine() : '';
    yield* this.#close();
    if (text !== '') yield { type: 'text', text };
  }

  /** Yields each segment before it reads on: what it says may decide on the meaning of the next tag. */
  *#read(ended: boolean): Generator<Segment> {
    const out: Segment[] = [];
    for (let isMore = true; isMore && this.#held !== '';) {
      switch (this.#mode.type) {
        case 'text':
          isMore = this.#text(out, ended);
          break;
        case 'block':
          isMore = this.#inBlock(out, this.#mode.meaning.until);
          break;
        case 'role':
          isMore = this.#role(ended);
          break;
        case 'channel':
          isMore = this.#channel(ended);
          break;
        case 'over':
          this.#over();
          isMore = this.#held !== '' && this.#mode.type !== 'over';
      }
      yield* out.splice(0);
    }
  }

  /** Passes on the text up to the next tag, and the tag's meaning. */
  #text(out: Segment[], ended: boolean): boolean {
    const start = this.#held.search(TAG_START);
    if (start !== 0) {
      const end = start === -1 ? this.#held.length : start;
      this.#say(out, this.#held.slice(0, end));
      this.#held = this.#held.slice(end);
      return true;
    }
    const tag = tagAt(this.#held, {
      beginsLine: LINE_BEGIN.test(this.#line),
      isInCode: this.#isInCode(),
      ended,
      open: this.#open,
    });
    if (tag === 'more' && !ended) return false;
    if (tag === null || tag === 'more') {
      this.#say(out, this.#held.slice(0, 1));
      this.#held = this.#held.slice(1);
      return true;
    }
    this.#keepsOpen(this.#held.slice(0, tag.length));
    this.#held = this.#held.slice(tag.length);
    this.#means(out, tag.meaning);
    return true;
  }

  /** Notes an element around the message that opens or closes. */
  #keepsOpen(tag: string): void {
    const name = elementName(tag);
    if (name !== null && !tag.startsWith('</')) this.#open.add(name);
  }

  #say(out: Segment[], text: string): void {
    this.#said ||= text.trim() !== '';
    const lineEnd = text.lastIndexOf('\n');
    const line = lineEnd === -1 ? this.#line + text : text.slice(lineEnd + 1);
    this.#line = line.slice(-MAX_LINE_LENGTH);
    const last = out.at(-1);
    if (last?.type === 'text') out[out.length - 1] = { type: 'text', text: last.text + text };
    else out.push({ type: 'text', text });
  }

  #means(out: Segment[], meaning: TagMeaning): void {
    switch (meaning.type) {
      case 'reasoning':
      case 'call':
        this.#mode = { type: 'block', meaning };
        return;
      case 'choice':
        if (meaning.until === null || meaning.value !== '') {
          out.push({ type: 'choice', kind: meaning.kind, value: meaning.value });
        } else this.#mode = { type: 'block', meaning };
        return;
      case 'reasoning-end':
        out.push({ type: 'reset' });
        return;
      case 'end':
        // At the very begin it is the end of the turn before.
        if (this.#said) this.#mode = { type: 'over' };
        return;
      case 'role':
        this.#mode = meaning.role === null ? { type: 'role' } : this.#modeOfRole(meaning.role);
        return;
      case 'channel':
        this.#mode = { type: 'channel' };
        return;
      case 'nothing':
    }
  }

  /** Reads on to the end of a block. */
  #inBlock(out: Segment[], until: RegExp | null): boolean {
    const text = this.#held;
    this.#held = '';
    const behind = this.#block.push(text, until);
    if (behind === null) return false;
    this.#held = behind;
    out.push(...this.#close());
    return true;
  }

  /** Ends a block; returns what it says. */
  #close(): Segment[] {
    const block = this.#block.take();
    const meaning = this.#mode.type === 'block' ? this.#mode.meaning : null;
    this.#mode = { type: 'text' };
    if (meaning?.type === 'choice') return [{ type: 'choice', kind: meaning.kind, value: block.trim() }];
    if (meaning?.type !== 'call') return [];
    return callsInText(block, meaning.name).map((call) => ({ type: 'call', ...call }));
  }

  /** Drops the role of a turn's header, with the white space around it, in however many parts that comes. */
  #role(ended: boolean): boolean {
    if (!ended && ROLES.some((role) => role.startsWith(this.#held.trimStart().toLowerCase()))) return false;
    if (!ended && /^\s*assistant\s+(?:t|to|to=[\w.-]{0,64})?$/.test(this.#held)) return false;
    const [addressed, recipient] =
      /^\s*assistant\s+to=(?:functions\.)?([\w.-]{1,64})\s*/.exec(this.#held) ?? [];
    if (addressed !== undefined && recipient !== undefined) {
      this.#recipient = recipient;
      this.#held = this.#held.slice(addressed.length);
      this.#mode = { type: 'text' };
      return true;
    }
    const [all = '', role = ''] = ROLE.exec(this.#held) ?? [];
    if (!ended && all === this.#held) {
      this.#held = role;
      return false;
    }
    this.#held = this.#held.slice(all.length);
    this.#mode = this.#modeOfRole(role.toLowerCase());
    return true;
  }

  /** Returns the mode for the turn of a role: the text of any role but the model's own is dropped. */
  #modeOfRole(role: string): Mode {
    return OTHER_ROLES.includes(role) ? { type: 'over' } : { type: 'text' };
  }

  /** Reads the header of a channel: `final` is the answer, `commentary to=functions.x` a call, all else reasoning. */
  #channel(ended: boolean): boolean {
    const header = /^([\s\S]{0,200}?)<\|message\|>/.exec(this.#held);
    if (header === null) {
      if (this.#held.length < 240 && !ended) return false;
      this.#mode = { type: 'over' };
      return true;
    }
    const [all, name = ''] = header;
    this.#held = this.#held.slice(all.length);
    const [, called = this.#recipient] = /to=(?:functions\.)?([\w.-]{1,64})/.exec(name) ?? [];
    this.#recipient = null;
    const until = /<\|(?:end|call|return)\|>|(?=<\|(?:start|channel)\|>)/;
    if (called !== null) this.#mode = { type: 'block', meaning: { type: 'call', until, name: called } };
    else if (/^\s*final\b/.test(name)) this.#mode = { type: 'text' };
    else this.#mode = { type: 'block', meaning: { type: 'reasoning', until } };
    return true;
  }

  /** Drops what comes behind the end, but for another message of the same model (gpt-oss). */
  #over(): void {
    const next = this.#held.search(/<\|(?:start\|>assistant|channel\|>)/);
    this.#held = next === -1 ? this.#held.slice(-MAX_TAG_LENGTH) : this.#held.slice(next);
    if (next !== -1) this.#mode = { type: 'text' };
  }
}
