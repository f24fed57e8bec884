/** Greetings in English and in other languages. */
const ENGLISH = /^\W*(?:hi+|hello+|hey+|yo|good (?:morning|afternoon|evening|day)|greetings|howdy)\b/i;

/** Words of greetings in other languages. They state nothing. */
const FOREIGN = new Set(
  'salut bonjour bonsoir hola buenos buenas dias días tardes noches guten tag morgen abend hallo moin servus grüezi ciao buongiorno buonasera olá ola bom dia hej hei hejsan namaste salam merhaba aloha privet konnichiwa'.split(
    ' ',
  ),
);

/** Returns true if a word belongs to a greeting of another language. */
export function isForeignGreeting(word: string): boolean {
  return FOREIGN.has(word);
}

/** Returns true if a text begins with a greeting. */
export function greets(text: string): boolean {
  const [first = ''] = text.toLowerCase().match(/\p{L}+/u) ?? [];
  return ENGLISH.test(text) || FOREIGN.has(first);
}

/** Returns a text without the greeting at its beginning. */
export function withoutGreeting(text: string): string {
  const plain = text.replace(ENGLISH, ' ');
  return plain
    .split(/(?<=\s)/)
    .filter((word) => !isForeignGreeting(word.toLowerCase().trim()))
    .join('');
}
