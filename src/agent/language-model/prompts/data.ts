/**
 * Blocks of data in a prompt: what was said, remembered and found out. A block has one JSON object on each line,
 * between tags. JSON keeps a text on its line and inside its quotes, and `<` is escaped, so that no text can leave its
 * tags.
 */
import { jsonLine } from '../../../text.ts';
import { stableEnds } from './stable-ends.ts';
import type { Situation, TranscriptLine, Utterance } from '../../reasoner.ts';
import {
  alignedWindow,
  estimateEscaped,
  estimateTokens,
  shorten,
  windowOf,
  type WindowLimits,
} from '../window.ts';

/** The limits of each block of data. */
interface Budget {
  /** Utterances before this turn: all of a usual conversation, the newest part of a long one. */
  history: WindowLimits;
  /** Utterances of this turn. */
  input: WindowLimits;
  memories: WindowLimits;
  results: WindowLimits;
  answers: WindowLimits;
  thoughts: WindowLimits;
  /** Tokens of what is known about the user, and of the summary of what is no longer shown. */
  model: number;
  summary: number;
}

const USUAL: Budget = {
  history: { tokens: 12_000, entryTokens: 1_000 },
  input: { tokens: 12_000, entryTokens: 8_000 },
  memories: { tokens: 3_000, entryTokens: 600 },
  results: { tokens: 6_000, entryTokens: 2_000 },
  answers: { tokens: 3_000, entryTokens: 200 },
  thoughts: { tokens: 2_000, entryTokens: 800 },
  model: 800,
  summary: 1_000,
};
/** The window of a model for which the usual budget is made; in a smaller one every block has its share. */
const USUAL_WINDOW = 48_000;
/** The part of a larger window that the history may fill, and the most that it fills. */
const HISTORY_SHARE = 0.4;
const MAX_HISTORY_TOKENS = 48_000;

/** Returns the limits of each block in a window of so many tokens; null is the usual window. */
function budgetFor(window: number | null): Budget {
  if (window === null) return USUAL;
  if (window >= USUAL_WINDOW) {
    const tokens = Math.min(Math.round(window * HISTORY_SHARE), MAX_HISTORY_TOKENS);
    return { ...USUAL, history: { ...USUAL.history, tokens } };
  }
  const share = window / USUAL_WINDOW;
  const scaled = ({ tokens, entryTokens }: WindowLimits): WindowLimits => ({
    tokens: Math.round(tokens * share),
    entryTokens: Math.max(Math.round(entryTokens * share), 30),
  });
  return {
    history: scaled(USUAL.history),
    input: scaled(USUAL.input),
    memories: scaled(USUAL.memories),
    results: scaled(USUAL.results),
    answers: scaled(USUAL.answers),
    thoughts: scaled(USUAL.thoughts),
    model: Math.round(USUAL.model * share),
    summary: Math.round(USUAL.summary * share),
  };
}

/** The most tokens of each part of a prompt: a name, a sentence, a text of the graph or of a caller, a list. */
const PART_TOKENS = { name: 60, sentence: 500, text: 2_000, list: 4_000 } as const;

/** Returns words of the graph or of a caller as a part of a prompt, shortened to `PART_TOKENS`. */
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

/** A block of lines, or nothing where there is none. */
function blockOf(tag: string, written: readonly string[]): string[] {
  return written.length === 0 ? [] : [`<${tag}>\n${written.join('\n')}\n</${tag}>`];
}

/** A block of data, or nothing where there is none. */
function block(tag: string, entries: readonly Record<string, unknown>[]): string[] {
  return blockOf(tag, entries.map(line));
}

/** The lines of utterances: those of a conversation's history stand in the prompt of each of its turns. */
const spoken = new WeakMap<Utterance, string>();

/** Returns an utterance as a line of data. */
function said(utterance: Utterance): string {
  const known = spoken.get(utterance);
  if (known !== undefined) return known;
  const { by, text } = utterance;
  const written = line({ [by]: text });
  spoken.set(utterance, written);
  return written;
}

/** The line for entries that a window leaves out; nothing where there are none. */
function omission(count: number): string[] {
  return count === 0 ? [] : [line({ omitted: `${count} earlier entries` })];
}

/** Returns the number of messages, from the first of the conversation, that a prompt no longer shows whole. */
export function hiddenMessages(situation: Situation, window: number | null): number {
  const first = situation.historyStart ?? 0;
  return first + alignedWindow(situation.history, budgetFor(window).history, first).omitted;
}

/**
 * The history, or its newest part, with a summary of the rest. Its begin stays the same for several turns. `hidden` is the number
 * of messages that it does not show whole.
 */
function past(situation: Situation, budget: Budget): { blocks: string[]; hidden: number } {
  const { history, historyStart: first = 0, position } = situation;
  const { kept, omitted } = alignedWindow(history, budget.history, first);
  const hidden = first + omitted;
  const { summary } = position;
  const text = summary === undefined ? '' : shorten(summary.text, budget.summary, estimateEscaped);
  const blocks = [
    ...(hidden === 0 || text === '' ? [] : block('summary', [{ earlier: text }])),
    ...blockOf('conversation', [...omission(hidden), ...kept.map(said)]),
  ];
  return { blocks, hidden };
}

function present(input: readonly Utterance[], limits: WindowLimits): string[] {
  const { kept, omitted } = windowOf(input, limits);
  return blockOf('now', [...omission(omitted), ...kept.map(said)]);
}

/** Returns the block about a user: the name, and the user model shortened to so many tokens. */
export function aboutUser(user: Situation['user'], tokens = USUAL.model): string[] {
  const known = user.model === null ? {} : { known: shorten(user.model, tokens, estimateEscaped) };
  return block('user', [{ name: brief(user.name), ...known }]);
}

/** Text entries within a limit, in their order. */
function limited<T>(entries: readonly T[], text: (entry: T) => string, limits: WindowLimits) {
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

function notes(situation: Situation, budget: Budget): string[] {
  const memories = limited(situation.workingMemory, ({ content }) => content, budget.memories);
  const results = limited(situation.toolResults, ({ output }) => output, budget.results);
  const thoughts = limited(
    situation.thoughts.map((text) => ({ text })),
    ({ text }) => text,
    budget.thoughts,
  );
  const answers = limited(Object.entries(situation.position.answers), ([, answer]) => answer, budget.answers);
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

/** The data of a situation in a prompt, and the places in it up to which later prompts of the conversation begin alike. */
export interface SituationData {
  text: string;
  stable: number[];
}

/**
 * Returns all that a situation knows beyond the graph and the agent. What changes least comes first. `window` is the
 * number of tokens that a prompt may have; null is the usual.
 */
export function situationData(situation: Situation, window: number | null = null): SituationData {
  const budget = budgetFor(window);
  const { blocks, hidden } = past(situation, budget);
  const text = [
    ...aboutUser(situation.user, budget.model),
    ...blocks,
    ...notes(situation, budget),
    ...present(situation.input, budget.input),
  ].join('\n');
  return { text, stable: stableEnds(text, hidden) };
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
