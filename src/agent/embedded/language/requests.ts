/** Requests for information that have no question mark and no word of a question. English. */

/** A request for information in the form of an order: "tell me about your opening hours". */
const TELL_ME =
  /^\W*(?:(?:and|but|so|ok|okay|oh|hi|hello|please|first|wait|well)[\s,.!]+){0,3}(?:tell me (?:more |something |all )?about|explain|describe|give me (?:more |some )?(?:information|details) (?:about|on))\b/i;

/** Returns true if a sentence asks the agent to tell or to explain something. */
export function asksToTell(sentence: string): boolean {
  return TELL_ME.test(sentence);
}

/** Words by which a question asks to get or to do something: "Can I have the large one?", "How about Monday?" */
const TO_GET =
  /\b(?:(?:can|could|may|might) (?:i|we|you|it)(?: please)? (?:have|get|take|do|make|come|pay|book|choose|pick|go|give|send|bring|say|be)|would \w+ (?:be possible|be ok|be okay|work)|is \w+ (?:possible|available|free)|(?:how|what) about)\b/i;

/** Returns true if a question asks to get or to do something, and so can choose among what is offered. */
export function asksToGet(question: string): boolean {
  return TO_GET.test(question);
}
