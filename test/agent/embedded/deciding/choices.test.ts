/** Questions with two answers that are named, and what users say instead of an answer. */
import { describe, expect, it } from 'vitest';
import { visitShop } from './bike-shop.ts';

describe('an answer in the form of a request', () => {
  it.each(['could you take an electric one?', 'can I bring an electric bike?', 'how about an electric one?'])(
    '%j chooses',
    async (saying) => {
      expect((await visitShop(saying)).state).toBe('bought');
    },
  );
});

describe('an answer that is taken back in the same message', () => {
  it.each(["it's electric, no wait, ordinary", 'electric. sorry, I mean an ordinary one'])(
    '%j gives the second one',
    async (saying) => {
      const { talk, state } = await visitShop(saying, 'ten years');
      expect(state).toBe('parts');
      expect(talk.position.answers['bike_type']).toBe(saying);
    },
  );
});

describe('a hesitation at a question for consent', () => {
  it.each(['hmm, let me think about it', "hmm I don't know", 'I am not sure', "I'd have to ask my husband"])(
    '%j is neither a yes nor a no',
    async (saying) => {
      expect((await visitShop('ordinary', 'ten years', saying)).state).toBe('parts');
    },
  );

  it.each(["I can't wait that long, no", 'no', 'no, that is not all right'])('%j is a no', async (saying) => {
    expect((await visitShop('ordinary', 'ten years', saying)).state).toBe('end');
  });

  it.each(['that is all right', 'yes', 'all right'])('%j is a yes', async (saying) => {
    expect((await visitShop('ordinary', 'ten years', saying)).state).toBe('appointment');
  });
});

describe('a question for what there is to choose from', () => {
  it.each(['which ones are there?', 'what can I choose?', 'what do you have?'])(
    '%j has the choices named',
    async (saying) => {
      const { said, state } = await visitShop(saying);
      expect([state, said]).toEqual(['bike_type', 'Is it an electric bike or an ordinary one?']);
    },
  );
});

describe('a question by another word than the action for it', () => {
  it.each(['do you open on Saturdays?', 'are you there on Sunday?', 'what about the weekend?'])(
    '%j is answered',
    async (saying) => {
      const { said, state } = await visitShop('electric', 'one year', saying);
      expect([state, said]).toEqual([
        'appointment',
        'We are open from Tuesday to Saturday. On which day, and at what time?',
      ]);
    },
  );
});

describe('a question beside an answer that nothing in the graph answers', () => {
  it.each([
    ['an ordinary one, do you also sell helmets?', 'do you also sell helmets'],
    ['electric. Where can I park my car?', 'Where can I park my car'],
  ])('%j is not passed over in silence', async (saying, asked) => {
    const { said, state } = await visitShop(saying);
    expect([state, said]).toEqual([
      'bought',
      `I am afraid I cannot answer this here: ${asked}. How old is the bike?`,
    ]);
  });

  it('is not named when the graph answers it', async () => {
    const { said } = await visitShop('electric, and what do you charge?');
    expect(said).toBe('We charge 50 euros an hour. How old is the bike?');
  });
});

describe('an option of the question', () => {
  it.each([
    ['electric', 'bought'],
    ['an ordinary one', 'bought'],
    ['not an ordinary one', 'bought'],
  ])('%j is an answer without the words of the exit around it', async (saying, state) => {
    expect((await visitShop(saying)).state).toBe(state);
  });
});
