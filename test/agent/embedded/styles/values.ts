/** Questions for a value in the styles of many authors, what users answer, and the value that is noted. */

/** A value that is asked for, with the ways in which authors and users put it. */
export interface ValueGroup {
  name: string;
  questions: readonly string[];
  /** Nouns by which exits name the value. */
  nouns: readonly string[];
  /** Messages, the value that is noted, and the number that a tool gets. */
  given: readonly (readonly [said: string, value: string, number?: number])[];
  /** The words of a tool's property for it, and its type. */
  property: { description: string; type: 'string' | 'number' | 'integer' };
}

/** Descriptions of an exit for a value. `{n}` stands for the noun of the value. */
export const GIVEN_FORMS: readonly string[] = [
  '{U} has given the {n}',
  '{U} gives the {n}',
  'The {n} is known',
  'They have said the {n}',
  'We know the {n}',
  '{U} told the {n}',
  'The {n} has been given',
  '{U} provided the {n}',
  'They tell us the {n}',
  'They give their {n}',
  'The {n} is there',
];

/** Descriptions of an exit for users who do not know or have a value, and what they say. */
export const UNKNOWN_FORMS: readonly string[] = [
  '{U} does not know it',
  'They do not have it',
  'No {n}',
  'It is not known',
];
/** Messages of users who do not know a value. */
export const UNKNOWN: readonly string[] = [
  "I don't know",
  'no idea',
  "sorry, I don't know that",
  'no clue',
  'I forgot',
];
/** Descriptions of an exit for users who do not want to tell a value. */
export const REFUSED_FORMS: readonly string[] = [
  '{U} refuses',
  'They would rather not say',
  '{U} does not want to give the {n}',
];
/** Messages of users who do not want to tell a value. */
export const REFUSED: readonly string[] = [
  "I'd rather not say",
  "that's private",
  "I won't tell you",
  'none of your business',
];
/** Messages of users who have not answered yet. */
export const PENDING: readonly string[] = [
  'hm',
  'let me think',
  'why do you need that?',
  'one moment please',
  'I do not understand',
  'can you repeat that?',
  'hello',
];

/** Values that are asked for. */
export const VALUES: readonly ValueGroup[] = [
  {
    name: 'a town',
    questions: [
      'Ask: "In which town do you live?"',
      'Ask for the town.',
      'Ask: "Where are you travelling to?"',
    ],
    nouns: ['town', 'city'],
    given: [
      ['Vienna', 'Vienna'],
      ['I live in Porto', 'Porto'],
      ['my city is Leeds', 'Leeds'],
      ['we are going to San Sebastian', 'San Sebastian'],
      ["it's Graz", 'Graz'],
    ],
    property: { description: 'town', type: 'string' },
  },
  {
    name: 'the title of a book',
    questions: ['Ask: "Which book would you like?"', 'Ask for the title.'],
    nouns: ['title', 'book'],
    given: [
      ['Emma', 'Emma'],
      ["I'm looking for Dune", 'Dune'],
      ['it is called The Trial', 'The Trial'],
      ["I'd like to borrow Dracula", 'Dracula'],
      ['War and Peace please', 'War and Peace'],
    ],
    property: { description: 'title of the book', type: 'string' },
  },
  {
    name: 'a serial number',
    questions: ['Ask: "What is the serial number?"', 'Ask for the serial number.'],
    nouns: ['serial number', 'number'],
    given: [
      ['X7 99 120 KL', 'X7 99 120 KL'],
      ['here it is: WX55-1209', 'WX55-1209'],
      ['the back says KD120045', 'KD120045'],
      ['4471 2209 11', '4471 2209 11'],
    ],
    property: { description: 'serial number of the device', type: 'string' },
  },
  {
    name: 'a phone number',
    questions: ['Ask: "What is your phone number?"', 'Ask: "On which number can we reach you?"'],
    nouns: ['phone number', 'number'],
    given: [
      ['0172/3344556', '0172/3344556'],
      ['my mobile is 0650 220 7134, thanks', '0650 220 7134'],
      ['I have two phones but use 0650 220 7134', '0650 220 7134'],
    ],
    property: { description: 'phone number', type: 'string' },
  },
  {
    name: 'an amount of money',
    questions: ['Ask: "How much would you like to pay?"', 'Ask for the amount.'],
    nouns: ['amount'],
    given: [
      ['€120', '120', 120],
      ['I want to send 75.50', '75.50', 75.5],
      ['two hundred', 'two hundred', 200],
      ['1,500 euros', '1,500', 1_500],
    ],
    property: { description: 'amount in euros', type: 'number' },
  },
  {
    name: 'a number of people',
    questions: ['Ask: "For how many people?"', 'Ask for the number of people.'],
    nouns: ['number of people', 'number of guests'],
    given: [
      ['we are five', 'five', 5],
      ['two adults and a child', 'two adults and a child', 3],
      ['just me', 'just me', 1],
      ['me and my wife', 'me and my wife', 2],
    ],
    property: { description: 'number of people', type: 'integer' },
  },
  {
    name: 'a quantity with its unit',
    questions: ['Ask: "How much sand do you need?"', 'Ask for the quantity.'],
    nouns: ['quantity'],
    given: [
      ['I need 25 kg', '25 kg', 25],
      ['half a kilo', 'half a kilo', 0.5],
      ['one and a half kilos', 'one and a half kilos', 1.5],
      ['500 g please', '500 g', 0.5],
    ],
    property: { description: 'quantity in kilograms', type: 'number' },
  },
];
