/** Descriptions of a user who gives a value: "They tell us the town", "Meter reading provided". English. */

const GIVES =
  /^(?:they |he or she |(?:the |an? )?[a-z]{3,20} )(?:(?:has|have|had|now|already|finally) ){0,2}(?:gives?|gave|given|tells?|told|names?|named|provides?|provided|states?|stated|shares?|shared|enters?|entered|mentions?|mentioned|supplie[sd]|specifie[sd]|reads? out|indicates?|indicated|sends?|sent|passe[sd] on) (?:(?:us|me|you) )?((?:the|their|his|her|an?|one|some|both|what|which|when|where|who|how)\b.{1,100})$/i;
/** A clause of its own: what is said is the case, and no value. */
const CLAUSE =
  /\b(?:is|are|was|were|has|have|had|does|do|did|will|would|can|cannot|wants?|needs?|not|no|wrong|another|something)\b/i;
const QUESTION_WORD = /^(?:what|which|when|where|who|how)\b/i;
const PARTICIPLES =
  '(?:given|provided|told|named|noted|stated|entered|received|mentioned|specified|collected|supplied)';
const STANDS_THERE = new RegExp(
  "^(?!(?:no|not|nothing|none|they|he|she|it|we|there)\\b)(?:(?:the|an?|their) )?[a-z][\\w'’/-]*(?: [\\w'’/-]+){0,6} " +
    `(?:${PARTICIPLES}|known|(?:is|are|was|were|has been|have been) (?:now )?(?:${PARTICIPLES}|there|available|at hand))\\W*$`,
  'i',
);
const DENIED = /\b(?:not|never|no|wrong|already|nothing|un\w+)\b|n['’]t\b/i;

/** Returns true if a description says that the user gives a value, or that a value is there. */
export function givesValue(description: string): boolean {
  const object = GIVES.exec(description)?.[1];
  if (object !== undefined) return QUESTION_WORD.test(object) || !CLAUSE.test(object);
  return STANDS_THERE.test(description) && !DENIED.test(description);
}
