/** Requests: for information, without a question mark and without a word of a question; and for a deed. English. */

/** A request for information in the form of an order: "tell me about your opening hours". */
const TELL_ME =
  /^\W*(?:(?:and|but|so|ok|okay|oh|hi|hello|please|first|wait|well)[\s,.!]+){0,3}(?:tell me (?:more |something |all )?about|explain|describe|give me (?:more |some )?(?:information|details) (?:about|on))\b/i;

/** Returns true if a sentence asks the agent to tell or to explain something. */
export function asksToTell(sentence: string): boolean {
  return TELL_ME.test(sentence);
}

/** Words by which a question asks to get or to do something: "Can I have the large one?", "How about Monday?" */
const TO_GET =
  /\b(?:(?:can|could|may|might|would) (?:i|we|you|it)(?: please)? (?:have|get|take|do|make|come|pay|book|choose|pick|go|give|send|bring|say|be|join|use|order|buy|change)\b|would \w+ (?:be possible|be ok|be okay|work)|is \w+ (?:possible|available|free)|(?:how|what) about)\b/i;

/** Returns true if a question asks to get or to do something, and so can choose among what is offered. */
export function asksToGet(question: string): boolean {
  return TO_GET.test(question);
}

/** A wish of the user: "I'd like to come bowling". */
const WISH = /\b(?:i|we) (?:would (?:really )?(?:like|love|prefer)|(?:really )?(?:want|need|wish)) (?!not\b)/;
/** An order with an object: "then bring it round". */
const ORDER =
  /^(?:(?:then|so|well|ok|okay|yes|please|just|and|but|go|now) ){0,4}(?!(?:i|we|you|they|he|she|it|that|this|there|is|are|was|were|do|does|did|have|has|had|can|could|will|would|what|who|how|why|when|where|which|let|damn|screw|fuck|shove|leave|about|for|of|with|to|at|on|in|not|no)\b)[a-z]{2,20} (?:it|them|that|this|one)\b/;

/** Returns true if a clause asks for a deed: it is a wish or an order. */
export function asksForDeed(words: readonly string[]): boolean {
  const said = words.join(' ');
  return WISH.test(said) || ORDER.test(said);
}
