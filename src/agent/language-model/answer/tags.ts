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
/** Names that mean reasoning where they begin a line; inside of one they may be words of the message. */
const LIKE_REASONING =
  '[\\w:.-]{0,20}(?:think|thought|reason|reflect|scratch|monologue|rationale|deliberat)[\\w:.-]{0,20}|explanation|observation|notes|planning|plan|cot|critique|brainstorm|justification|commentary|internal|hidden';
const CALLS =
  '(?:｜DSML｜|[a-z]{1,12}:)?(?:tool_calls?|function_calls?|tool_code|toolcall|use_tool|tool_use)';
const WRAPPERS =
  '[\\w:.-]{0,20}(?:message|answer|response|reply|output|result|speech|utterance|content|json)[\\w:.-]{0,20}|final|assistant|agent|text|say|line_?\\d|s|sep|bos|pad|unk|root';
const CHOICES = '(?:[a-z]{1,12}_)?(action|exit|choice|option|decision)(?:_[a-z]{1,12})?';
const ATTRIBUTES = '(?:\\s[^<>]*)?';

const reasoningTag = new RegExp(`^<(${REASONING})${ATTRIBUTES}>$`, 'i');
const likeReasoningTag = new RegExp(`^<(${LIKE_REASONING})${ATTRIBUTES}>$`, 'i');
const reasoningEndTag = new RegExp(
  `^(?:</(?:${REASONING}|${LIKE_REASONING})\\s*>|\\[/(?:THINK|think|thinking|REASONING)\\]|◁/think▷|<\\|end_of_thought\\|>)$`,
  'i',
);
const callTag = new RegExp(`^<(${CALLS})(?:\\s+name=["']?([\\w.-]{1,64})["']?[^<>]{0,60})?>$`, 'i');
const functionTag = /^<(?:｜DSML｜)?(function|invoke|tool)(?:=|\s+name=)["']?([\w.-]{1,64})["']?\s*>$/i;
const choiceTag = new RegExp(`^<${CHOICES}(${ATTRIBUTES})>$`, 'i');
const wrapperTag = new RegExp(
  `^</?(?:${WRAPPERS}|${CALLS}|(?:｜DSML｜)?(?:function|invoke|tool)|${CHOICES})\\s*/?>$`,
  'i',
);
const endTag =
  /^(?:<\|(?:im_end|eot_id|eom_id|endoftext|end_of_text|end|return|call|END_OF_TURN_TOKEN|end_of_sentence|END_RESPONSE|END)\|>|<(?:end_of_turn|end_of_utterance|eos|eod|EOT|END|turn\||\/s)>|<｜end▁of▁sentence｜>|\[(?:EOS|END|end of turn|INST|\|endofturn\|)\])$/i;
const headerTag =
  /^(?:<\|(?:im_start|start_header_id|header_start|start_of_role|role_start|start|START_OF_TURN_TOKEN)\|>|<(?:start_of_turn|\|turn|extra_id_1)>)$/i;
const roleTag = /^(?:<[|｜]|\[\|)(assistant|user|human|system|tool)(?:[|｜]>|\|\])$/i;
const TO_THE_END = /$^/;

const CALL_END =
  /<\/(?:｜DSML｜|[a-z]{1,12}:)?(?:tool_calls?|function_calls?|tool_code|toolcall|use_tool|tool_use|function|invoke|tool)\s*>/i;
const CHOICE_END = /<\/(?:[a-z]{1,12}_)?(?:action|exit|choice|option|decision)(?:_[a-z]{1,12})?\s*>/i;
const REASONING_END = new RegExp(`</(?:${REASONING})\\s*>`, 'i');
const LIKE_REASONING_END = new RegExp(`</(?:${LIKE_REASONING}|${REASONING})\\s*>`, 'i');

function choiceMeaning(tag: string): TagMeaning | null {
  const [, kind = '', attributes = ''] = choiceTag.exec(tag) ?? [];
  if (kind === '') return null;
  const [, value = ''] =
    /(?:index|number|id|n|value|name|action|exit)\s*=\s*["']?([^"'/>]{1,100})/i.exec(attributes) ??
    /^\s*#?(\d{1,4})\s*\/?$/.exec(attributes) ??
    [];
  const until = attributes.trimEnd().endsWith('/') ? null : CHOICE_END;
  return { type: 'choice', kind: kind.toLowerCase(), value, until };
}

/** Tokens around the tool calls of Command, Kimi and Llama 4, and fences of Gemma and others. */
const CALL_BLOCKS: readonly (readonly [begin: string, until: RegExp])[] = [
  ['<|START_ACTION|>', /<\|END_ACTION\|>/],
  ['<|tool_call_begin|>', /<\|tool_call_end\|>/],
  ['<|python_start|>', /<\|python_end\|>/],
  ['<|tool_calls|>', /<\|\/tool_calls\|>|<\|end\|>/],
  ['<|tool_call_start|>', /<\|tool_call_end\|>/],
  ['<|tools_prefix|>', /<\|tools_suffix\|>/],
  ['<start_function_call>', /<end_function_call>/],
  ['[TOOL_REQUEST]', /\[END_TOOL_REQUEST\]/],
  ['```tool_call', /`{3}/],
  ['```tool_calls', /`{3}/],
  ['```tool_code', /`{3}/],
];

function callMeaning(tag: string): TagMeaning | null {
  const [, call, called = ''] = callTag.exec(tag) ?? [];
  // Elements around the call of MiniMax and DeepSeek hold one that has its own name.
  if (call !== undefined)
    return /:|｜/.test(call) ? { type: 'nothing' } : { type: 'call', until: CALL_END, name: called };
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

/** Tokens and brackets around reasoning, of Mistral, Apertus, Gemma and others. */
const REASONING_BLOCKS: readonly (readonly [begin: string, until: RegExp])[] = [
  ...['[THINK]', '[think]', '[thinking]', '[REASONING]', '[reasoning]'].map(
    (begin) => [begin, /\[\/(?:THINK|think|thinking|REASONING|reasoning)\]/] as const,
  ),
  ['<|thinking|>', /<\|\/thinking\|>/],
  ['<|think|>', /<\|\/think\|>/],
  ['<|start_think|>', /<\|end_think\|>/],
  ['<|inner_prefix|>', /<\|inner_suffix\|>/],
  ['<|channel>', /<channel\|>/],
  ['<unused94>', /<unused95>/],
];

function reasoningMeaning(tag: string): TagMeaning | null {
  if (tag === '<|START_THINKING|>') return { type: 'reasoning', until: /<\|END_THINKING\|>/ };
  if (tag.endsWith('/>') && likeReasoningTag.test(tag)) return { type: 'nothing' };
  if (reasoningTag.test(tag)) return { type: 'reasoning', until: REASONING_END };
  if (likeReasoningTag.test(tag)) return { type: 'reasoning', until: LIKE_REASONING_END };
  const bracketed = REASONING_BLOCKS.find(([begin]) => begin === tag);
  if (bracketed !== undefined) return { type: 'reasoning', until: bracketed[1] };
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
    wrapperTag.test(tag) || /^<[|｜][\w▁/ ]{1,40}[|｜]>$/.test(tag) || ['[/INST]', '[BOS]'].includes(tag);
  return isNothing ? { type: 'nothing' } : null;
}

/** A tag at the begin of a text, and its length. */
export interface FoundTag {
  length: number;
  meaning: TagMeaning;
}

const BRACKETED = [
  ...[
    '[think]',
    '[thinking]',
    '[REASONING]',
    '[reasoning]',
    '[/think]',
    '[/thinking]',
    '[/REASONING]',
    '[BOS]',
  ],
  ...['[THINK]', '[/THINK]', '[INST]', '[/INST]', '[TOOL_CALLS]', '[TOOL_REQUEST]', '◁think▷', '◁/think▷'],
  ...['[EOS]', '[END]', '[end of turn]', '[|endofturn|]', '[|assistant|]', '[|user|]', '[|system|]'],
];
/** Fences that hold a tool call, with the end of their line. */
const FENCED_CALLS = ['```tool_calls', '```tool_call', '```tool_code'].flatMap((fence) => [
  `${fence}\n`,
  `${fence}\r\n`,
]);

/** Characters that a tag can begin with. */
export const TAG_START = /[<[◁`]/;

/** The place of a tag in the answer, which decides on names that are words of a language too. */
export interface TagPlace {
  /** True where nothing but signs stands in front of it on its line, or a choice. */
  beginsLine: boolean;
  /** True inside of code that the message shows: only tokens of templates are tags there. */
  isInCode: boolean;
  /** True at the end of the answer. */
  ended: boolean;
  /** The names of elements around the message that are open. */
  open: ReadonlySet<string>;
}

const TOKEN = /^<[|｜]|[|｜]>$|^<unused\d/;
const STRICT = new RegExp(`^</?(?:${REASONING})${ATTRIBUTES}>$`, 'i');
const CALLING = new RegExp(`^</?(?:${CALLS}|function|invoke|tool)\\b`, 'i');

/** Returns the name of an element around the message, in lower case; null for any other tag. */
export function elementName(tag: string): string | null {
  return wrapperTag.test(tag)
    ? tag
        .replace(/^<\/?/, '')
        .replace(/[\s/>][^]*$/, '')
        .toLowerCase()
    : null;
}

/** Tells whether an opening tag inside of a line is meant as one; 'more' when that shows only behind it. */
function isMeantInLine(tag: string, behind: string, ended: boolean): boolean | 'more' {
  if (choiceTag.test(tag)) {
    if (/\d/.test(tag)) return true;
    const [, stop] = /^[^<\n]{0,100}(<\/|[<\n])/.exec(behind) ?? [];
    if (stop === '<' && behind.endsWith('<') && behind.indexOf('<') === behind.length - 1 && !ended)
      return 'more';
    if (stop !== undefined) return stop === '</' && !behind.startsWith('</');
    return behind.length > 100 || ended ? false : 'more';
  }
  if (behind === '') return ended ? false : 'more';
  // "Write <message> in the box" is a sentence.
  return !/^[ \t,.;:!?)'"]/.test(behind);
}

/** Tells whether a tag is one of a model, and no word of the message; 'more' when that shows only behind it. */
function isMeant(tag: string, behind: string, place: TagPlace): boolean | 'more' {
  if (TOKEN.test(tag)) return true;
  if (place.isInCode) return false;
  if (place.beginsLine || endTag.test(tag) || STRICT.test(tag) || CALLING.test(tag)) return true;
  if (likeReasoningTag.test(tag)) return false;
  const name = elementName(tag);
  if (!tag.startsWith('</'))
    return name === null && !choiceTag.test(tag) ? true : isMeantInLine(tag, behind, place.ended);
  if (name === null || place.open.has(name)) return true;
  if (behind === '') return place.ended ? true : 'more';
  return /^[\n\r<]/.test(behind);
}

/** Returns the bracketed tag or the fence at the begin of a text; null for none. */
function otherTag(text: string): FoundTag | 'more' | null {
  const known = text.startsWith('`') ? FENCED_CALLS : BRACKETED;
  const found = known.find((tag) => text.startsWith(tag));
  const meaning = found === undefined ? null : meaningOf(found.trimEnd());
  if (found !== undefined && meaning !== null) return { length: found.length, meaning };
  return known.some((tag) => tag.startsWith(text)) ? 'more' : null;
}

/**
 * Returns the tag at the begin of a text that begins with `TAG_START`. Null when there is none; 'more' when there may be
 * one once more of the text is known.
 */
export function tagAt(text: string, place: TagPlace): FoundTag | 'more' | null {
  if (!text.startsWith('<')) return otherTag(text);
  const [tag] = /^<\/?[|｜]?\p{L}[^<>\n]{0,110}>/u.exec(text) ?? [];
  if (tag !== undefined) {
    const meaning = meaningOf(tag);
    if (meaning === null) return null;
    const isTag = isMeant(tag, text.slice(tag.length), place);
    if (isTag === 'more') return 'more';
    return isTag ? { length: tag.length, meaning } : null;
  }
  const isOpen = text.length < MAX_TAG_LENGTH && /^<\/?[|｜]?(?:\p{L}[^<>\n]*)?$/u.test(text);
  return isOpen ? 'more' : null;
}

/** Names that a tag which is cut off at the end of an answer may have. */
const CUT_NAMES =
  'think thinking thought reasoning reflection analysis scratchpad action exit choice option decision message answer response reply output end_of_turn start_of_turn end_of_utterance tool_call tool_calls function_call function_calls assistant'.split(
    ' ',
  );

/** Tells whether the end of an answer is a tag that is cut off: `</thi`, `<end_of_tu`, `[/INST`. */
export function isCutTag(text: string): boolean {
  if (/^<[|｜][\w▁/]{0,40}$/.test(text) || text === '</') return true;
  const [, slash = '', name = ''] = /^<(\/?)([a-z_]{1,20})$/i.exec(text) ?? [];
  if (name.length === 1) return slash !== '';
  if (name !== '') return CUT_NAMES.some((known) => known.startsWith(name.toLowerCase())) || slash !== '';
  return text.length > 2 && BRACKETED.some((tag) => tag.startsWith(text));
}
