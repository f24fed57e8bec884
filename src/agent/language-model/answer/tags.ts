/**
 * The tags that models write into their text: special tokens of chat templates, reasoning, tool calls, and choices in
 * angle brackets. Each is known by what it means for the reader of an answer.
 */

/** The meaning of a tag. */
export type TagMeaning =
  /** The begin of reasoning. `until` ends it. */
  | { type: 'reasoning'; until: RegExp }
  /** The end of reasoning. Without a begin, everything before it was reasoning. */
  | { type: 'reasoning-end' }
  /** The begin of a tool call. `until` ends it, or the end of the answer; `name` stands in the tag itself. */
  | { type: 'call'; until: RegExp; name: string }
  /** The begin of a choice: `kind` is what it names. `until` ends it; null where the tag is the whole of it. */
  | { type: 'choice'; kind: string; value: string; until: RegExp | null }
  /** The end of the model's turn. */
  | { type: 'end' }
  /** A header of a turn. The role follows where the tag does not name it. */
  | { type: 'role'; role: string | null }
  /** A header of a channel (gpt-oss): its name follows, up to `<|message|>`. */
  | { type: 'channel' }
  /** A tag around the answer or a part of it, of no meaning. */
  | { type: 'nothing' };

/** The longest tag that is waited for, in UTF-16 units. */
export const MAX_TAG_LENGTH = 120;

const REASONING =
  'think|thinking|thoughts?|reasoning|reflection|analysis|scratchpad|inner_monologue|seed:think';
const CALLS = 'tool_calls?|function_calls?|tool_code|toolcall|use_tool';
const WRAPPERS =
  'message|answer|final_answer|final|response|reply|output|result|assistant|text|say|s|bos|pad|unk|root';

const reasoningTag = new RegExp(`^<(${REASONING})>$`, 'i');
const reasoningEndTag = new RegExp(
  `^(?:</(?:${REASONING})>|\\[/THINK\\]|◁/think▷|<\\|end_of_thought\\|>)$`,
  'i',
);
const callTag = new RegExp(`^<(${CALLS})>$`, 'i');
const functionTag = /^<(function|invoke|tool)(?:=|\s+name=)["']?([\w.-]{1,64})["']?\s*>$/i;
const choiceTag = /^<(action|exit|choice|option|decision)((?:\s[^>]*)?)>$/i;
const wrapperTag = new RegExp(
  `^</?(?:${WRAPPERS}|${CALLS}|function|invoke|tool|action|exit|choice|option|decision)>$`,
  'i',
);
const endTag =
  /^(?:<\|(?:im_end|eot_id|eom_id|endoftext|end_of_text|end|return|call|END_OF_TURN_TOKEN|end_of_sentence|END_RESPONSE)\|>|<(?:end_of_turn|eos|\/s)>|<｜end▁of▁sentence｜>)$/i;
const headerTag = /^(?:<\|(?:im_start|start_header_id|start|START_OF_TURN_TOKEN)\|>|<start_of_turn>)$/i;
const roleTag = /^<\|(assistant|user|human|system|tool)\|>$/i;
const TO_THE_END = /$^/;

const CALL_END = /<\/(?:tool_calls?|function_calls?|tool_code|toolcall|use_tool|function|invoke|tool)\s*>/i;
const CHOICE_END = /<\/(?:action|exit|choice|option|decision)\s*>/i;
const REASONING_END = new RegExp(`</(?:${REASONING})>`, 'i');

function choiceMeaning(tag: string): TagMeaning | null {
  const [, kind = '', attributes = ''] = choiceTag.exec(tag) ?? [];
  if (kind === '') return null;
  const [, value = ''] =
    /(?:index|number|id|n|value|name)\s*=\s*["']?([^"'/>]{1,100})/i.exec(attributes) ?? [];
  const until = attributes.trimEnd().endsWith('/') ? null : CHOICE_END;
  return { type: 'choice', kind: kind.toLowerCase(), value, until };
}

/** Tokens around the tool calls of Command, Kimi and Llama 4, and fences of Gemma and others. */
const CALL_BLOCKS: readonly (readonly [begin: string, until: RegExp])[] = [
  ['<|START_ACTION|>', /<\|END_ACTION\|>/],
  ['<|tool_call_begin|>', /<\|tool_call_end\|>/],
  ['<|python_start|>', /<\|python_end\|>/],
  ['```tool_call', /`{3}/],
  ['```tool_calls', /`{3}/],
  ['```tool_code', /`{3}/],
];

function callMeaning(tag: string): TagMeaning | null {
  const [, call] = callTag.exec(tag) ?? [];
  if (call !== undefined) return { type: 'call', until: CALL_END, name: '' };
  const [, element, name] = functionTag.exec(tag) ?? [];
  if (element !== undefined && name !== undefined) {
    return { type: 'call', until: CALL_END, name };
  }
  if (tag === '[TOOL_CALLS]' || tag === '<|python_tag|>')
    return { type: 'call', until: TO_THE_END, name: '' };
  const block = CALL_BLOCKS.find(([begin]) => begin === tag);
  if (block !== undefined) return { type: 'call', until: block[1], name: '' };
  if (tag === '<|tool_call|>') return { type: 'call', until: /<\|\/tool_call\|>|<\|end\|>/, name: '' };
  if (tag === '<｜tool▁call▁begin｜>') return { type: 'call', until: /<｜tool▁call▁end｜>/, name: '' };
  return null;
}

function reasoningMeaning(tag: string): TagMeaning | null {
  if (tag === '<|START_THINKING|>') return { type: 'reasoning', until: /<\|END_THINKING\|>/ };
  const [, reasoning] = reasoningTag.exec(tag) ?? [];
  if (reasoning !== undefined) return { type: 'reasoning', until: REASONING_END };
  if (tag === '[THINK]') return { type: 'reasoning', until: /\[\/THINK\]/ };
  if (tag === '◁think▷') return { type: 'reasoning', until: /◁\/think▷/ };
  if (tag === '<|begin_of_thought|>') return { type: 'reasoning', until: /<\|end_of_thought\|>/ };
  return reasoningEndTag.test(tag) ? { type: 'reasoning-end' } : null;
}

/** Returns what a tag means; null for what is no tag of a model, such as `<b>`, which is a part of the message. */
function meaningOf(tag: string): TagMeaning | null {
  const special = reasoningMeaning(tag) ?? callMeaning(tag) ?? choiceMeaning(tag);
  if (special !== null) return special;
  if (endTag.test(tag)) return { type: 'end' };
  if (headerTag.test(tag)) return { type: 'role', role: null };
  const [, role] = roleTag.exec(tag) ?? [];
  if (role !== undefined) return { type: 'role', role: role.toLowerCase() };
  if (tag === '<|channel|>') return { type: 'channel' };
  const isNothing =
    wrapperTag.test(tag) || /^<[|｜][\w▁/ ]{1,40}[|｜]>$/.test(tag) || /^\[\/?INST\]$/.test(tag);
  return isNothing ? { type: 'nothing' } : null;
}

/** A tag at the begin of a text, and its length. */
export interface FoundTag {
  length: number;
  meaning: TagMeaning;
}

const BRACKETED = ['[THINK]', '[/THINK]', '[INST]', '[/INST]', '[TOOL_CALLS]', '◁think▷', '◁/think▷'];
/** Fences that hold a tool call, with the end of their line. */
const FENCED_CALLS = ['```tool_calls', '```tool_call', '```tool_code'].flatMap((fence) => [
  `${fence}\n`,
  `${fence}\r\n`,
]);

/** Characters that a tag can begin with. */
export const TAG_START = /[<[◁`]/;

/**
 * Returns the tag at the begin of a text that begins with `TAG_START`. Null when there is none; 'more' when there may be
 * one once more of the text is known.
 */
export function tagAt(text: string): FoundTag | 'more' | null {
  if (text.startsWith('`')) {
    const fence = FENCED_CALLS.find((begin) => text.startsWith(begin));
    const meaning = fence === undefined ? null : meaningOf(fence.trimEnd());
    if (fence !== undefined && meaning !== null) return { length: fence.length, meaning };
    return FENCED_CALLS.some((begin) => begin.startsWith(text)) ? 'more' : null;
  }
  if (!text.startsWith('<')) {
    const found = BRACKETED.find((tag) => text.startsWith(tag));
    const meaning = found === undefined ? null : meaningOf(found);
    if (found !== undefined && meaning !== null) return { length: found.length, meaning };
    return BRACKETED.some((tag) => tag.startsWith(text)) ? 'more' : null;
  }
  const [tag] = /^<[/|｜]?[\p{L}][^<>\n]{0,110}>/u.exec(text) ?? [];
  if (tag !== undefined) {
    const meaning = meaningOf(tag);
    return meaning === null ? null : { length: tag.length, meaning };
  }
  const isOpen = text.length < MAX_TAG_LENGTH && /^<(?:[/|｜]?(?:\p{L}[^<>\n]*)?)?$/u.test(text);
  return isOpen ? 'more' : null;
}
