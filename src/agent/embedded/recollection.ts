/** Recollection of what the user has told so far, by the state that asked for it, with later corrections. */
import type { ActionState, ContextGraph } from '../../registry/graph.ts';
import type { Situation } from '../reasoner.ts';
import type { FactKind } from './facts/kinds.ts';
import { phraseFor } from './reading/asked-values.ts';
import { findClock, findDay, findTime } from './facts/times.ts';
import { isInquiry } from './signals.ts';
import { hasOtherAnswer } from './facts/named-facts.ts';
import { lastOption } from './deciding/options.ts';
import { understandMessage, type Message } from './language/message.ts';
import { questionIn } from './reading/questions.ts';
import { rolesOf } from './reading/roles.ts';
import { readState } from './reading/states.ts';
import { vocabularyOf } from './reading/vocabulary.ts';
import { hear } from './words.ts';

/** One message of the user, and the state that it answered; null where the state is no longer known. */
export interface Told {
  state: string | null;
  message: Message;
}

/** Returns the messages of the user, the newest first, each text once. */
export function toldIn({
  position,
  history,
  input,
}: Pick<Situation, 'position' | 'history' | 'input'>): Told[] {
  const now = input.filter(({ by }) => by === 'user').map(({ text }) => hear(text));
  const answers = Object.entries(position.answers)
    .map(([state, text]) => ({ state, text }))
    .reverse();
  const spoken = [
    ...history.filter(({ by }) => by === 'user').map(({ text }) => hear(text)),
    ...now,
  ].reverse();
  const stateOfText = (text: string) =>
    answers.find((answer) => answer.text !== '' && text.startsWith(answer.text))?.state ?? null;
  const known = answers.filter((answer) => !spoken.some((text) => text.startsWith(answer.text)));
  const inOrder = spoken.map((text) => ({ state: stateOfText(text), text }));
  const texts = new Set<string>();
  return [...inOrder.slice(0, now.length), ...known, ...inOrder.slice(now.length)]
    .filter(({ text }) => !texts.has(text) && texts.add(text))
    .map(({ state, text }) => ({ state, message: understandMessage(text) }));
}

/** The information that a state asks for: kinds of facts, or one of some options. */
export interface Wanted {
  kinds: readonly FactKind[];
  options: readonly string[];
}

/** Facts of these kinds are the same wherever they are said. */
const ANYWHERE: readonly string[] = [
  'email',
  'birth date',
  'code',
  'phone',
  'day and time',
  'clock',
  'day',
  'time',
  'postcode',
  'address',
  'house number',
  'licence plate',
];

/** Wanted information by the list of exits of a state, kept as long as that list is in use. */
const known = new WeakMap<object, Wanted>();

/** Returns the information that a state asks for. */
export function wantedBy(graph: ContextGraph, state: ActionState): Wanted {
  const found = known.get(state.exit_conditions) ?? readWanted(graph, state);
  known.set(state.exit_conditions, found);
  return found;
}

function readWanted(graph: ContextGraph, state: ActionState): Wanted {
  const read = readState(graph, state);
  const ways = read.exits.flatMap(({ ways: [way] }) => (way?.awaits === true ? [way] : []));
  const action = state.actions.findIndex((_text, index) => read.actions[index]?.occasion === null);
  const { options, consent, closing } = questionIn(state, action, rolesOf(graph));
  const kinds = ways.flatMap((way) => way.kinds).filter(({ name }) => name !== 'matter');
  const isChoice = kinds.length === 0 || ways.some(({ text }) => hasOtherAnswer(text));
  return { kinds, options: isChoice && !consent && !closing && options.length > 2 ? options : [] };
}

/** An action state with its graph. */
export interface AskedState {
  graph: ContextGraph;
  state: ActionState;
}

/**
 * Returns the action state with the given name: that of the present graph, or of the next one in the order of
 * `Situation.graphs`. Null when no graph has one.
 */
export function askedState(
  { graph: present, graphs = [] }: Pick<Situation, 'graph' | 'graphs'>,
  name: string,
): AskedState | null {
  for (const graph of [present, ...graphs]) {
    const state = graph.states.find((candidate) => candidate.name === name);
    if (state?.type === 'action') return { graph, state };
  }
  return null;
}

function findIn(
  { message }: Told,
  { kinds, options }: Wanted,
  graph: ContextGraph,
  own: boolean,
): string | null {
  if (!own && message.questions.length > 0 && message.statements.length === 0 && isInquiry(message.text))
    return null;
  for (const kind of kinds) {
    const anywhere = ANYWHERE.includes(kind.name) || message.acts.has('correction');
    const found = own ? kind.findInAnswer(message.text) : anywhere ? kind.find(message.text) : null;
    if (found !== null) return found;
  }
  return options.length === 0 ? null : lastOption(options, { message, vocabulary: vocabularyOf(graph) });
}

/** Returns the value in a message for the question of a state other than the one that it answers; null without one. */
export function valueFor(graph: ContextGraph, state: ActionState, message: Message): string | null {
  return findIn({ state: null, message }, wantedBy(graph, state), graph, false);
}

/**
 * Returns the last value that the user told for the question of a state; `null` if it takes any words, or no value was
 * told.
 */
export function toldFor(situation: Situation, name: string): string | null {
  const asked = askedState(situation, name);
  if (asked === null) return null;
  const { graph, state } = asked;
  const wanted = wantedBy(graph, state);
  const told = toldIn(situation);
  if (wanted.kinds.length === 0 && wanted.options.length === 0) return phraseTold(situation, asked);
  if (wanted.kinds[0]?.name === 'day and time') return timeTold(told);
  for (const each of told) {
    const found = findIn(each, wanted, graph, each.state === name);
    if (found !== null) return found;
  }
  const numbers = wanted.kinds.filter(({ name: kind }) => ['number', 'name', 'full name'].includes(kind));
  for (const each of told)
    for (const kind of numbers) {
      const found = kind.find(each.message.text);
      if (found !== null) return found;
    }
  return null;
}

/** Returns the value in the answer to a state that waits for one of no known kind; null without one. */
function phraseTold({ position }: Situation, { graph, state }: AskedState): string | null {
  const answer = position.answers[state.name];
  return answer === undefined || answer.trim() === '' ? null : phraseFor(graph, state, hear(answer));
}

/** Returns the day and the time that were told last; one that has no day, with the day that was told apart from it. */
function timeTold(told: readonly Told[]): string | null {
  const texts = told
    .filter(({ message }) => message.questions.length === 0 || !isInquiry(message.text))
    .map(({ message }) => message.text);
  const time = texts.map(findTime).find((each) => each !== null) ?? null;
  if (time === null || (findDay(time) !== null && findClock(time) !== null)) return time;
  const day = findDay(time) ?? texts.map(findDay).find((each) => each !== null) ?? null;
  const clock = findClock(time) ?? texts.map(findClock).find((each) => each !== null) ?? null;
  if (day === null) return time;
  return clock === null ? day : `${day} at ${clock}`;
}

/** Returns what the user told for the questions of the graph that wait for an answer in words, in their order. */
export function toldSoFar(situation: Situation): string[] {
  const { answers } = situation.position;
  const answered = Object.keys(answers).flatMap((name) => askedState(situation, name) ?? []);
  const isAsked = (kinds: readonly FactKind[]) =>
    answered.some(({ graph, state }) =>
      wantedBy(graph, state).kinds.some(({ name }) => kinds.some((kind) => kind.name === name)),
    );
  // Questions that were passed because their facts were told before.
  const passed = situation.graph.states.flatMap((state) => {
    if (state.type !== 'action' || answers[state.name] !== undefined) return [];
    const { kinds } = wantedBy(situation.graph, state);
    return kinds.length > 0 && !isAsked(kinds) ? [{ graph: situation.graph, state }] : [];
  });
  const told = [...passed, ...answered].flatMap(({ graph, state }) => {
    if (!readState(graph, state).exits.some(({ ways: [way] }) => way?.awaits === true)) return [];
    return [toldFor(situation, state.name) ?? answers[state.name] ?? ''].filter((text) => text !== '');
  });
  return [...new Set(told)];
}

/**
 * Returns the value in a message that corrects the answer to another state: a fact or an option; `null` if it has
 * none.
 */
export function correctedIn(situation: Situation, message: Message): string | null {
  const { position } = situation;
  for (const name of Object.keys(position.answers).reverse()) {
    const asked = name === position.state ? null : askedState(situation, name);
    if (asked === null) continue;
    const found = valueFor(asked.graph, asked.state, message);
    if (found !== null) return found;
  }
  return null;
}
