/**
 * Sentences that a user could say, made from the exits of a graph: recommended responses and conversation starters.
 */
import { trimEndOf } from '../../text.ts';
import type { ActionState, ContextGraph } from '../../registry/graph.ts';
import type { Starter } from '../../contract/conversations.ts';
import type { StarterRequest, Utterance } from '../reasoner.ts';
import { readAction } from './actions.ts';
import { awaitsAnswer, decidedBehind, targetOf } from './exits.ts';
import { compare, understand, type Understood } from './relevance.ts';
import { hear, stemsOf } from './words.ts';

const QUOTED = /"([^"]+)"|“([^“”]+)”/g;

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
  const turned = text
    .replaceAll(/\btheirs\b/gi, 'mine')
    .replaceAll(/\btheir\b/gi, 'my')
    .replaceAll(/\bthem\b/gi, 'me')
    .replaceAll(/\bthey\b/gi, 'I');
  return trimEndOf(turned, '.');
}

function quotesIn(text: string): string[] {
  return [...text.matchAll(QUOTED)].map((match) => (match[1] ?? match[2] ?? '').trim());
}

/** Returns sentences of a user that fit a description: its quoted examples, else its own words in the first person. */
function utterancesFor(description: string): string[] {
  const quotes = quotesIn(description);
  if (quotes.length > 0) return quotes;
  const subject = /^(?:the |a )?(?:user|patient|customer|caller|guest)\s+(\S.*)$/i.exec(description.trim());
  const about = toFirstPerson(subject?.[1] ?? '');
  const form = FORMS.find(([pattern]) => pattern.test(about));
  return form === undefined ? [] : [about.replace(form[0], form[1])];
}

/** Returns the quoted examples of what a user says on the occasion of an action; none for a plain action. */
function examplesOf(action: string): string[] {
  const { occasion } = readAction(action);
  return occasion === null ? [] : quotesIn(occasion);
}

/**
 * Returns what a user could say to leave a state: one list for each way out, in their order. The exits of a decision
 * behind an exit are ways out as well, except those that lead back to the state.
 */
function waysOut(graph: ContextGraph, state: ActionState): string[][] {
  return state.exit_conditions.flatMap((exit) => {
    const beyond = decidedBehind(graph, exit);
    return [exit, ...beyond.filter((further) => targetOf(graph, further)?.name !== state.name)].map(
      ({ description }) => utterancesFor(description),
    );
  });
}

/** Takes from the lists in turn, so that the first few are of different kinds. */
function inTurn(lists: readonly (readonly string[])[]): string[] {
  const turns: string[][] = [];
  for (const list of lists) list.forEach((text, turn) => (turns[turn] ??= []).push(text));
  return turns.flat();
}

/** The texts without those that differ from an earlier one in case only. */
function distinct(texts: readonly string[]): string[] {
  const byKey = new Map<string, string>();
  for (const text of texts) {
    const key = text.toLowerCase();
    if (!byKey.has(key)) byKey.set(key, text);
  }
  return [...byKey.values()];
}

/** Best first; texts of equal relevance keep their order. */
function ranked(about: Understood, texts: readonly string[]): string[] {
  const scores = compare(about, texts);
  return texts
    .map((text, index) => ({ text, score: scores[index]?.score ?? 0 }))
    .sort((a, b) => b.score - a.score)
    .map(({ text }) => text);
}

/** Earlier messages of a user: the texts in lower case, and the stems of each. */
interface Said {
  texts: Set<string>;
  stems: Set<string>[];
}

function saidIn(texts: readonly string[]): Said {
  return {
    texts: new Set(texts.map((text) => text.trim().toLowerCase())),
    stems: texts.map((text) => new Set(stemsOf(hear(text)))),
  };
}

/**
 * Returns true if a user has said a text already: the same words, or a message with all of its stems, if it has
 * several.
 */
function wasSaid(text: string, said: Said): boolean {
  if (said.texts.has(text.toLowerCase())) return true;
  const stems = stemsOf(text);
  return stems.length > 1 && said.stems.some((known) => stems.every((stem) => known.has(stem)));
}

export const MAX_RECOMMENDATIONS = 3;

/**
 * Returns what the user could say next, the most relevant to the caller's context first, without what was said
 * already. Of equal relevance, up to two answers to the question come first, then the other ways out of the state,
 * then the questions that it can answer. Returns a general question when nothing is left.
 */
export function recommendResponses(
  graph: ContextGraph,
  state: ActionState,
  history: readonly Utterance[],
  context: string,
): string[] {
  const said = saidIn(history.filter(({ by }) => by === 'user').map(({ text }) => text));
  const answers = state.exit_conditions
    .filter(awaitsAnswer)
    .flatMap((exit) => utterancesFor(exit.description));
  const candidates = distinct([
    ...answers.slice(0, 2),
    ...inTurn(waysOut(graph, state)),
    ...state.actions.flatMap(examplesOf),
  ]).filter((text) => !wasSaid(text, said));
  const fallback =
    history.length > 0 ? 'Could you explain that again, please?' : 'What can you help me with?';
  const chosen: string[] = [];
  for (const text of ranked(understand(context), candidates)) {
    if (chosen.length < MAX_RECOMMENDATIONS && !wasSaid(text, saidIn(chosen))) chosen.push(text);
  }
  return chosen.length > 0 ? chosen : [fallback];
}

/** A facet and the stems of its words. */
interface Facet {
  text: string;
  stems: readonly string[];
}

/** The facets a prompt is about: those that it names, or shares a word with. */
function facetsOf(prompt: string, facets: readonly Facet[]): string[] {
  const known = new Set(stemsOf(prompt));
  return facets
    .filter(({ text, stems }) => prompt.includes(text) || stems.some((stem) => known.has(stem)))
    .map(({ text }) => text);
}

/**
 * Returns what a user can say first: `own` for the exits of the initial state, `beyond` also for the decisions behind
 * them and for the questions that these states answer.
 */
function openings(graph: ContextGraph, initial: ActionState): { own: string[]; beyond: string[] } {
  const reached = initial.exit_conditions.flatMap((exit) => {
    const target = targetOf(graph, exit);
    if (target?.type !== 'decision') return target === undefined ? [] : [target];
    return target.exit_conditions.flatMap((further) => targetOf(graph, further) ?? []);
  });
  const questions = [initial, ...reached].flatMap((state) =>
    state.type === 'action' ? inTurn(state.actions.filter(answersQuestion).map(examplesOf)) : [],
  );
  return {
    own: initial.exit_conditions.flatMap(({ description }) => utterancesFor(description)),
    beyond: [...waysOut(graph, initial).flat(), ...questions],
  };
}

/** Returns true if the occasion of an action is a question, which makes sense at any time. */
function answersQuestion(action: string): boolean {
  return /\basks?\b/i.test(readAction(action).occasion ?? '');
}

/**
 * Returns starters about the facets from what the graph offers at the initial state, the best for each facet in turn.
 * Plain questions about the facets are added up to `minCount`.
 */
export function makeStarters(request: StarterRequest): Starter[] {
  const { graph, minCount, maxCount, instructions } = request;
  const facets = distinct(request.facets).map((text): Facet => ({ text, stems: stemsOf(hear(text)) }));
  const initial = graph.states.find(({ name }) => name === request.initialState);
  const { own, beyond } = initial?.type === 'action' ? openings(graph, initial) : { own: [], beyond: [] };
  const perFacet = facets.map((facet) => {
    const about = understand(`${facet.text} ${instructions}`);
    const offered = distinct([...ranked(about, own), ...ranked(about, beyond)]);
    return offered.filter((prompt) => facetsOf(prompt, [facet]).length > 0);
  });
  const related = distinct(inTurn(perFacet)).slice(0, maxCount);
  const plain = PLAIN_QUESTIONS.flatMap((question) =>
    facets.slice(0, minCount).map(({ text }) => question(text)),
  );
  return distinct([...related, ...plain])
    .slice(0, Math.max(minCount, related.length))
    .map((prompt) => ({ prompt, facets: facetsOf(prompt, facets) }));
}

/** As many forms as there may be starters, so that one facet alone can fill the greatest `minCount`. */
const PLAIN_QUESTIONS: readonly ((facet: string) => string)[] = [
  (facet) => `Can you help me with ${facet}?`,
  (facet) => `What should I know about ${facet}?`,
  (facet) => `I have a question about ${facet}.`,
  (facet) => `How does ${facet} work here?`,
  (facet) => `What do I need for ${facet}?`,
  (facet) => `How long does ${facet} take?`,
  (facet) => `Who can I talk to about ${facet}?`,
  (facet) => `What comes first with ${facet}?`,
  (facet) => `What else is there about ${facet}?`,
  (facet) => `I would like to begin with ${facet}.`,
];
