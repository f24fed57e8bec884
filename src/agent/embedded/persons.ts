/** Turns the words of a graph about a user into speech to them. The graph determines the words for the user. */

const THEY: readonly [RegExp, string][] = [
  // "Answer that they take place on Monday" speaks of what the user has asked about.
  [/\b(?<!^(?:answer|reply|respond) that )they\b/gi, 'you'],
  [/\btheirs\b/gi, 'yours'],
  [/\btheir\b/gi, 'your'],
  [/\b(?<!\bof )them\b/gi, 'you'],
];
const VERB = /^(\w+[^s\s])s$/i;
const BE: Readonly<Record<string, string>> = { is: 'are', has: 'have', was: 'were', does: 'do', are: 'are' };

/** An adverb between a person and the verb: "the guest really wants". */
const ADVERB = /^(?:[a-z]{3,}ly|also|ever|never|already|still|just|now|only|perhaps|always)$/i;

/** The second person of a verb: "wants" is "want". */
function ofYou(verb: string): string {
  return BE[verb.toLowerCase()] ?? verb.replace(VERB, '$1');
}

/** Returns a text in the second person: "The guest's table" is "your table", "the guest wants" is "you want". */
export function toSecondPerson(text: string, roles: ReadonlySet<string>): string {
  const words = text.split(' ');
  const turned: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const [, role = '', possessive = '', rest = ''] =
      /^([a-z]+)(['’]s)?([.,;:!?]*)$/i.exec(words[index + 1] ?? '') ?? [];
    if (!/^the$/i.test(words[index] ?? '') || !roles.has(role.toLowerCase())) {
      turned.push(words[index] ?? '');
      continue;
    }
    index += 1;
    turned.push(`${possessive === '' ? 'you' : 'your'}${rest}`);
    if (possessive !== '' || rest !== '') continue;
    if (ADVERB.test(words[index + 1] ?? '')) {
      index += 1;
      turned.push(words[index] ?? '');
    }
    const verb = words[index + 1];
    if (verb !== undefined && /^[a-z]+s$/i.test(verb)) {
      index += 1;
      turned.push(ofYou(verb));
    }
  }
  return THEY.reduce((done, [pattern, replacement]) => done.replace(pattern, replacement), turned.join(' '));
}
