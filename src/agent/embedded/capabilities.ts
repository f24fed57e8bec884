/** What the embedded agent does in the states that it passes through, and after a conversation: rules, no model. */
import type { Metric, MetricValue } from '../../registry/capabilities.ts';
import type { ReflectionState } from '../../registry/graph.ts';
import type { FinishedConversation, Situation, TranscriptLine } from '../reasoner.ts';
import { extractStatements } from './memories.ts';
import { best, relevance } from './relevance.ts';
import { searchWords } from './search-words.ts';
import { hear } from './words.ts';

/** Words with which people speak of what was before. */
const SPEAKS_OF_BEFORE =
  /\b(?:again|last time|as (?:always|before|usual)|(?:the|my) usual|like before|remember|previous(?:ly)?|same (?:as|one|time|again))\b/i;

/** A memory is asked for when the user speaks of what was before, by the words of theirs that tell something. */
export function memoryQueries({ input }: Situation): string[] {
  return input
    .filter(({ by, text }) => by === 'user' && SPEAKS_OF_BEFORE.test(text))
    .map(({ text }) => searchWords(hear(text)))
    .filter((query) => query !== '');
}

/** What the user said that has most to do with the problem, put as a thought. */
export function reflect({ history, input }: Situation, { problem }: ReflectionState): string {
  const said = [...history, ...input].filter(({ by }) => by === 'user').map(({ text }) => hear(text));
  const scores = relevance(problem, said);
  const fitting = said.filter((_text, index) => (scores[index] ?? 0) > 0);
  const chosen = fitting.length > 0 ? fitting : said.slice(-2);
  if (chosen.length === 0) return 'Nothing was said about it yet.';
  return `What was said about it: ${chosen.map((text) => `“${text.trim()}”`).join(' ')}`;
}

/** More statements than this make no picture. */
const MAX_MODEL_STATEMENTS = 12;

/** The user in their own words: what they said about themselves, the newest conversation first. */
export function userModel({ user, transcript }: FinishedConversation): string {
  const known = (user.model ?? '').split('\n').filter(Boolean);
  const learnt = extractStatements(transcript).map(({ text }) => text);
  return [...new Set([...learnt, ...known])].slice(0, MAX_MODEL_STATEMENTS).join('\n');
}

/** What users said, one list for each transcript: all metrics of a conversation share the index of it. */
const saidIn = new WeakMap<readonly TranscriptLine[], string[]>();

function saidByUser(transcript: readonly TranscriptLine[]): string[] {
  const known = saidIn.get(transcript);
  if (known !== undefined) return known;
  const said = transcript.filter(({ by }) => by === 'user').map(({ text }) => hear(text));
  saidIn.set(transcript, said);
  return said;
}

/** A judgement by words: whether, how often, or as which category the conversation speaks of what is measured. */
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
