/**
 * Capabilities of the embedded agent besides choosing and speaking: memory queries, reflections, user models and
 * metrics. They follow rules and use no model.
 */
import type { Metric, MetricValue } from '../../registry/capabilities.ts';
import type { ReflectionState } from '../../registry/graph.ts';
import type { FinishedConversation, Situation, TranscriptLine } from '../reasoner.ts';
import { extractStatements } from './memories.ts';
import { best, relevance } from './relevance.ts';
import { searchWords } from './search-words.ts';
import { hear } from './words.ts';

/** Words that refer to something earlier: "again", "last time". */
const SPEAKS_OF_BEFORE =
  /\b(?:again|last time|as (?:always|before|usual)|(?:the|my) usual|like before|remember|previous(?:ly)?|same (?:as|one|time|again))\b/i;

/** Returns queries for memories: the search words of each message in which the user refers to something earlier. */
export function memoryQueries({ input }: Situation): string[] {
  return input
    .filter(({ by, text }) => by === 'user' && SPEAKS_OF_BEFORE.test(text))
    .map(({ text }) => searchWords(hear(text)))
    .filter((query) => query !== '');
}

/** Returns a thought that quotes what the user said about the problem; the last two messages when none is about it. */
export function reflect({ history, input }: Situation, { problem }: ReflectionState): string {
  const said = [...history, ...input].filter(({ by }) => by === 'user').map(({ text }) => hear(text));
  const scores = relevance(problem, said);
  const fitting = said.filter((_text, index) => (scores[index] ?? 0) > 0);
  const chosen = fitting.length > 0 ? fitting : said.slice(-2);
  if (chosen.length === 0) return 'Nothing was said about it yet.';
  return `What was said about it: ${chosen.map((text) => `“${text.trim()}”`).join(' ')}`;
}

/** The most statements in a user model. */
const MAX_MODEL_STATEMENTS = 12;

/**
 * Returns the model of a user: their own statements about themselves, the newest conversation first, one on each line.
 */
export function userModel({ user, transcript }: FinishedConversation): string {
  const known = (user.model ?? '').split('\n').filter(Boolean);
  const learnt = extractStatements(transcript).map(({ text }) => text);
  return [...new Set([...learnt, ...known])].slice(0, MAX_MODEL_STATEMENTS).join('\n');
}

/**
 * The messages of the user, by transcript. All metrics of a conversation compare with the same list, so its index is
 * built once.
 */
const saidIn = new WeakMap<readonly TranscriptLine[], string[]>();

function saidByUser(transcript: readonly TranscriptLine[]): string[] {
  const known = saidIn.get(transcript);
  if (known !== undefined) return known;
  const said = transcript.filter(({ by }) => by === 'user').map(({ text }) => hear(text));
  saidIn.set(transcript, said);
  return said;
}

/**
 * Judges a metric by comparing words: whether a message is about it, how many messages are, or the category that fits
 * best. The first category is the answer when none fits.
 */
export function judgeMetric({ transcript }: FinishedConversation, metric: Metric): MetricValue {
  const said = saidByUser(transcript);
  switch (metric.type) {
    case 'boolean':
      return relevance(metric.description, said).some((score) => score > 0);
    case 'numeric':
      return relevance(metric.description, said).filter((score) => score > 0).length;
    case 'categorical':
      return metric.categories[best(relevance(said.join('\n'), metric.categories)) ?? 0] ?? '';
  }
}
