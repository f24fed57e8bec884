/** Requests for information that have no question mark and no word of a question. English. */

/** A request for information in the form of an order: "tell me about your opening hours". */
const TELL_ME =
  /^\W*(?:(?:and|but|so|ok|okay|oh|hi|hello|please|first|wait|well)[\s,.!]+){0,3}(?:tell me (?:more |something |all )?about|explain|describe|give me (?:more |some )?(?:information|details) (?:about|on))\b/i;

/** Returns true if a sentence asks the agent to tell or to explain something. */
export function asksToTell(sentence: string): boolean {
  return TELL_ME.test(sentence);
}
