/** What a user could say, read off the exits of a graph: for recommended responses and conversation starters. */
import type { ActionState, ContextGraph, State } from '../../registry/graph.ts';
import type { Starter, StarterRequest, Utterance } from '../reasoner.ts';
import { relevance } from './relevance.ts';

const QUOTED = /"([^"]+)"|“([^”]+)”/g;

/** A description of the user and how the user would put it. `$1` is what the description goes on with. */
const FORMS: readonly [RegExp, string][] = [
  [/^(?:wants?|would like|wishes|needs?|asks?) to (.+)$/i, 'I would like to $1.'],
  [/^wants? (.+)$/i, 'I would like $1.'],
  [/^needs? (.+)$/i, 'I need $1.'],
  [/^asks? (?:for|about) (.+)$/i, 'Could you tell me about $1?'],
  [/^(?:confirms?|agrees?|accepts?|says? yes)\b.*$/i, 'Yes, that is right.'],
  [/^(?:declines?|refuses?|disagrees?|says? no)\b.*$/i, 'No, thank you.'],
  [/^(?:is|has) (?:done|finished|nothing else)\b.*$/i, 'That is all, thank you.'],
];

function toFirstPerson(text: string): string {
  return text
    .replaceAll(/\btheirs\b/gi, 'mine')
    .replaceAll(/\btheir\b/gi, 'my')
    .replaceAll(/\bthem\b/gi, 'me')
    .replaceAll(/\bthey\b/gi, 'I')
    .replace(/[.\s]+$/, '');
}

/** The sentences with which a user would fulfil a description: its quoted examples, else its own words turned. */
function utterancesFor(description: string): string[] {
  const quotes = [...description.matchAll(QUOTED)].map((match) => (match[1] ?? match[2] ?? '').trim());
  if (quotes.length > 0) return quotes;
  const subject = /^(?:the |a )?(?:user|patient|customer|caller|guest)\s+(.+)$/i.exec(description.trim());
  const about = toFirstPerson(subject?.[1] ?? '');
  const form = FORMS.find(([pattern]) => pattern.test(about));
  return form === undefined ? [] : [about.replace(form[0], form[1])];
}

/** The exits a user can bring about from a state; what a decision state behind an exit asks about counts too. */
function exitsFrom(graph: ContextGraph, state: State, depth = 2): string[] {
  if (state.type !== 'action' && state.type !== 'decision') return [];
  return state.exit_conditions.flatMap(({ description, next_state }) => {
    const name = typeof next_state === 'string' ? next_state : next_state[1];
    const next = graph.states.find((candidate) => candidate.name === name);
    const beyond = next?.type === 'decision' && depth > 0 ? exitsFrom(graph, next, depth - 1) : [];
    return [description, ...beyond];
  });
}

function distinct(texts: readonly string[]): string[] {
  const seen = new Set<string>();
  return texts.filter((text) => {
    const key = text.toLowerCase();
    return !seen.has(key) && seen.add(key);
  });
}

/** Best first; texts of equal relevance keep their order. */
function ranked(about: string, texts: readonly string[]): string[] {
  const scores = relevance(about, texts);
  return texts
    .map((text, index) => ({ text, score: scores[index] ?? 0 }))
    .sort((a, b) => b.score - a.score)
    .map(({ text }) => text);
}

export const MAX_RECOMMENDATIONS = 3;

/** What could be said next: from the exits of the state, without what was said already, by the caller's context. */
export function recommendResponses(
  graph: ContextGraph,
  state: ActionState,
  history: readonly Utterance[],
  context: string,
): string[] {
  const said = new Set(history.filter(({ by }) => by === 'user').map(({ text }) => text.toLowerCase()));
  const candidates = distinct(exitsFrom(graph, state).flatMap(utterancesFor)).filter(
    (text) => !said.has(text.toLowerCase()),
  );
  const fallback =
    history.length > 0 ? 'Could you explain that again, please?' : 'What can you help me with?';
  const chosen = ranked(context, candidates).slice(0, MAX_RECOMMENDATIONS);
  return chosen.length > 0 ? chosen : [fallback];
}

/** The facets a prompt is about: those that share words with it. */
function facetsOf(prompt: string, facets: readonly string[]): string[] {
  const scores = relevance(prompt, [...facets]);
  return facets.filter((_facet, index) => (scores[index] ?? 0) > 0);
}

/**
 * Starters about the facets. What the graph offers at the initial state comes first, then what it offers anywhere;
 * where the graph has nothing about a facet, a plain question about that facet keeps the promise of `minCount`.
 */
export function makeStarters(request: StarterRequest): Starter[] {
  const { graph, facets, minCount, maxCount } = request;
  const initial = graph.states.find(({ name }) => name === request.initialState);
  const offered = distinct([
    ...(initial === undefined ? [] : exitsFrom(graph, initial)),
    ...graph.states.flatMap((state) => exitsFrom(graph, state, 0)),
  ]);
  const about = [...facets, request.instructions].join(' ');
  const related = ranked(about, distinct(offered.flatMap(utterancesFor)))
    .map((prompt) => ({ prompt, facets: facetsOf(prompt, facets) }))
    .filter((starter) => starter.facets.length > 0)
    .slice(0, maxCount);
  const plain = PLAIN_QUESTIONS.flatMap((question) =>
    facets.map((facet) => ({ prompt: question.replace('$1', facet), facets: [facet] })),
  );
  return [...related, ...plain].slice(0, Math.max(minCount, related.length));
}

/** As many forms as there may be starters, so that one facet alone can fill the greatest `minCount`. */
const PLAIN_QUESTIONS = [
  'Can you help me with $1?',
  'What should I know about $1?',
  'I have a question about $1.',
  'How does $1 work here?',
  'What do I need for $1?',
  'How long does $1 take?',
  'Who can I talk to about $1?',
  'What comes first with $1?',
  'What else is there about $1?',
  'I would like to begin with $1.',
];
