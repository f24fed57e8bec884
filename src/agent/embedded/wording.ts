/**
 * Words of the agent for an action of a graph. An action that quotes words is spoken in these words; any other is
 * turned from an instruction about a user ("Ask the user for their name") into speech to them ("Could you tell me your
 * name?").
 */
import { readAction } from './actions.ts';
import { noted, NOTHING_NOTED, readBack } from './answers.ts';
import { kindsNamedIn } from './facts/kinds.ts';
import { findDay, isDayAlone } from './facts/times.ts';
import { speakInstructions } from './instructions.ts';
import { hasFailed } from './tool-output.ts';

/** The values that can fill the brackets of quoted words. */
export interface SpeechContext {
  /** The answers by state, the newest last. */
  answers: Readonly<Record<string, string>>;
  userName: string;
  agentName: string;
  /** The output of the last tool, and the last memory that was recalled; `null` when there is none. */
  toolOutput: string | null;
  remembered: string | null;
  /** The words of the graph for the user. */
  roles: ReadonlySet<string>;
  /** The question that waits for an answer; null when none does. */
  pending: string | null;
  /** The last message of the user; null when there is none. */
  heard: string | null;
  /** Returns what the user told for the question of a state, with later corrections; null if it takes any words. */
  told: (state: string) => string | null;
  /** Returns everything that the user told for questions of the graph, in order. */
  toldSoFar: () => readonly string[];
}

/** Returns true if the user can be told the output of a tool: it is not empty and tells of no failure. */
function hasSaid(toolOutput: string | null): boolean {
  return toolOutput !== null && toolOutput.trim() !== '' && !hasFailed(toolOutput);
}

/** Words in straight or curly double quotes. */
const QUOTED = /"([^"]+)"|“([^“”]+)”/g;

/** A bracket of quoted words. Its text says what is to be filled in. */
const BRACKET = /\[([^[\]]+)\]/g;
/** A bracket that is the name of a state, perhaps behind the name of its graph: "ask_day", "identify.ask_name". */
const STATE_NAME = /^(?:\w+\.)?(?!name$)(\w+)$/i;
const OF_TOOL = /\btool\b/i;
const OF_MEMORY = /\bremember/i;

/** Leaves out the sentences with a bracket for a memory or a tool's output, when there is none. */
function withoutEmptySentences(text: string, { toolOutput, remembered }: SpeechContext): string {
  const empty = [...(hasSaid(toolOutput) ? [] : [OF_TOOL]), ...(remembered === null ? [OF_MEMORY] : [])];
  const isEmpty = (part: string) =>
    [...part.matchAll(BRACKET)].some(([, slot = '']) => empty.some((pattern) => pattern.test(slot)));
  if (!isEmpty(text)) return text;
  return text
    .split(/(?<=[.!?]) +/)
    .filter((sentence) => !isEmpty(sentence))
    .join(' ');
}

/** Returns true if a bracket asks for the agent's own name. */
function asksForAgentName(slot: string): boolean {
  const agent = slot.search(/\b(?:agent|your own|my)\b/i);
  return /^your name$/i.test(slot) || (agent !== -1 && /name/i.test(slot.slice(agent)));
}

/** Returns the text for a bracket that refers to an answer of the user. */
function answered(slot: string, { answers, told }: SpeechContext): string {
  const [, state] = /\banswer (?:in|to|from) (\w+)$/i.exec(slot.trim()) ?? [];
  const fact = state === undefined || kindsNamedIn(slot).length > 0 ? null : told(state);
  if (fact !== null) return readBack(fact);
  const found = noted(slot, answers);
  const [, states = ''] = slot.split(/\banswer (?:in|to|from) /i);
  const names = states.split(/\W+/).filter((name) => name !== '');
  const firstTold = () => names.map(told).find((each) => each !== null) ?? null;
  // A state that was passed has no answer: its value was told before.
  if (found === NOTHING_NOTED) return readBack(firstTold() ?? NOTHING_NOTED);
  return asksWholeTime(slot) ? withWholeTime(found, firstTold) : found;
}

/** Returns true if a bracket asks for a day with its time. */
function asksWholeTime(slot: string): boolean {
  return kindsNamedIn(slot)[0]?.name === 'day and time';
}

/** Returns a day with the time that was told before it: "make it Wednesday" behind "Tuesday at ten" is Wednesday at ten. */
function withWholeTime(found: string, told: () => string | null): string {
  const whole = isDayAlone(found) ? told() : null;
  return whole !== null && findDay(whole) === findDay(found) ? readBack(whole) : found;
}

/** Returns the text for a bracket that is the name of a state: what was told for its question; null for any other one. */
function toldIn(slot: string, { answers, told }: SpeechContext): string | null {
  const name = slot.trim();
  if (!/^\w+$/.test(name)) return null;
  const fact = told(name) ?? answers[name];
  return fact === undefined ? null : readBack(fact);
}

function fillBrackets(text: string, context: SpeechContext): string {
  return withoutEmptySentences(text, context).replaceAll(BRACKET, (_match, slot: string) => {
    if (OF_TOOL.test(slot)) return context.toolOutput ?? '';
    if (OF_MEMORY.test(slot)) return readBack(context.remembered ?? '');
    if (/\banswer (?:in|to|from)\b/i.test(slot)) return answered(slot, context);
    const fact = toldIn(slot, context);
    if (fact !== null) return fact;
    if (asksForAgentName(slot)) return context.agentName;
    const [, state] = STATE_NAME.exec(slot.trim()) ?? [];
    if (state !== undefined) return answered(`answer in ${state}`, context);
    if (/first name/i.test(slot)) return context.userName.split(' ')[0] ?? '';
    return /name/i.test(slot) ? context.userName : slot;
  });
}

/** The quoted words of a text, filled in; nothing when it quotes none. */
export function quoted(text: string, context: SpeechContext): string {
  const quotes = [...text.matchAll(QUOTED)].map((match) => match[1] ?? match[2] ?? '');
  return fillBrackets(quotes.join(' '), context).trim();
}

/** The words in which the embedded agent performs an action. */
export function spoken(action: string, context: SpeechContext): string {
  const { deed } = readAction(action);
  const quotes = [...deed.matchAll(QUOTED)].map((match) => match[1] ?? match[2] ?? '');
  if (quotes.length > 0) return fillBrackets(quotes.join(' '), context).trim();
  const spokenBy = {
    ...context,
    toolSaid: hasSaid(context.toolOutput) ? asSentence(context.toolOutput ?? '') : null,
    heard: context.heard === null ? null : readBack(context.heard),
    noted: () => context.toldSoFar().map(readBack),
  };
  return fillBrackets(speakInstructions(deed, spokenBy), context);
}

/** Returns the output of a tool with a full stop, if it ends in no sign. */
function asSentence(text: string): string {
  const plain = text.trim();
  return /[.!?]$/.test(plain) ? plain : `${plain}.`;
}

const NOT_UNDERSTOOD = [
  'Sorry, I did not quite get that.',
  'I am afraid I did not understand.',
  'I am sorry, I still did not follow.',
];
const NOT_ANSWERED = [
  'I am afraid I cannot answer that here.',
  'Sorry, that is something I do not know.',
  'I am sorry, I have no answer to that.',
];

/**
 * Returns the apology before words that do not answer the user. Different apologies take turns, so that the agent does
 * not repeat itself.
 */
export function apology(repetition: number, question: boolean): string {
  const words = question ? NOT_ANSWERED : NOT_UNDERSTOOD;
  return words[repetition % words.length] ?? '';
}

/** Words before a repeated action, for a user who is silent or asks for time. */
export const PATIENCE = 'Take your time.';

/** The message in the pieces in which it is streamed: a few words each. Joined they are the message. */
export function pieces(message: string): string[] {
  return message.match(/\S+(?:\s+\S+){0,2}\s*/g) ?? [message];
}
