/**
 * What was said, remembered and found out, as a model is shown it: one JSON object a line, between tags. JSON keeps a
 * text on its line and inside its quotes, and `<` is escaped, so nobody can write their way out of the tags.
 */
import { jsonLine } from '../../text.ts';
import type { Situation, TranscriptLine, Utterance } from '../reasoner.ts';
import { estimateEscaped, estimateTokens, shorten, windowOf } from './window.ts';

/** What came before this turn. The whole of a usual conversation; the newest part of a long one. */
const HISTORY = { tokens: 6_000, entryTokens: 1_000 };
/** What this turn brought. */
const INPUT = { tokens: 12_000, entryTokens: 8_000 };
const MEMORIES = { tokens: 3_000, entryTokens: 600 };
const TOOL_RESULTS = { tokens: 6_000, entryTokens: 2_000 };
const ANSWERS = { tokens: 3_000, entryTokens: 200 };
const THOUGHTS = { tokens: 2_000, entryTokens: 800 };
const MAX_USER_MODEL_TOKENS = 800;

/** What each part of a prompt may hold, in tokens: a name, a sentence, a text of the graph or of a caller, a list. */
const PART_TOKENS = { name: 60, sentence: 500, text: 2_000, list: 4_000 } as const;

/** The graph's or a caller's words as a part of a prompt, at most so many tokens of them. */
export function part(text: string, kind: keyof typeof PART_TOKENS): string {
  return shorten(text, PART_TOKENS[kind]);
}

/** A short text inside of a line of data. */
function brief(text: string): string {
  return shorten(text, PART_TOKENS.name, estimateEscaped);
}

function line(entry: Record<string, unknown>): string {
  return jsonLine(entry).replaceAll('<', '\\u003c');
}

/** A block of data, or nothing where there is none. */
function block(tag: string, entries: readonly Record<string, unknown>[]): string[] {
  return entries.length === 0 ? [] : [`<${tag}>\n${entries.map(line).join('\n')}\n</${tag}>`];
}

function utterances(tag: string, entries: readonly Utterance[], limits: typeof HISTORY): string[] {
  const { kept, omitted } = windowOf(entries, limits);
  const missing = omitted === 0 ? [] : [{ omitted: `${omitted} earlier entries` }];
  return block(tag, [...missing, ...kept.map(({ by, text }) => ({ [by]: text }))]);
}

export function aboutUser(user: Situation['user']): string[] {
  const known =
    user.model === null ? {} : { known: shorten(user.model, MAX_USER_MODEL_TOKENS, estimateEscaped) };
  return block('user', [{ name: brief(user.name), ...known }]);
}

/** Text entries within a limit, in their order. */
function limited<T>(entries: readonly T[], text: (entry: T) => string, limits: typeof HISTORY) {
  return windowOf(
    entries.map((entry) => ({ entry, text: text(entry) })),
    limits,
  ).kept;
}

/** The input of a tool; of a long one its beginning and end as text. */
function inputOf({ input }: Situation['toolResults'][number]): unknown {
  const json = JSON.stringify(input);
  return estimateEscaped(json) <= PART_TOKENS.sentence ? input : brief(json);
}

function notes(situation: Situation): string[] {
  const memories = limited(situation.workingMemory, ({ content }) => content, MEMORIES);
  const results = limited(situation.toolResults, ({ output }) => output, TOOL_RESULTS);
  const thoughts = limited(
    situation.thoughts.map((text) => ({ text })),
    ({ text }) => text,
    THOUGHTS,
  );
  const answers = limited(Object.entries(situation.position.answers), ([, answer]) => answer, ANSWERS);
  return [
    ...block(
      'earlier_answers',
      answers.map(({ entry: [state], text }) => ({ state: brief(state), answer: text })),
    ),
    ...block(
      'memories',
      memories.map(({ entry, text }) => ({ about: brief(entry.context), memory: text })),
    ),
    ...block(
      'tool_results',
      results.map(({ entry, text }) => ({
        tool: brief(entry.tool_name),
        input: inputOf(entry),
        output: text,
      })),
    ),
    ...block(
      'thoughts',
      thoughts.map(({ text }) => ({ thought: text })),
    ),
  ];
}

/** All that a situation knows beyond the graph and the agent. What changes least comes first. */
export function situationData(situation: Situation): string {
  return [
    ...aboutUser(situation.user),
    ...utterances('conversation', situation.history, HISTORY),
    ...notes(situation),
    ...utterances('now', situation.input, INPUT),
  ].join('\n');
}

/** A part of a finished conversation. Lines are numbered, since models copy numbers better than identifiers. */
export function transcriptData(lines: readonly TranscriptLine[]): string {
  return block(
    'conversation',
    lines.map(({ by, text }, number) => ({ number, [by]: text })),
  ).join('\n');
}

/** The graph's or a caller's words in a list, as many of them as fit; nothing where there are none. */
export function list(title: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  const lines: string[] = [];
  let left = PART_TOKENS.list;
  for (const item of items) {
    const line = `- ${part(item, 'sentence')}`;
    left -= estimateTokens(line) + 1;
    if (left < 0) break;
    lines.push(line);
  }
  return [`${title}\n${lines.join('\n')}`];
}

/** One text under a title; nothing where there is none. */
export function titled(title: string, text: string): string[] {
  return text === '' ? [] : [`${title}\n- ${part(text, 'text')}`];
}

/** The fewest tokens that an entry of a numbered list has, and the most entries: each must be there to be chosen. */
const MIN_ENTRY_TOKENS = 10;
const MAX_ENTRIES = PART_TOKENS.list / MIN_ENTRY_TOKENS / 2;

/** Words in a list to be chosen from by number, each at most as long as all of them can be. */
export function numbered(title: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  const shown = items.slice(0, MAX_ENTRIES);
  const each = Math.min(PART_TOKENS.sentence, Math.floor(PART_TOKENS.list / shown.length));
  const lines = shown.map((item, index) => `${index}. ${shorten(item, each - MIN_ENTRY_TOKENS)}`);
  return [`${title}\n${lines.join('\n')}`];
}
