import { trimEndOf } from '../../text.ts';

/**
 * How the embedded agent reads an action of a graph. "If the user asks about prices, such as "What is it?", say: "It
 * is free."" is an action on an occasion; any other is a plain one, and plain ones are performed in their order.
 */
export interface ReadAction {
  /** When to perform it; `null` of a plain action. */
  occasion: string | null;
  /** Whether the occasion is that the user was not understood. */
  clarifies: boolean;
  /** What to do or to say, without the occasion and without examples of what a user says. */
  deed: string;
}

const QUOTE = '(?:"[^"]*"|“[^“”]*”)';
/** White space, and at most one comma and one joining word in it: what may stand between two examples. */
const JOINED = '\\s*(?:,\\s*)?(?:(?:or|and)\\s*)?';
const EXAMPLES = new RegExp(
  `(?:(?<!\\s)\\s+|(?<![\\s,]),\\s*|\\b)(?:such as|for example|for instance|e\\.g\\.|like),?\\s+${QUOTE}(?:${JOINED}${QUOTE})*`,
  'gi',
);
const OCCASION = /^\s*(?:if|when|whenever|in case|should)\b/i;
const CLARIFIES =
  /\b(?:not clear|unclear|(?:not|don't|didn't) (?:understand|understood|answer)|makes? no sense|can be made out|(?:can|could)(?:not| not) be (?:made out|understood)|(?:is|are) (?:missing|not an? \w+)|holds? no|no [\w-]+(?: [\w-]+)? (?:was|were|has been) (?:given|said|named|told)|has not (?:given|said|named|told)|hesitates?)\b|\b(?:does not|doesn't) know(?: yet| what to say| the \w+)*\s*$/i;

/** A comma, and the verb of what the agent is to do. */
const INSTRUCTION =
  /, (?=(?:please |then |first |do not |never )?(?:answer|say|tell|ask|explain|apologi[sz]e|offer|give|mention|repeat|inform|confirm|read|suggest|thank|greet|describe|wait|remind|advise|reply|respond|note|promise|welcome|assure|state|help|stay|let)\b)/i;

/** Where the deed begins: at its quoted words with their verb, else at the verb of an instruction. */
function deedStart(action: string): number {
  const plain = action.replaceAll(EXAMPLES, (found) => 'x'.repeat(found.length));
  const quoted = /:\s*["“]/.exec(plain);
  if (quoted === null) {
    const instruction = INSTRUCTION.exec(plain);
    return instruction === null ? action.lastIndexOf(',') + 1 : instruction.index + 1;
  }
  const before = plain.slice(0, quoted.index);
  return Math.max(...[',', '"', '“', '”'].map((sign) => before.lastIndexOf(sign))) + 1;
}

const QUOTES = /"([^"]+)"|“([^“”]+)”/g;

/** The words between quotation marks, straight or curly. */
export function quotesIn(text: string): string[] {
  return [...text.matchAll(QUOTES)].map((match) => (match[1] ?? match[2] ?? '').trim());
}

export function readAction(action: string): ReadAction {
  if (!OCCASION.test(action))
    return { occasion: null, clarifies: false, deed: action.replaceAll(EXAMPLES, '') };
  const start = deedStart(action);
  const occasion = trimEndOf(action.slice(0, start), ',');
  return { occasion, clarifies: CLARIFIES.test(occasion), deed: action.slice(start).trim() };
}
