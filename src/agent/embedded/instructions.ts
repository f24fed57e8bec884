/** Turns an instruction of a graph about a user ("Ask the guest for their name") into speech to them. English. */
import { trimEndOf } from '../../text.ts';
import { toSecondPerson } from './persons.ts';

/** The values that an instruction can refer to. */
export interface InstructionContext {
  /** The words of the graph for the user. */
  roles: ReadonlySet<string>;
  /** The question that "ask again" repeats; null when there is none. */
  pending: string | null;
  /** The output of the last tool, as a sentence; null when it is empty or tells of a failure. */
  toolSaid: string | null;
  /** The last message of the user, as it is read back; null when there is none. */
  heard: string | null;
  userName: string;
}

const VERBS =
  'ask|say|tell|answer|explain|offer|mention|apologi[sz]e|thank|wish|repeat|read|confirm|inform|remind|invite|suggest|advise|welcome|greet';
/** The words before another instruction in the same sentence: ", and ask …", " then say …". */
const NEXT = new RegExp(`,? (?:and|then|and then) (?=(?:${VERBS})\\b)`, 'gi');
const LEAD = /^(?:please |then |first |also |and )+/i;
const AGAIN = /^ask (?:them )?(?:again|once more)(?: in other words| briefly)?$/i;
const AGAIN_FOR = /^ask (?:them )?(?:again|once more) /i;
const OF_TOOL =
  /\b(?:tool|book|system|calendar|kitchen|record|database|service)\b.{0,60}\b(?:said|says|gave|gives|answered|answers|found|shows?)\b/i;
const OF_HEARD =
  /^(?:read|repeat)(?: back)? what (?:you (?:have|has)?|was|has been|is) ?(?:just )?(?:corrected|changed|said|given|told|asked)/i;

/** Words for the agent, which an instruction calls "you", and their first person. */
const AGENT: readonly [RegExp, string][] = [
  [/\byou are\b/gi, 'I am'],
  [/\b(?<!\[)your(?! name\])\b/gi, 'my'],
  [/\byou(?=(?:'| (?:can|will|would|could|have|do|cannot|note|may|are|must)\b))/gi, 'I'],
];

/**
 * Forms of instructions and their sentences. The first form that fits is used; `$1` is the object of the instruction.
 */
const FORMS: readonly [RegExp, string][] = [
  [/^ask (?:you )?how I can help(.*)$/i, 'How can I help$1?'],
  [/^ask (?:you )?(?:if|whether) there is anything else(.*)$/i, 'Is there anything else$1?'],
  [/^ask (?:you )?(?:if|whether) you would like (.+)$/i, 'Would you like $1?'],
  [/^ask (?:you )?(?:if|whether) you (want|need|have|know|agree) (.+)$/i, 'Do you $1 $2?'],
  [/^ask (?:you )?(?:if|whether) (?:to|I should) (.+)$/i, 'Shall I $1?'],
  [/^ask (?:you )?(?:if|whether) everything is (.+)$/i, 'Is everything $1?'],
  [/^ask (?:you )?(?:if|whether) (.+)$/i, 'Could you tell me whether $1?'],
  [
    /^ask (?:you )?((?:for|at|on|under|to|in|from|by|of|with) (?:how|which|what|whom|when|where)\b.+)$/i,
    'Could you tell me $1?',
  ],
  [/^ask (?:you )?what was (.+)$/i, 'What was $1?'],
  [/^ask (?:you )?what is (.+)$/i, 'What is $1?'],
  [/^ask (?:you )?(?:for|about) (.+)$/i, 'Could you tell me $1?'],
  [/^ask you to (.+)$/i, 'Could you please $1?'],
  [/^ask (?:you )?(.+)$/i, 'Could you tell me $1?'],
  [/^(?:tell|inform|remind|assure) you that (.+)$/i, '$1.'],
  [/^(?:explain|say|confirm|mention|state|answer|reply|add)(?: to you)? that (.+)$/i, '$1.'],
  [/^offer (?:you )?(.+)$/i, 'I can offer you $1.'],
  [/^greet you as (.+)$/i, 'Hello, this is $1.'],
  [/^greet you\b.*$/i, 'Hello! It is good to hear from you.'],
  [/^welcome you back\b.*$/i, 'Welcome back.'],
  [/^welcome you to (.+)$/i, 'Welcome to $1.'],
  [/^welcome you$/i, 'Welcome.'],
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

function tidied(sentence: string): string {
  // The verb of an instruction loses its capital when words come before it.
  const tidy = sentence
    .replace(
      /^((?:I would|I can|Let me) )(\w)/,
      (_match, lead: string, letter: string) => lead + letter.toLowerCase(),
    )
    .replaceAll(/(?<!\s)\s+([.?!])/g, '$1');
  return tidy.charAt(0).toUpperCase() + tidy.slice(1);
}

function speakOne(
  instruction: string,
  { roles, pending, toolSaid, heard, userName }: InstructionContext,
): string {
  const plain = trimEndOf(instruction.trim().replace(LEAD, ''), '.!');
  if (AGAIN.test(plain) && pending !== null) return pending;
  if (OF_TOOL.test(plain)) return toolSaid ?? '';
  const ofAgent = AGENT.reduce(
    (text, [from, to]) => text.replaceAll(from, to),
    plain.replace(AGAIN_FOR, 'ask '),
  );
  const turned = toSecondPerson(ofAgent, roles);
  if (OF_HEARD.test(turned) && heard !== null) return `I have written: ${heard}.`;
  const form = FORMS.find(([pattern]) => pattern.test(turned));
  const sentence = form === undefined ? `${turned}.` : turned.replace(form[0], form[1]);
  return tidied(sentence).replace(/^Welcome back\.$/, `Welcome back, ${userName.split(' ')[0] ?? ''}.`);
}

/** The sentences in which instructions are spoken, joined. */
export function speakInstructions(text: string, context: InstructionContext): string {
  return text
    .split(/(?<=[.!?])\s+/)
    .flatMap((sentence) => sentence.split(NEXT))
    .map((instruction) => speakOne(instruction, context))
    .filter((sentence) => sentence !== '')
    .join(' ');
}
