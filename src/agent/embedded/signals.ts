/** What a sentence means beyond its words, for an agent that only compares words. English. */

interface Signal {
  pattern: RegExp;
  /** The words in which a graph's author would describe it. */
  meaning: string;
}

const DAY = 'mon|tues|wednes|thurs|fri|satur|sun';

const SIGNALS: readonly Signal[] = [
  {
    pattern:
      /\b(yes|yeah|yep|yup|sure|ok|okay|right|correct|exactly|absolutely|perfect|fine|great|please do|do it)\b/i,
    meaning: 'confirms agrees accepts yes',
  },
  {
    pattern:
      /\b(no|nope|nah|wrong|incorrect|not (really|quite|right)|rather not|don'?t|cancel that|something else)\b/i,
    meaning: 'declines refuses disagrees no change',
  },
  {
    pattern: new RegExp(
      `\\b((${DAY})day|today|tomorrow|tonight|weekend|morning|afternoon|evening|noon|next week|this week|` +
        'january|february|march|april|june|july|august|september|october|november|december|' +
        "\\d{1,2}(:\\d{2})? ?(am|pm|o'?clock)|\\d{1,2}:\\d{2}|\\d{1,2}(st|nd|rd|th))\\b",
      'i',
    ),
    meaning: 'day time date when',
  },
  { pattern: /\d{4,}|\d[\d\s-]{5,}\d/, meaning: 'number phone digits' },
  { pattern: /\S+@\S+\.\S+/, meaning: 'email address' },
  { pattern: /\b(hi|hello|hey|good (morning|afternoon|evening))\b/i, meaning: 'greets greeting' },
  {
    pattern:
      /\b(bye|goodbye|that'?s (all|it|everything)|nothing else|no,? thank|thanks?,? bye|i'?m done|see you)\b/i,
    meaning: 'goodbye finished nothing done end',
  },
  { pattern: /\b(thanks?|thank you|cheers)\b/i, meaning: 'thanks' },
  {
    pattern: /\b(human|real person|somebody|someone|operator|receptionist|representative|staff)\b/i,
    meaning: 'human speak person staff receptionist',
  },
];

export function signalsOf(said: string): string[] {
  return SIGNALS.filter(({ pattern }) => pattern.test(said)).map(({ meaning }) => meaning);
}

export function isQuestion(said: string): boolean {
  return (
    said.includes('?') ||
    /^\s*(who|what|when|where|why|how|which|can|could|do|does|is|are|will|would)\b/i.test(said)
  );
}

/** A bare refusal answers nothing: "no", "not that", without anything in its place. */
export function isRefusal(said: string): boolean {
  return /^\s*(no|nope|nah|not (really|now|that|today))\b[\s,.!]*$/i.test(said);
}
