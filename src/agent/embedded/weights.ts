/**
 * The weights and thresholds by which a message is compared with the answers of a graph. Evidence is from -1 to +1. The
 * values were chosen on the sets of `test/dialogues/`.
 */
export const WEIGHTS = {
  /** An explicit yes or no. */
  explicit: 0.9,
  /** An explicit yes or no in a correction. */
  correcting: 0.5,
  /** An amount beside the limit of the question. */
  compared: 0.85,
  /** The least evidence of the words of a question at which those of its explanation do not count. */
  leastDirect: 0.4,
  /** An answer that leaves the matter out: "It does", "I haven't". */
  elliptic: 0.75,
  /** The share of such a clause in a message with another clause that names the matter. */
  besideMatter: 0.35,
  /** A denial that meets no word of the question: "I haven't tried that yet". */
  asideDenied: 0.45,
  /** A statement about what was asked, in other words. */
  aside: 0.3,
  /** The least nearness of a word to one of the question at which a fragment is about it. */
  fragmentRelated: 0.15,
  /** The least nearness of a word to one of the question at which they mean the same. */
  near: 0.34,
  /** The greatest nearness of a word to its opposite. */
  opposite: -0.24,
  /** The least valence of a question that asks for what is well, or for trouble. */
  clearValence: 0.38,
  /** The share of the evidence that remains when an answer covers little of a question. */
  leastCovered: 0.6,
  /** Each word of a question. Several words together name what it asks. */
  questionWord: 0.6,
  /** A judgement about a proposal: "that would be wonderful". */
  judged: 0.62,
  /** The weight of a word that several candidates have: it tells the subject, not the answer. */
  shared: 0.3,
  /** The weight of met words that gives half of the evidence. One word of weight 1 gives two thirds. */
  half: 0.5,
  /** The share of the evidence that remains when almost no word of a description is met. */
  uncovered: 0.6,
  /**
   * The share of the evidence that remains without the verb of a wish: "a reservation" alone does not mean "cancel
   * a reservation".
   */
  withoutVerb: 0.45,
  /**
   * The share of the evidence that remains in a clause that begins with a word such as "when" or "if". It states
   * no fact.
   */
  background: 0.3,
  /** A word for a quantity: "only one" is never "all". */
  quantified: 0.66,
  /** The weight of each word of a hint. Two words of a hint weigh about as much as one of a description. */
  hintWord: 0.45,
  /** The least evidence of an explanation for an answer at which it hints at it. */
  leastHint: 0.3,
  /** The weight of words of the state behind an exit: "noisy" behind "The guest complains about the room". */
  behindExit: 0.6,
  /** The weight of words of an example of an exit. */
  exampleWord: 0.8,
  /** The least nearness at which meaning is evidence. */
  leastNearness: 0.24,
  /** The least distance to the next candidate at which meaning is evidence. */
  leastNearnessMargin: 0.035,
  /** The least nearness of a message with one word of matter. */
  leastNearnessOfOneWord: 0.33,
  /**
   * The least nearness for a wish when a word is all that was said: "Mumble" is near to "speak", and no wish to
   * speak.
   */
  leastNearnessOfLoneWord: 0.7,
  /** The most evidence by meaning. */
  mostByMeaning: 0.75,
  /** The weight of a word that is in no table, such as a name. */
  unknownWord: 0.5,
  /** The nearness of everyday synonyms. */
  synonym: 0.95,
  /** The weight of a wish whose verb is not meant: "a reservation" does not ask to cancel one. */
  meantWithoutVerb: 0.6,
  /** The least nearness of a word to the verb of a wish. */
  leastNearnessOfVerb: 0.45,
  /** The least valence that counts. Words between the ends tell neither. */
  leastValence: 0.285,
  /** An exit that is related less than this share of the strongest one is about something else. */
  relatedShare: 0.7,
  /** Evidence of a plain no for the exit of a user who does not want what is asked for. It is enough to end by it. */
  declined: 0.62,
  /** The least polarity that tells which exit in words is meant. */
  leastPolarity: 0.4,
  /** Polarity from which it does not matter which words of the question are met. */
  clearPolarity: 0.5,
  /** The least relation of an exit to the question. */
  leastRelated: 0.2,
  /**
   * The most evidence for an exit that ends the conversation when no statement says it in whole. It is not enough
   * to take the exit.
   */
  leastWord: 0.5,
  /** The evidence of any statement for an exit by which the user tells what has happened. */
  told: 0.45,
  /** Evidence at or below which a statement against an exit outweighs what a yes or a no implies. */
  against: -0.4,
  /** Evidence of the words below which their meaning does not count. */
  deniedByWords: -0.2,
  /** Evidence of the words at which their meaning is not compared. */
  wordsDecide: 0.34,
  /** The distance of two exits at which their words do not decide between them. */
  tie: 0.08,
  /** The same, where the exits describe wishes. */
  wishesDecide: 0.75,
  /** The least evidence for which an exit or an action is chosen. */
  leastToChoose: 0.28,
  /** The least evidence for an exit that ends the conversation: a farewell, a clear no, a whole example. */
  leastToEnd: 0.6,
  /** The least distance between two exits. When the distance is smaller, the agent asks which one is meant. */
  leastMargin: 0.08,
};
