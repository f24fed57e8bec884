/** Clauses that report something of the past or of others, so that they ask for nothing and agree to nothing. English. */
const SUBJECT =
  '(?:i|we|you|they|he|she|it|someone|somebody|everyone|everybody|people|(?:my|our|your|his|her|their|the|a|an|this|that|some) [a-z]+(?: [a-z]+){0,2}?)';
/** The subject and the verb of a report: "we cancelled", "my friend has stopped", "the shop next door closed". */
const REPORT = new RegExp(
  `^(?:(?:no|well|so|but|and|oh|because|when|since|yesterday|earlier|once) ){0,3}${SUBJECT} (?:(?:have|has|had|was|were|already|never|just|also|even|almost|nearly) ){0,3}([a-z]+)\\b`,
);
/** Irregular past forms of frequent verbs. */
const IRREGULAR = new Set(
  (
    'went saw got gave came took made said told lost left met ran did broke forgot spoke bought sold rang began brought built caught ' +
    'drove ate fell felt found flew grew held kept knew paid rode rose sent slept stole stood taught threw woke wrote won cost cut hit put shut heard read'
  ).split(' '),
);
/** Verbs of a decision or a wish, whose past still holds: "I decided to cancel", "I wanted to ask". */
const STILL_HOLDS =
  /^(?:decided|wanted|needed|agreed|hoped|liked|preferred|chose|meant|thought|figured|changed|interested|supposed)$/;
/** A person who is neither the user nor the agent, as the subject. */
const OF_ANOTHER =
  /^(?:(?:no|well|so|but|and|oh) ){0,2}(?:they|he|she|(?:my|our|his|her|their) (?:friend|neighbou?r|boss|colleague|cousin|manager)s?|the (?:neighbou?r|man|woman|guy|person|people)s?|some(?:one|body)|people) (?!(?:want|need|would)s?\b)/;

/** Returns true if a clause reports a deed of the past, or one of another person. */
export function reports(words: readonly string[]): boolean {
  const said = words.join(' ');
  if (OF_ANOTHER.test(said)) return true;
  const [, verb = ''] = REPORT.exec(said) ?? [];
  return (/..ed$/.test(verb) || IRREGULAR.has(verb)) && !STILL_HOLDS.test(verb);
}
