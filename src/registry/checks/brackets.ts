/** Checks brackets in the texts of a graph: `[state]`, `[reference.state]`, `[the user's answer in state]`. */
import { cut } from '../../text.ts';

/**
 * States that brackets may name. Each function returns true for a name that cannot be checked, because its entry has
 * the wrong form.
 */
export interface NamedStates {
  /** Tells whether this graph has a state. */
  has: (state: string) => boolean;
  /** Tells whether a reference of this graph leads to a graph with this state. */
  refers: (reference: string, state: string) => boolean;
  /** Tells whether any graph that a conversation may walk through has a state. */
  isAnywhere: (state: string) => boolean;
}

/** Maximum length of a bracket in an error, in UTF-16 units. Longer ones are cut. */
const MAX_SHOWN = 40;

const WORD = /^[A-Za-z0-9_]+$/;
const DOTTED = /^([A-Za-z0-9_]+)\.([A-Za-z0-9_]+)$/;
/** Words in brackets that are not states: `name` is the user, `tool` is the output of the last tool. */
const SLOTS = new Set(['name', 'tool']);
/** Matches brackets about answers of the user: the same words that the embedded agent looks for. */
const ANSWER_IN = /\banswer (?:in|to|from)\b/i;

function isState(word: string, states: NamedStates): boolean {
  const [, reference, state] = DOTTED.exec(word) ?? [];
  if (reference !== undefined && state !== undefined) return states.refers(reference, state);
  return states.has(word);
}

/** Returns the error of a bracket about answers, or null: it must name at least one state, and each must exist. */
function answerMessage(content: string, shown: string, states: NamedStates): string | null {
  const from = ANSWER_IN.exec(content);
  if (from === null) return null;
  const named = content
    .slice(from.index + from[0].length)
    .split(/,|\bor\b|\band\b/)
    .map((part) => part.trim())
    .filter((part) => WORD.test(part) || DOTTED.test(part));
  if (named.length === 0) return `"${shown}" names no state`;
  const unknown = named.find((word) => !states.isAnywhere(word) && !isState(word, states));
  return unknown === undefined
    ? null
    : `"${shown}" names a state "${cut(unknown, MAX_SHOWN)}", which does not exist`;
}

function contentMessage(content: string, states: NamedStates): string | null {
  const shown = `[${cut(content, MAX_SHOWN)}]`;
  if (ANSWER_IN.test(content)) return answerMessage(content, shown, states);
  if (DOTTED.test(content))
    return isState(content, states) ? null : `"${shown}" names no state of a reference`;
  if (!WORD.test(content) || SLOTS.has(content.toLowerCase()) || states.has(content)) return null;
  return `"${shown}" names no state of this graph`;
}

/**
 * Returns the errors of the brackets of a text: those that name a state that does not exist, and the first one that
 * never closes. Links of Markdown are not brackets. Takes linear time.
 */
export function bracketMessages(text: string, states: NamedStates): string[] {
  const messages: string[] = [];
  for (let open = text.indexOf('['); open !== -1;) {
    const close = text.indexOf(']', open);
    const next = text.indexOf('[', open + 1);
    if (close === -1 || (next !== -1 && next < close)) {
      return [...messages, `the bracket "${cut(text.slice(open), MAX_SHOWN)}" never closes`];
    }
    const message =
      text[close + 1] === '(' ? null : contentMessage(text.slice(open + 1, close).trim(), states);
    if (message !== null) messages.push(message);
    open = next;
  }
  return messages;
}
