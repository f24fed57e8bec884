/**
 * Saying what an action of a graph says. An action that quotes words is spoken in these words; any other is turned
 * from an instruction about a user ("Ask the user for their name") into speech to them ("Could you tell me your
 * name?").
 */

/** What may be filled into the brackets of quoted words. */
export interface SpeechContext {
  answers: Readonly<Record<string, string>>;
  userName: string;
  agentName: string;
}

/** Words in straight or curly double quotes. */
const QUOTED = /"([^"]+)"|“([^”]+)”/g;

function fillBrackets(text: string, context: SpeechContext): string {
  return text.replaceAll(/\[([^\]]+)\]/g, (_match, slot: string) => {
    const state = /answer (?:in|to|from) (\w+)/i.exec(slot)?.[1];
    if (state !== undefined) return (context.answers[state] ?? 'that').replace(/[\s.!?]+$/, '');
    if (/\b(agent|your own|my)\b.*name/i.test(slot)) return context.agentName;
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
  [/^apologi[sz]e (?:to you )?(.*)$/i, 'I am sorry $1.'],
];

function speakInstruction(instruction: string): string {
  const turned = toSecondPerson(instruction.trim()).replace(/[.!\s]+$/, '');
  const form = INSTRUCTIONS.find(([pattern]) => pattern.test(turned));
  const sentence = form === undefined ? `${turned}.` : turned.replace(form[0], form[1]);
  const tidy = sentence.replaceAll(/\s+([.?!])/g, '$1');
  return tidy.charAt(0).toUpperCase() + tidy.slice(1);
}

/** The words in which the embedded agent performs an action. */
export function spoken(action: string, context: SpeechContext): string {
  const quotes = [...action.matchAll(QUOTED)].map((match) => match[1] ?? match[2] ?? '');
  if (quotes.length > 0) return fillBrackets(quotes.join(' '), context).trim();
  return action
    .split(/(?<=[.!?])\s+/)
    .map(speakInstruction)
    .join(' ');
}

const REPEATED = [
  'Sorry, I did not quite get that.',
  'I am afraid I did not understand.',
  'Let me put it once more.',
];

/** What comes before an action that has to be repeated, in turn, so that the agent does not sound stuck. */
export function apology(repetition: number): string {
  return REPEATED[repetition % REPEATED.length] ?? '';
}

/** The message in the pieces in which it is streamed: a few words each. Joined they are the message. */
export function pieces(message: string): string[] {
  return message.match(/\S+(?:\s+\S+){0,2}\s*/g) ?? [message];
}
