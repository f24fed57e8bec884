/** Ends of an answer that was cut off, or that the model closed too often. Pure. */

/** Tells whether an unfinished line may be the name of the agent or its role, and nothing else. */
export function isOwnName(line: string, speaker: string): boolean {
  return ['assistant:', `${speaker.toLowerCase()}:`].some((name) => name.startsWith(line.toLowerCase()));
}

/** Tells whether the last line of an answer is a choice, a role or a sign that was cut off. */
export function isCut(line: string, speaker: string): boolean {
  if (line.length > MAX_NAME_LENGTH) return false;
  const plain = line.trim();
  if (/^(?:[*_~#-]{2,}|`{1,3}|'{3}|"{3}|~{3}|\{|(?:action|exit|choice)\s?[:：])$/i.test(plain)) return true;
  const names = ['assistant', 'user', 'human', speaker.trim().toLowerCase()];
  if (names.some((name) => name !== '' && `${name}:` === plain.toLowerCase())) return true;
  const [, word = ''] = /^\{\s?["'“]([a-z]{0,6})(?:["'”]\s?(?::\s?["']?\d{0,4}["']?)?)?$/i.exec(plain) ?? [];
  return word !== '' && ['action', 'exit', 'choice'].some((kind) => kind.startsWith(word.toLowerCase()));
}

/** The longest name of a speaker on the last line, in UTF-16 units. */
const MAX_NAME_LENGTH = 60;
