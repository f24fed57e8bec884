/** The input of a tool from what the user said, by the names and descriptions of the tool's properties. */
import type { JsonSchema } from '../../registry/capabilities.ts';
import { cut } from '../../text.ts';
import type { Situation, ToolCandidate } from '../reasoner.ts';
import { plainAnswer } from './answers.ts';
import { kindsNamedIn, type FactKind } from './facts/kinds.ts';
import { valueOfNumber } from './facts/number-words.ts';
import { numberFrom } from './facts/typed-numbers.ts';
import { findClock, findDay, findTime, isDayAlone } from './facts/times.ts';
import { understandMessage, type Message } from './language/message.ts';
import { askedState, toldFor, toldIn, wantedBy, type Told } from './recollection.ts';
import { optionOf } from './listed-values.ts';
import { rolesOf } from './reading/roles.ts';
import { readState } from './reading/states.ts';
import { stemsOf } from './words.ts';

interface Property {
  type?: string;
  description?: string;
  enum?: unknown[];
}

/** The longest text that is made of several answers, in UTF-16 units. */
const MAX_COMPOSED_LENGTH = 300;
const MAX_COMPOSED_ANSWERS = 6;
/** A property that lists several things is put together from the answers that told them. */
const LISTS = /,| and /;

function propertiesOf({ properties }: JsonSchema): [name: string, property: Property][] {
  return Object.entries((properties ?? {}) as Record<string, Property>);
}

/** Returns true if the answer to the question for a fact of one kind is a fact of the other: a label can be a number. */
function isAlike(asked: string, wanted: string): boolean {
  return asked === wanted || (wanted === 'label' && (asked === 'number' || asked === 'code'));
}

/** A fact of a kind, as it was told last: in answer to the question for it, or wherever such a fact was said. */
function factOf(situation: Situation, kind: FactKind, told: readonly Told[]): string | null {
  for (const { state, message } of told) {
    const asked = state === null ? null : askedState(situation, state);
    const wanted = asked === null ? [] : wantedBy(asked.graph, asked.state).kinds;
    const isOwn = wanted.some(({ name }) => name === kind.name);
    const found = isOwn
      ? kind.findInAnswer(message.text)
      : (kind.find(message.text) ??
        (wanted.some(({ name }) => isAlike(name, kind.name)) ? kind.findInAnswer(message.text) : null));
    if (found !== null) return kind.name === 'day and time' ? wholeTime(found, told, message) : found;
  }
  return null;
}

/**
 * Returns the finder of a day with its time: a part of the day alone, such as "in the morning", is no day where one was
 * told. A day that stands apart from the time comes first: "Friday is fine, in the morning".
 */
function findTimeOfDay(told: readonly Told[]): FactKind['find'] {
  const hasDay = told.some(({ message }) => findDay(message.text) !== null);
  return (text) => {
    const [day, time] = [findDay(text), findTime(text)];
    if (day === null) return hasDay ? null : time;
    if (time !== null && day.includes(time)) return day;
    return time === null || findDay(time) !== null ? time : `${day}, ${time}`;
  };
}

/**
 * Returns a day and time with the half that was told before, where one has none: "half past seven" after "Friday", and
 * "Wednesday" after "Tuesday at ten".
 */
function wholeTime(time: string, told: readonly Told[], { text }: Message): string {
  const earlier = told.slice(told.findIndex(({ message }) => message.text === text) + 1);
  const before = (find: (said: string) => string | null) =>
    earlier.map(({ message }) => find(message.text)).find((each) => each !== null) ?? null;
  if (isDayAlone(time)) {
    const clock = before(findClock);
    return clock === null ? time : `${time} at ${clock}`;
  }
  const day = findDay(time) === null && findClock(time) !== null ? before(findDay) : null;
  return day === null ? time : `${day} at ${time}`;
}

/**
 * Returns the number of stems in `about` that a state speaks of, in its name, its objective and the answers that it
 * waits for.
 */
function relatedness(situation: Situation, name: string, about: ReadonlySet<string>): number {
  const asked = askedState(situation, name);
  if (asked === null) return 0;
  const { graph, state } = asked;
  const awaited = readState(graph, state).exits.flatMap(({ ways: [way] }) =>
    way?.awaits === true ? [way.text] : [],
  );
  const texts = [name.replaceAll('_', ' '), state.objective, ...awaited];
  return new Set(texts.flatMap(stemsOf).filter((stem) => about.has(stem))).size;
}

function answerOf(situation: Situation, name: string): string {
  return toldFor(situation, name) ?? plainAnswer(situation.position.answers[name] ?? '');
}

/** Returns true if a state waits for an answer in any words, rather than for a yes, a no or one of some wishes. */
function waitsForWords(situation: Situation, name: string): boolean {
  const asked = askedState(situation, name);
  return (
    asked !== null &&
    readState(asked.graph, asked.state).exits.some(({ ways: [way] }) => way?.awaits === true)
  );
}

/** Words of a property that name no matter: they stand with any. */
const NO_MATTER = /\b(?:(?:sur|fore)?names?|numbers?|words?|first|last|full|family)\b/gi;

/** Names that only people have. */
const OF_PERSON = /\b(?:surname|forename|(?:first|last|full|family|given|second|middle) names?)\b/i;

/** Returns the stems of the matter that a property names: "medicine" of "the name of the medicine". */
function matterOf({ graph }: Situation, about: string): Set<string> {
  const roles = new Set([...rolesOf(graph)].flatMap(stemsOf));
  return new Set(stemsOf(about.replaceAll(NO_MATTER, ' ')).filter((stem) => !roles.has(stem)));
}

/** Returns true if the user answered a question in their own words about the matter that a property names. */
function isAsked(situation: Situation, about: string): boolean {
  const matter = matterOf(situation, about);
  return Object.keys(situation.position.answers).some(
    (name) => relatedness(situation, name, matter) > 0 && waitsForWords(situation, name),
  );
}

/** A text in the user's own words: the answer to the question that has most to do with it. */
function ownWords(situation: Situation, about: string): string | null {
  const stems = matterOf(situation, about);
  const scored = Object.keys(situation.position.answers)
    .map((name) => ({
      name,
      score: relatedness(situation, name, stems),
      waits: waitsForWords(situation, name),
      isBare: understandMessage(situation.position.answers[name] ?? '').bare,
    }))
    .filter(({ score, waits, isBare }) => score > 0 && (waits || !isBare))
    .sort((a, b) => Number(b.waits) - Number(a.waits) || b.score - a.score);
  return scored[0] === undefined ? null : answerOf(situation, scored[0].name);
}

/** Kinds of facts that identify a person or a thing. They have properties of their own. */
const PARTICULARS: readonly string[] = ['email', 'birth date', 'code', 'phone', 'postcode', 'address'];

/**
 * Returns the answer in a state as a part of a text made of several answers; null for facts that identify a person or
 * a thing, for those of the kinds in `taken`, and for an answer that only agrees, declines or asks.
 */
function partFrom(situation: Situation, name: string, taken: ReadonlySet<string>): string | null {
  const asked = askedState(situation, name);
  if (asked === null) return null;
  const { kinds, options } = wantedBy(asked.graph, asked.state);
  const value = toldFor(situation, name);
  if (kinds.length === 0 && value !== null) return value;
  if (kinds.some((kind) => PARTICULARS.includes(kind.name) || taken.has(kind.name))) return null;
  if (kinds.length > 0 || options.length > 0) return value;
  const answer = situation.position.answers[name] ?? '';
  const { bare, questions, explicit } = understandMessage(answer);
  return bare || questions.length > 0 || explicit !== 0 ? null : plainAnswer(answer);
}

const NONE: ReadonlySet<string> = new Set();

/** The answers of the conversation in one text, in the order of the graphs' states, without kinds that are `taken`. */
function composed(situation: Situation, taken: ReadonlySet<string> = NONE): string | null {
  const { graph, graphs = [graph] } = situation;
  const names = new Set(graphs.flatMap(({ states }) => states.map(({ name }) => name)));
  const texts = [...names]
    .map((name) => partFrom(situation, name, taken))
    .filter((text) => text !== null && text !== '');
  const parts = [...new Set(texts)].slice(-MAX_COMPOSED_ANSWERS);
  return parts.length === 0 ? null : cut(parts.join(', '), MAX_COMPOSED_LENGTH);
}

/** Returns the words of a property: its name and its description. */
function aboutOf([name, { description = '' }]: [string, Property]): string {
  return `${name.replaceAll('_', ' ')}; ${description}`;
}

/** Returns the names of the kinds of facts that a property names. */
function kindsOf(property: [string, Property]): string[] {
  return kindsNamedIn(aboutOf(property)).map(({ name }) => name);
}

/** Returns a fact in digits, where it is a number in words and the property is described by its digits. */
function inForm(fact: string, { description = '' }: Property): string {
  return !/\d/.test(fact) && /\bdigits\b/i.test(description) ? String(valueOfNumber(fact) ?? fact) : fact;
}

/** Values of a list for everything that it does not name. */
const OTHER = /^(?:(?:an)?other|others|something[ _-]else|none[ _-]of[ _-]these)$/i;

/** Returns the value of a list for anything else, where the user gave another one; undefined without it. */
function otherOf(situation: Situation, values: readonly unknown[], about: string): unknown {
  const own = ownWords(situation, about) ?? lastValue(situation);
  return own === null ? undefined : values.find((value) => typeof value === 'string' && OTHER.test(value));
}

/** Returns a number of the type of a property; undefined where the words hold none. */
function typedNumber(words: string, about: string, { type }: Property): number | undefined {
  const number = numberFrom(words, about);
  if (number === null) return undefined;
  return type === 'integer' && !Number.isInteger(number) ? undefined : number;
}

/** Returns the value that the user gave last for a question that waits for one; null without one. */
function lastValue(situation: Situation): string | null {
  const last = Object.keys(situation.position.answers).findLast((name) => waitsForWords(situation, name));
  return last === undefined ? null : answerOf(situation, last);
}

function valueOf(
  situation: Situation,
  named: [string, Property],
  told: readonly Told[],
  { withTime, required, taken }: { withTime: boolean; required: boolean; taken: ReadonlySet<string> },
): unknown {
  const [, property] = named;
  const about = aboutOf(named);
  if (property.enum !== undefined)
    return optionOf(situation.graph, property.enum, told) ?? otherOf(situation, property.enum, about);
  const isNumber = property.type === 'number' || property.type === 'integer';
  if (!isNumber && property.type !== undefined && property.type !== 'string') return undefined;
  const all = kindsNamedIn(about);
  // "First and last name" is one thing.
  const isFullName = all.some((kind) => kind.name === 'full name');
  const kinds = isFullName ? all.filter((kind) => kind.name !== 'name') : all;
  const isNamedKind = kindsNamedIn(named[0].replaceAll('_', ' ')).some((kind) => kind.name !== 'number');
  const isList =
    !isNamedKind &&
    LISTS.test(property.description ?? '') &&
    (kinds.length !== 1 || kinds[0]?.name === 'number');
  for (const kind of isList ? [] : kinds) {
    // "The name of the medicine" is no name of a person.
    if (kind.name === 'name' && !OF_PERSON.test(about) && isAsked(situation, about)) continue;
    const whole =
      kind.name === 'day' && !withTime
        ? { ...kind, find: findTimeOfDay(told), findInAnswer: findTimeOfDay(told) }
        : kind.name === 'day'
          ? { ...kind, find: findDay }
          : kind;
    const fact = factOf(situation, whole, told);
    if (fact !== null) return isNumber ? typedNumber(fact, about, property) : inForm(fact, property);
  }
  if (isNumber) {
    const own = ownWords(situation, about) ?? (required ? lastValue(situation) : null);
    return own === null ? undefined : typedNumber(own, about, property);
  }
  if (isList || isFullName) return composed(situation) ?? undefined;
  if (kinds.some(({ name: kind }) => kind !== 'matter' && kind !== 'name')) return undefined;
  return ownWords(situation, about) ?? (required ? (composed(situation, taken) ?? undefined) : undefined);
}

/** The input of a tool from what the user said. What they did not say is left out: the tool's schema may refuse it. */
export function toolInput(situation: Situation, { input_schema }: ToolCandidate): Record<string, unknown> {
  const told = toldIn(situation);
  const properties = propertiesOf(input_schema);
  const required = Array.isArray(input_schema['required']) ? (input_schema['required'] as unknown[]) : [];
  const withTime = properties.some(([name]) => /time|hour/i.test(name));
  const taken = new Set(properties.flatMap(kindsOf));
  const entries = properties.map((property) => [
    property[0],
    valueOf(situation, property, told, { withTime, required: required.includes(property[0]), taken }),
  ]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Record<string, unknown>;
}
