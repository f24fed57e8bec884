/**
 * Saying what an action of a graph says. An action that quotes words is spoken in these words; any other is turned
 * from an instruction about a user ("Ask the user for their name") into speech to them ("Could you tell me your
 * name?").
 */
import { readAction } from './actions.ts';
import { noted, readBack } from './answers.ts';
import { kindsNamedIn } from './facts/kinds.ts';
import { speakInstructions } from './instructions.ts';
import { hasFailed } from './tool-output.ts';

/** What may be filled into the brackets of quoted words. */
export interface SpeechContext {
  /** By state, the state answered last being the last one. */
  answers: Readonly<Record<string, string>>;
  userName: string;
  agentName: string;
  /** What the last tool said, and what was remembered last; `null` when there is nothing. */
  toolOutput: string | null;
  remembered: string | null;
  /** The words of the graph for the user. */
  roles: ReadonlySet<string>;
  /** The question that waits for an answer; null when none does. */
  pending: string | null;
  /** What the user said last; null when they said nothing. */
  heard: string | null;
  /** What was told of what a state asks for, with later corrections; null where it is not a fact. */
  told: (state: string) => string | null;
}

/** A tool that failed says so to the agent, not to the user. */
function hasSaid(toolOutput: string | null): boolean {
  return toolOutput !== null && toolOutput.trim() !== '' && !hasFailed(toolOutput);
}

/** Words in straight or curly double quotes. */
const QUOTED = /"([^"]+)"|“([^“”]+)”/g;

/** A bracket of quoted words. Its text says what is to be filled in. */
const BRACKET = /\[([^[\]]+)\]/g;
const OF_TOOL = /\btool\b/i;
const OF_MEMORY = /\bremember/i;

/** A sentence about something remembered, or said by a tool, is left out when there is nothing of the kind. */
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

/** Whether a bracket asks for the agent's own name. */
function asksForAgentName(slot: string): boolean {
  const agent = slot.search(/\b(?:agent|your own|my)\b/i);
  return /^your name$/i.test(slot) || (agent !== -1 && /name/i.test(slot.slice(agent)));
}

/** What fills a bracket that speaks of an answer. */
function answered(slot: string, { answers, told }: SpeechContext): string {
  const [, state] = /\banswer (?:in|to|from) (\w+)$/i.exec(slot.trim()) ?? [];
  const fact = state === undefined || kindsNamedIn(slot).length > 0 ? null : told(state);
  return fact === null ? noted(slot, answers) : readBack(fact);
}

function fillBrackets(text: string, context: SpeechContext): string {
  return withoutEmptySentences(text, context).replaceAll(BRACKET, (_match, slot: string) => {
    if (OF_TOOL.test(slot)) return context.toolOutput ?? '';
    if (OF_MEMORY.test(slot)) return readBack(context.remembered ?? '');
    if (/\banswer (?:in|to|from)\b/i.test(slot)) return answered(slot, context);
    if (asksForAgentName(slot)) return context.agentName;
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
  };
  return fillBrackets(speakInstructions(deed, spokenBy), context);
}

/** What a tool said, with a full stop where it has none. */
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

/** What comes before words that are said for want of anything better, in turn, so that the agent does not sound stuck. */
export function apology(repetition: number, question: boolean): string {
  const words = question ? NOT_ANSWERED : NOT_UNDERSTOOD;
  return words[repetition % words.length] ?? '';
}

/** What comes before words that are repeated when the user has said nothing. */
export const PATIENCE = 'Take your time.';

/** The message in the pieces in which it is streamed: a few words each. Joined they are the message. */
export function pieces(message: string): string[] {
  return message.match(/\S+(?:\s+\S+){0,2}\s*/g) ?? [message];
}
