/**
 * Replies to messages that say nothing of the matter, whatever the state asks: a sentence in another language, an order
 * to the agent, a complaint about the conversation, and the wish for a person where no way leads to one. The agent
 * stays and asks the pending question again. English.
 */
import type { ContextGraph } from '../../../registry/graph.ts';
import type { Evidence } from '../evidence.ts';
import { isInOtherLanguage } from '../language/foreign.ts';
import { offTopicOf } from '../language/off-topic.ts';
import type { Chosen, Moment } from './moment.ts';
import { askAfter } from './about-agent.ts';
import { statementsEvidence } from './occasions.ts';
import { EXACT } from './hearing.ts';

const ONLY_ENGLISH = 'I am sorry, I only understand English here.';
const NOT_MY_MATTER = 'I am afraid I cannot do that.';
const SORRY = 'I am sorry about that.';
const NO_PERSON = 'I am sorry, I cannot connect you to a person here.';

/** Evidence of an exit or an action that takes such a message as its matter. */
const TAKEN = 0.6;
/** A description of what users feel about the conversation: a complaint is its matter. */
const ABOUT_FEELINGS =
  /\b(?:complain\w*|angry|upset|annoyed|frustrated|rude|swears?|insults?|unhappy|dissatisfied)\b/i;

/** Graphs in other languages than English, known as long as they are in use. */
const languages = new WeakMap<ContextGraph, boolean>();

/** Returns true if a graph speaks a language other than English, so that its users may too. */
function speaksOtherLanguage(graph: ContextGraph): boolean {
  const known = languages.get(graph);
  if (known !== undefined) return known;
  const actions = graph.states.flatMap((state) => (state.type === 'action' ? state.actions : []));
  const found = actions.filter((action) => isInOtherLanguage(action)).length * 3 > actions.length;
  languages.set(graph, found);
  return found;
}

/** Returns true if a state takes complaints: an exit or an occasion describes them. */
function takesFeelings({ state }: Moment): boolean {
  return [...state.exit_conditions.map(({ description }) => description), ...state.actions].some((text) =>
    ABOUT_FEELINGS.test(text),
  );
}

function wordsFor(moment: Moment): string | null {
  const { situation, read, hearing } = moment;
  const { text, acts, explicit } = hearing.message;
  if (isInOtherLanguage(text) && !speaksOtherLanguage(situation.graph)) return ONLY_ENGLISH;
  const kind = offTopicOf(text);
  if (kind === 'order') return NOT_MY_MATTER;
  if (kind === 'complaint' && !takesFeelings(moment)) return situation.behavior === null ? SORRY : '';
  const hasPerson = [
    ...read.exits.flatMap(({ ways }) => ways),
    ...read.actions.map(({ occasion }) => occasion),
  ].some((way) => way?.acts.has('human') === true);
  return acts.has('human') && !hasPerson && explicit === 0 ? NO_PERSON : null;
}

/** Replies to a message that says nothing of the matter; null for any other one, and where the state takes it. */
export function replyToOffTopic(moment: Moment, exits: readonly Evidence[]): Chosen | null {
  const { situation, read, hearing } = moment;
  if (situation.position.performed.length === 0 || exits.some((each) => each >= EXACT)) return null;
  const words = wordsFor(moment);
  if (words === null || statementsEvidence(read, hearing).some((each) => each >= TAKEN)) return null;
  return askAfter(moment, words);
}
