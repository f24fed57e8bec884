/** Answers to the question of a state that the user gave before the question was asked. English. */
import type { ActionState, ContextGraph } from '../../../registry/graph.ts';
import type { Situation } from '../../reasoner.ts';
import { isAskedInVain } from '../facts/named-facts.ts';
import { countsThings } from '../facts/numbers.ts';
import { namesPast } from '../facts/times.ts';
import { understandMessage, type Message } from '../language/message.ts';
import { CLOSING, questionOf } from '../reading/questions.ts';
import { rolesOf } from '../reading/roles.ts';
import type { ReadExit, ReadState } from '../reading/states.ts';
import { vocabularyOf } from '../reading/vocabulary.ts';
import { askedState, wantedBy } from '../recollection.ts';
import { isInquiry } from '../signals.ts';
import { hear, stemsOf } from '../words.ts';
import { choosesOption } from './options.ts';
import { isKnown, kindsOf } from './told-before.ts';

/** Returns true if a message gave all that an action asks for: its facts, or one of the options that it lists. */
export function isAnswered(graph: ContextGraph, action: string, message: Message): boolean {
  if (isAskedInVain(action, message.text)) return true;
  const { options, closing, consent } = questionOf(action, rolesOf(graph));
  return (
    options.length > 2 &&
    !closing &&
    !consent &&
    choosesOption(options, { message, vocabulary: vocabularyOf(graph) })
  );
}

/** Returns true if a tool was called with a fact that a message gives for a state. */
function isUsed({ graph, toolResults }: Situation, state: ActionState, { text }: Message): boolean {
  const values = wantedBy(graph, state).kinds.flatMap(({ find }) => find(text)?.toLowerCase() ?? []);
  return toolResults.some(({ input }) =>
    Object.values(input).some((value) =>
      values.some((each) => typeof value === 'string' && each.includes(value.toLowerCase())),
    ),
  );
}

/** A number or a code, with the signs inside of it. */
const NUMBERS = /\p{L}{0,3}\d[\d\s./-]*/gu;

/** Returns true if a message gives one number and nothing else, in answer to a state: it answers no other question. */
function isOneNumber(text: string, { actions, objective }: ActionState): boolean {
  if ((text.match(NUMBERS) ?? []).length !== 1) return false;
  const asked = new Set(stemsOf([objective, ...actions].join(' ')));
  return stemsOf(text.replaceAll(NUMBERS, ' ')).every((stem) => asked.has(stem));
}

/**
 * Returns true if a message already was the answer of a state, or of another one that asks for such a fact: a time that
 * is taken is no answer to the question for another time.
 */
export function isSpent(situation: Situation, state: ActionState, message: Message): boolean {
  const kinds = kindsOf(situation.graph, state);
  const { text } = message;
  return (
    isUsed(situation, state, message) ||
    Object.entries(situation.position.answers).some(([name, answer]) => {
      if (answer === '' || !text.startsWith(answer)) return false;
      const other = askedState(situation, name);
      return (
        name === state.name ||
        (other !== null &&
          (kindsOf(other.graph, other.state).some((kind) => kinds.includes(kind)) ||
            isOneNumber(text, other.state)))
      );
    })
  );
}

/** Words between quotation marks. The kinds of facts that they ask for stand in the exit. */
const QUOTES = /["“]/;
/** Facts of these kinds are recognized by their words. Digits alone may be a postcode, a code or a year. */
export const CLEAR_KINDS: readonly string[] = [
  'email',
  'birth date',
  'phone',
  'house number',
  'licence plate',
  'day and time',
  'clock',
  'half of the day',
  'frequency',
  'day',
  'address',
  'domain',
  'label',
  'full name',
  'month',
  'name',
];

/** Returns true if a message tells the facts that an exit waits for, in words by which each is recognized anywhere. */
function isAwaitedTold(exit: ReadExit | undefined, { text }: Message): boolean {
  const [way] = exit?.ways ?? [];
  if (way === undefined || way.kinds.length === 0) return false;
  return way.kinds.every(({ name, find }) =>
    name === 'number' ? countsThings(way.text, text) : CLEAR_KINDS.includes(name) && find(text) !== null,
  );
}

/** Returns true if a message names one of the answers that the question of a state lists. */
function isChosen(graph: ContextGraph, state: ActionState, message: Message): boolean {
  const { options } = wantedBy(graph, state);
  return options.length > 2 && choosesOption(options, { message, vocabulary: vocabularyOf(graph) });
}

/** Returns the index of the exit for a state whose questions a message answers; null when one is still open. */
export function exitForTold(
  situation: Situation,
  state: ActionState,
  { exits, actions }: ReadState,
  message: Message,
): number | null {
  const plain = actions.flatMap(({ occasion }, index) =>
    occasion === null ? [state.actions[index] ?? ''] : [],
  );
  const index = exits.findIndex(({ ways }) => ways[0]?.awaits === true);
  const isSaid = !isSpent(situation, state, message);
  const isTold =
    (isSaid && (isAwaitedTold(exits[index], message) || isChosen(situation.graph, state, message))) ||
    isKnown(situation, exits[index]);
  return index !== -1 &&
    plain.length > 0 &&
    plain.every(
      (action) => (isSaid && isAnswered(situation.graph, action, message)) || (isTold && QUOTES.test(action)),
    )
    ? index
    : null;
}

/** Kinds of facts that a graph asks for again once a tool has answered: another time, another day. */
const CHANGING: readonly string[] = ['day and time', 'clock', 'half of the day', 'day', 'time', 'number'];

/** Words of a question for a value other than the one that was told. */
const ANOTHER = /\b(?:new|another|other|different|instead)\b/i;

/** Returns true if a state asks for a value other than one that was told before. */
export function asksAnew(situation: Situation, state: ActionState, { exits }: ReadState): boolean {
  const exit = exits.find(({ ways }) => ways[0]?.awaits === true);
  const changes = exit?.ways[0]?.kinds.some(({ name }) => CHANGING.includes(name)) === true;
  if (changes && situation.toolResults.length > 0) return true;
  return ANOTHER.test(`${state.actions.join(' ')} ${exit?.exit.description ?? ''}`);
}

/** Returns the index of the exit for a state whose question an earlier message has answered clearly; null otherwise. */
export function exitForEarlier(
  situation: Situation,
  state: ActionState,
  read: ReadState,
  message: Message,
): number | null {
  const { exits } = read;
  const index = exits.findIndex(({ ways }) => ways[0]?.awaits === true);
  if (asksAnew(situation, state, read)) return null;
  return isAwaitedTold(exits[index], message) && !isSpent(situation, state, message) ? index : null;
}

/**
 * Returns the messages of the user before this turn that belong to the present matter, the newest first: those behind
 * the last question whether there is anything else. Those that correct are left out.
 */
export function tellingMessages({ history }: Situation): Message[] {
  const last = history.findLastIndex(({ by, text }) => by === 'agent' && CLOSING.test(text));
  return history
    .slice(last + 1)
    .filter(({ by }) => by === 'user')
    .map(({ text }) => understandMessage(hear(text)))
    .filter(({ acts }) => !acts.has('correction'))
    .reverse();
}

/**
 * Returns the earlier messages of the present matter whose facts may be wished: those that ask nothing and do not tell of
 * the past. None for a state that the user has answered before.
 */
export function earlierMessages(situation: Situation, { name }: ActionState): Message[] {
  if (situation.position.answers[name] !== undefined) return [];
  return tellingMessages(situation).filter(({ text }) => !namesPast(text) && !isInquiry(text));
}
