/**
 * Saying what an action of a graph says. An action that quotes words is spoken in these words; any other is turned
 * from an instruction about a user ("Ask the user for their name") into speech to them ("Could you tell me your
 * name?").
 */
import { trimEndOf } from '../../text.ts';
import { readAction } from './actions.ts';
import { noted, readBack } from './answers.ts';

/** What may be filled into the brackets of quoted words. */
export interface SpeechContext {
  /** By state, the state answered last being the last one. */
  answers: Readonly<Record<string, string>>;
  userName: string;
  agentName: string;
  /** What the last tool said, and what was remembered last; `null` when there is nothing. */
  toolOutput: string | null;
  remembered: string | null;
}

/** A tool that failed says so to the agent, not to the user. */
function hasSaid(toolOutput: string | null): boolean {
  return toolOutput !== null && toolOutput.trim() !== '' && !toolOutput.startsWith('Error:');
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

function fillBrackets(text: string, context: SpeechContext): string {
  return withoutEmptySentences(text, context).replaceAll(BRACKET, (_match, slot: string) => {
    if (OF_TOOL.test(slot)) return context.toolOutput ?? '';
    if (OF_MEMORY.test(slot)) return readBack(context.remembered ?? '');
    if (/\banswer (?:in|to|from)\b/i.test(slot)) return noted(slot, context.answers);
    if (asksForAgentName(slot)) return context.agentName;
    if (/first name/i.test(slot)) return context.userName.split(' ')[0] ?? '';
    return /name/i.test(slot) ? context.userName : slot;
  });
}

const PERSONS: readonly [RegExp, string][] = [
  [/\bthe (?:user|patient|customer|caller|guest)'s\b/gi, 'your'],
  [/\bthe (?:user|patient|customer|caller|guest) (?:is|are)\b/gi, 'you are'],
  [/\bthe (?:user|patient|customer|caller|guest) has\b/gi, 'you have'],
  [/\bthe (?:user|patient|customer|caller|guest) was\b/gi, 'you were'],
  [/\bthe (?:user|patient|customer|caller|guest) (\w+[^s\s])s\b/gi, 'you $1'],
  [/\bthe (?:user|patient|customer|caller|guest)\b/gi, 'you'],
  [/\bthey are\b/gi, 'you are'],
  [/\bthey\b/gi, 'you'],
  [/\btheirs\b/gi, 'yours'],
  [/\btheir\b/gi, 'your'],
  [/\bthem\b/gi, 'you'],
];

function toSecondPerson(text: string): string {
  return PERSONS.reduce((turned, [pattern, replacement]) => turned.replace(pattern, replacement), text);
}

/** The first form that fits turns the instruction into a sentence; `$1` is what the instruction is about. */
const INSTRUCTIONS: readonly [RegExp, string][] = [
  [/^(?:please )?ask you (?:if|whether) you would like (.+)$/i, 'Would you like $1?'],
  [/^(?:please )?ask you (?:if|whether) (.+)$/i, 'Could you tell me whether $1?'],
  [/^(?:please )?ask (?:you )?(?:for|about) (.+)$/i, 'Could you tell me $1?'],
  [/^(?:please )?ask you to (.+)$/i, 'Could you please $1?'],
  [/^(?:please )?ask you (.+)$/i, 'Could you tell me $1?'],
  [/^(?:tell|inform|remind|assure) you that (.+)$/i, '$1.'],
  [/^(?:explain|say|confirm|mention|state) (?:to you )?that (.+)$/i, '$1.'],
  [/^offer (?:you )?(.+)$/i, 'I can offer you $1.'],
  [/^greet you\b.*$/i, 'Hello! It is good to hear from you.'],
  [/^thank you (.+)$/i, 'Thank you $1.'],
  [/^thank you$/i, 'Thank you.'],
  [/^(?:say goodbye|wish you well).*$/i, 'Goodbye, and all the best.'],
  [
    /^(?:find out|check|clarify|collect|gather|get|request|obtain) (?:from you )?(.+)$/i,
    'Could you tell me $1?',
  ],
  [/^((?:suggest|recommend|encourage|advise) .+)$/i, 'I would $1.'],
  [/^((?:help|assist) .+)$/i, 'I can $1.'],
  [/^((?:explain|describe|summari[sz]e|repeat|review|introduce|recap|read|show|go|walk) .+)$/i, 'Let me $1.'],
  [/^apologi[sz]e (?:to you )?(.*)$/i, 'I am sorry $1.'],
];

function speakInstruction(instruction: string): string {
  const turned = trimEndOf(toSecondPerson(instruction.trim()), '.!');
  const form = INSTRUCTIONS.find(([pattern]) => pattern.test(turned));
  const sentence = form === undefined ? `${turned}.` : turned.replace(form[0], form[1]);
  // The verb of an instruction loses its capital when words come before it.
  const tidy = sentence
    .replace(
      /^((?:I would|I can|Let me) )(\w)/,
      (_match, lead: string, letter: string) => lead + letter.toLowerCase(),
    )
    .replaceAll(/(?<!\s)\s+([.?!])/g, '$1');
  return tidy.charAt(0).toUpperCase() + tidy.slice(1);
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
  return fillBrackets(
    deed
      .split(/(?<=[.!?])\s+/)
      .map(speakInstruction)
      .join(' '),
    context,
  );
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
