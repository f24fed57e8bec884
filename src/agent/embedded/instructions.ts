/** Turns an instruction of a graph about a user ("Ask the guest for their name") into speech to them. English. */
import { trimEndOf } from '../../text.ts';
import { questionOfWords, questionWhether } from './direct-questions.ts';
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
  /** Returns what the user has told so far, as it is read back, in order. */
  noted: () => readonly string[];
}

const SPEAKING =
  'ask|say|tell|answer|explain|offer|mention|apologi[sz]e|thank|wish|repeat|read|confirm|inform|remind|invite|suggest|advise|welcome|greet';
/** Verbs of instructions that are nouns or other words, too: a comma stands before them. */
const DOING =
  'pass|give|let|promise|assure|recommend|find|point|refer|warn|congratulate|encourage|summari[sz]e|recap|describe|share|state|report|note|check|send|hand|connect|transfer|help|stay|wait|make|keep|do not|never|go|show|introduce';
/** The signs and words before another instruction in the same sentence: ", and ask …", " then say …", ", pass on …". */
const NEXT = new RegExp(
  `,? (?:and then|and|then) (?=(?:${SPEAKING})\\b)|, (?:and then |and |then )?(?=(?:${SPEAKING}|${DOING})\\b)`,
  'gi',
);
const LEAD = /^(?:please |then |first |also |and )+/i;
const AGAIN = /^ask (?:them )?(?:again|once more)(?: in other words| briefly)?$/i;
const AGAIN_FOR_IT =
  /^ask (?:them )?(?:(?:again|once more) for (?:it|one|them|that)|for (?:it|one|them|that) (?:again|once more))$/i;
const AGAIN_FOR = /^ask (?:them )?(?:again|once more) /i;
const SOURCE = '(?:tool|book|system|calendar|kitchen|record|database|service|diary|list|register)';
const OF_TOOL = new RegExp(
  `\\b${SOURCE}\\b.{0,60}\\b(?:said|says|gave|gives|answered|answers|found|shows?|returned|returns)\\b|` +
    `^(?:pass|give|tell|read|share|report|state|mention|say)\\b.{0,80}\\b(?:from|of|in) the ${SOURCE}\\b`,
  'i',
);
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
  [/^ask (?:you )?(?:if|whether) you would like (.+)$/i, 'Would you like $1?'],
  [/^ask (?:you )?(?:if|whether) (?:to|I should) (.+)$/i, 'Shall I $1?'],
  [/^ask (?:you )?what was (.+)$/i, 'What was $1?'],
  [/^ask (?:you )?(?:for|about) (.+)$/i, 'Could you tell me $1?'],
  [/^ask you to (.+)$/i, 'Could you please $1?'],
  [/^ask (?:you )?(.+)$/i, 'Could you tell me $1?'],
  [/^(?:tell|ask|remind|instruct|urge|encourage) you (?:not to|to not) (.+)$/i, 'Please do not $1.'],
  [/^(?:tell|remind|instruct|urge|encourage) you to (.+)$/i, 'Please $1.'],
  [/^(?:tell|inform|remind|assure|warn|promise|let) you (?:know )?that (.+)$/i, '$1.'],
  [
    /^(?:explain|say|confirm|mention|state|answer|reply|add|promise|point out|note)(?: to you)? that (.+)$/i,
    '$1.',
  ],
  [/^tell you (?:about )?(.+)$/i, 'Let me tell you about $1.'],
  [/^offer to (.+)$/i, 'I can $1.'],
  [/^offer (?:you )?(.+)$/i, 'I can offer you $1.'],
  [/^invite you to (.+)$/i, 'You are welcome to $1.'],
  [/^congratulate you(.*)$/i, 'Congratulations$1.'],
  [/^greet you as (.+)$/i, 'Hello, this is $1.'],
  [/^greet you\b.*$/i, 'Hello! It is good to hear from you.'],
  [/^welcome you back\b.*$/i, 'Welcome back.'],
  [/^welcome you to (.+)$/i, 'Welcome to $1.'],
  [/^welcome you$/i, 'Welcome.'],
  [/^thank you (.+)$/i, 'Thank you $1.'],
  [/^thank you$/i, 'Thank you.'],
  [/^say (hello|hi|good (?:morning|day|evening|afternoon)|sorry)\b.*$/i, '$1.'],
  [/^(?:say goodbye|wish you well).*$/i, 'Goodbye, and all the best.'],
  [/^wish you (an? .+)$/i, 'Have $1.'],
  [/^wish you (.+)$/i, 'I wish you $1.'],
  [
    /^(?:find out|check|clarify|collect|gather|get|request|obtain) (?:from you )?(.+)$/i,
    'Could you tell me $1?',
  ],
  [/^((?:suggest|recommend|encourage|advise) .+)$/i, 'I would $1.'],
  [/^((?:help|assist) .+)$/i, 'I can $1.'],
  [/^((?:explain|describe|summari[sz]e|review|introduce|recap|read|show|go|walk) .+)$/i, 'Let me $1.'],
  [/^apologi[sz]e (?:to you )?(.*)$/i, 'I am sorry $1.'],
  [/^apologi[sz]e$/i, 'I am sorry.'],
];

/** Instructions that say what was told back to the user, without words of their own: "Confirm the booking". */
const READS_BACK = /^(?:confirm|repeat|read|summari[sz]e|recap|go over|list|review)\b(?! that\b)/i;
/** Instructions about how to speak or what not to do: nothing is said for them. */
const MANNER = /^(?:be|do not|don't|never|always|avoid|keep|stay|use|make sure|ensure|remember|wait|let)\b/i;
/** The first words of a sentence that is no instruction: "The office is closed", "It is free". */
const STATEMENT =
  /^(?:the|an?|this|that|these|those|there|it|we|you|your|our|my|I|in|on|at|for|from|yes|no|not|all|each|every\w*|nothing|please|hello|hi|welcome|thanks?|sorry|if|because|since)\b|^[\w'’-]+ (?:is|are|was|were|can|could|will|would|has|have|had|may|must|should|costs?|takes?)\b/i;

/** Returns a question in direct speech for an instruction to ask it; null where its grammar is not known. */
function directQuestion(instruction: string): string | null {
  const [, whether] = /^ask (?:you )?(?:if|whether) (.+)$/i.exec(instruction) ?? [];
  if (whether !== undefined)
    return /^(?:you would like|to|I should)\b/i.test(whether) ? null : questionWhether(whether);
  const [, words] = /^ask (?:you )?(.+)$/i.exec(instruction) ?? [];
  return words === undefined ? null : questionOfWords(words);
}

/** Returns the sentence for an instruction of no known form: what the agent does, or what the sentence says. */
function unknownForm(instruction: string): string {
  if (MANNER.test(instruction)) return '';
  if (STATEMENT.test(instruction) || !/^[a-z]+ /i.test(instruction)) return `${instruction}.`;
  return `I will ${instruction.charAt(0).toLowerCase()}${instruction.slice(1)}.`;
}

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

/** Returns a sentence with what the user has told, as it is read back; empty when nothing was told. */
function toldSentence(told: readonly string[]): string {
  return told.length === 0 ? '' : `I have noted: ${told.join(', ')}.`;
}

function speakOne(
  instruction: string,
  { roles, pending, toolSaid, heard, userName, noted }: InstructionContext,
): string {
  const plain = trimEndOf(instruction.trim().replace(LEAD, ''), '.!');
  if ((AGAIN.test(plain) || AGAIN_FOR_IT.test(plain)) && pending !== null) return pending;
  if (OF_TOOL.test(plain)) return toolSaid ?? '';
  const ofAgent = AGENT.reduce(
    (text, [from, to]) => text.replaceAll(from, to),
    plain.replace(AGAIN_FOR, 'ask '),
  );
  const turned = toSecondPerson(ofAgent, roles);
  if (OF_HEARD.test(turned) && heard !== null) return `I have written: ${heard}.`;
  if (READS_BACK.test(turned)) return toldSentence(noted());
  const direct = directQuestion(turned);
  if (direct !== null) return direct;
  const form = FORMS.find(([pattern]) => pattern.test(turned));
  const sentence = form === undefined ? unknownForm(turned) : turned.replace(form[0], form[1]);
  const joined = sentence.replaceAll(/,? and that (?=\w)|, that (?=\w)/g, ', and ');
  return tidied(joined).replace(/^Welcome back\.$/, `Welcome back, ${userName.split(' ')[0] ?? ''}.`);
}

/** The sentences in which instructions are spoken, joined; a word of assent when they ask for nothing that can be said. */
export function speakInstructions(text: string, context: InstructionContext): string {
  const spoken = text
    .split(/(?<=[.!?])\s+/)
    .flatMap((sentence) => sentence.split(NEXT))
    .map((instruction) => speakOne(instruction, context))
    .filter((sentence) => sentence !== '')
    .join(' ');
  return spoken === '' ? 'All right.' : spoken;
}
