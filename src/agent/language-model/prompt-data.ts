/**
 * What was said, remembered and found out, as a model is shown it: one JSON object a line, between tags. JSON keeps a
 * text on its line and inside its quotes, and `<` is escaped, so nobody can write their way out of the tags.
 */
import type { Situation, TranscriptLine, Utterance } from '../reasoner.ts';
import { shorten, windowOf } from './window.ts';

/** What came before this turn. The whole of a usual conversation; the newest part of a long one. */
const HISTORY = { tokens: 6_000, entryTokens: 1_000 };
/** What this turn brought. */
const INPUT = { tokens: 12_000, entryTokens: 8_000 };
const MEMORIES = { tokens: 3_000, entryTokens: 600 };
const TOOL_RESULTS = { tokens: 6_000, entryTokens: 2_000 };
const THOUGHTS = { tokens: 2_000, entryTokens: 800 };
const MAX_USER_MODEL_TOKENS = 800;

function line(entry: Record<string, unknown>): string {
  return JSON.stringify(entry).replaceAll('<', '\\u003c');
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
  const known = user.model === null ? {} : { known: shorten(user.model, MAX_USER_MODEL_TOKENS) };
  return block('user', [{ name: user.name, ...known }]);
}

/** Text entries within a limit, in their order. */
function limited<T>(entries: readonly T[], text: (entry: T) => string, limits: typeof HISTORY) {
  return windowOf(
    entries.map((entry) => ({ entry, text: text(entry) })),
    limits,
  ).kept;
}

function notes(situation: Situation): string[] {
  const memories = limited(situation.workingMemory, ({ content }) => content, MEMORIES);
  const results = limited(situation.toolResults, ({ output }) => output, TOOL_RESULTS);
  const thoughts = limited(
    situation.thoughts.map((text) => ({ text })),
    ({ text }) => text,
    THOUGHTS,
  );
  const answers = Object.entries(situation.position.answers);
  return [
    ...block(
      'earlier_answers',
      answers.map(([state, answer]) => ({ state, answer })),
    ),
    ...block(
      'memories',
      memories.map(({ entry, text }) => ({ about: entry.context, memory: text })),
    ),
    ...block(
      'tool_results',
      results.map(({ entry, text }) => ({ tool: entry.tool_name, input: entry.input, output: text })),
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

/** The graph's or a caller's words in a list; nothing where there are none. */
export function list(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`${title}\n${items.map((item) => `- ${item}`).join('\n')}`];
}

/** The same, to be chosen from by number. */
export function numbered(title: string, items: readonly string[]): string[] {
  return items.length === 0
    ? []
    : [`${title}\n${items.map((item, index) => `${index}. ${item}`).join('\n')}`];
}
