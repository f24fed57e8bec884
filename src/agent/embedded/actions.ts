import { trimEndOf } from '../../text.ts';

/**
 * An action of a graph, split into its occasion and its deed. "If the user asks about prices, such as "What is it?",
 * say: "It is free."" is an action on an occasion. An action without an occasion is plain. Plain actions are performed
 * in their order.
 */
export interface ReadAction {
  /** The condition on which the action is performed; `null` for a plain action. */
  occasion: string | null;
  /** True if the occasion is that the agent did not understand the user, or has no usable answer. */
  clarifies: boolean;
  /**
   * The instruction or the words to say, without the occasion. A plain action also loses its examples of what a user
   * says.
   */
  deed: string;
}

const QUOTE = '(?:"[^"]*"|“[^“”]*”)';
/** The text between two examples: white space, with at most one comma and one joining word in it. */
const JOINED = '\\s*(?:,\\s*)?(?:(?:or|and)\\s*)?';
const EXAMPLES = new RegExp(
  `(?:(?<!\\s)\\s+|(?<![\\s,]),\\s*|\\b)(?:such as|for example|for instance|e\\.g\\.|like),?\\s+${QUOTE}(?:${JOINED}${QUOTE})*`,
  'gi',
);
const OCCASION = /^\s*(?:if|when|whenever|in case|should)\b/i;
const CLARIFIES =
  /\b(?:not clear|unclear|(?:not|don't|didn't) (?:understand|understood|answer)|makes? no sense|can be made out|(?:can|could)(?:not| not) be (?:made out|understood)|(?:is|are) (?:missing|not an? \w+)|holds? no|no [\w-]+(?: [\w-]+)? (?:was|were|has been) (?:given|said|named|told)|has not (?:given|said|named|told)|hesitates?)\b|\b(?:does not|doesn't) know(?: yet| what to say| the \w+)*\s*$/i;

/** A comma, followed by the verb of an instruction to the agent. */
const INSTRUCTION =
  /, (?=(?:please |then |first |do not |never )?(?:answer|say|tell|ask|explain|apologi[sz]e|offer|give|mention|repeat|inform|confirm|read|suggest|thank|greet|describe|wait|remind|advise|reply|respond|note|promise|welcome|assure|state|help|stay|let)\b)/i;

/**
 * Returns the index in `action` at which the deed begins: behind the last comma or quotation mark before a colon and
 * quoted words, else behind the comma before the verb of an instruction, else behind the last comma.
 */
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
