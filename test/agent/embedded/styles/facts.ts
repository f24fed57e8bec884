/** Questions whether something is the case. */
import type { StyleGroup } from './play-styles.ts';

/** Groups on which the rules were tuned. */
export const FACTS: readonly StyleGroup[] = [
  {
    name: 'whether a light is on',
    questions: [
      'Ask: "Is the light on?"',
      'Ask: "Does the light come on?"',
      'Ask whether the light is on.',
      'Ask: "Please press the button. Is the light on now?"',
      'Find out if the light comes on.',
    ],
    exits: [
      [
        'The light is on',
        'It is on',
        'Light on',
        'Yes',
        'The light comes on',
        '{U} sees a light',
        'There is light',
      ],
      [
        'The light is off',
        'It is off',
        'No light',
        'No',
        'The light does not come on',
        '{U} sees no light',
        'There is no light',
        'The light is not on',
      ],
    ],
    answers: [
      [0, ['yes', 'it is', "it's on", 'the light is on', 'I think it is on', 'yep', 'now it is on', 'on']],
      [
        1,
        [
          'no',
          "it isn't",
          "it's off",
          'the light is off',
          'nope, dark',
          'still off',
          'no light at all',
          'off',
          'it stays dark',
        ],
      ],
      [-1, ['hm', 'one moment please', 'why do you ask?', 'what?']],
    ],
  },
  {
    name: 'whether something was used',
    questions: [
      'Ask: "Have you used it already?"',
      'Ask whether it was used.',
      'Ask: "Did you use it at all?"',
      'Ask: "Has the item been used?"',
    ],
    exits: [
      ['It was used', '{U} has used it', 'The item has been used', 'Yes', 'Used', 'They used it'],
      ['It was not used', '{U} has not used it', 'The item is unused', 'No', 'Unused', 'They never used it'],
    ],
    answers: [
      [
        0,
        [
          'yes',
          'I have',
          'yes, once',
          'I used it twice',
          'a few times',
          'it has been used',
          'once or twice',
          'I did',
        ],
      ],
      [
        1,
        [
          'no',
          "I haven't",
          'never',
          'not yet',
          "it's unused",
          'I never used it',
          'not at all',
          "I didn't",
          'not once',
        ],
      ],
      [-1, ['hm', 'let me check', 'why do you ask?', 'what?']],
    ],
  },
];

/** Groups that were written later. They showed what the rules of the groups above had missed. */
export const FACTS_ASIDE: readonly StyleGroup[] = [
  {
    name: 'whether a door is locked',
    questions: [
      'Ask: "Is the door locked?"',
      'Check whether the door is locked.',
      'Ask {u} if the door is locked.',
    ],
    exits: [
      ['The door is locked', 'It is locked', 'Yes', 'Locked', '{U} says that it is locked'],
      [
        'The door is unlocked',
        'It is not locked',
        'No',
        'Unlocked',
        'The door is open',
        '{U} says that it is not locked',
      ],
    ],
    answers: [
      [0, ['yes', 'it is', "yes it's locked", 'locked', 'the door is locked', 'I locked it', 'sure, locked']],
      [
        1,
        ['no', "it isn't", 'unlocked', "it's not locked", 'the door is open', 'no, not locked', 'it is open'],
      ],
      [-1, ['wait', 'hold on, I am looking', 'why?']],
    ],
  },
  {
    name: 'whether there is a receipt',
    questions: [
      'Ask: "Do you still have the receipt?"',
      'Ask whether {u} has the receipt.',
      'Ask: "Is there a receipt?"',
    ],
    exits: [
      ['{U} has the receipt', 'They have it', 'Yes', 'There is a receipt', 'The receipt is there'],
      [
        '{U} has no receipt',
        'They do not have it',
        'No',
        'There is no receipt',
        'The receipt is lost',
        '{U} lost the receipt',
      ],
    ],
    answers: [
      [
        0,
        ['yes', 'I do', 'I have it here', 'yes I have', 'I still have the receipt', 'of course', 'sure I do'],
      ],
      [
        1,
        [
          'no',
          "I don't",
          'I lost it',
          "I haven't got one",
          'no receipt',
          'I threw it away',
          "I can't find it",
          'not any more',
        ],
      ],
      [-1, ['hm', 'let me look', 'what for?']],
    ],
  },
];
