/** The end of a conversation in the styles of many authors. */
import type { StyleGroup } from './play-styles.ts';

/** The question for anything else, whose no ends the conversation. */
export const CLOSING: readonly StyleGroup[] = [
  {
    name: 'anything else is asked for',
    ends: 1,
    questions: [
      'Ask: "Is there anything else?"',
      'Ask: "Can I help you with anything else?"',
      'Ask whether there is anything else.',
      'Ask: "Anything else?"',
      'Ask: "Is there something else I can do for you?"',
      'Ask: "Do you need anything else today?"',
    ],
    exits: [
      [
        '{U} needs something else',
        'There is something else',
        '{U} has another question',
        'They want something else',
        'Yes',
        '{U} wants more',
        'There is more',
      ],
      [
        '{U} needs nothing else',
        'Nothing else',
        'That was all',
        '{U} says goodbye',
        'No',
        '{U} is done',
        'They need nothing more',
        'There is nothing else',
        'They are finished',
        '{U} says no or goodbye',
      ],
    ],
    answers: [
      [
        0,
        [
          'yes',
          'yes please',
          'actually yes',
          'one more thing',
          'there is one more thing',
          'I do',
          'yes there is',
        ],
      ],
      [
        1,
        [
          'no',
          'no thanks',
          "that's all",
          "that's it, thanks",
          'nope, bye',
          'nothing else',
          'no that was everything',
          "I'm good",
          'all good, thank you',
          'bye',
          'no, thanks a lot',
          "no I'm fine",
          'that will be all',
        ],
      ],
      [-1, ['hm', 'let me think', 'one moment', 'good morning']],
    ],
  },
];
