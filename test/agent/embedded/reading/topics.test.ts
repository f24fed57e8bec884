import { describe, expect, it } from 'vitest';
import { questionKindsIn } from '../../../../src/agent/embedded/reading/topics.ts';

describe('a question for opening hours', () => {
  it.each([
    'are you open at the weekend?',
    'is somebody there on Saturdays',
    'can I reach you in the evening',
  ])('asks when: %j', (text) => {
    expect(questionKindsIn(text)).toContain('?when');
  });

  it.each(['is there a hook', 'are you open to an offer', 'is the box here'])('is not %j', (text) => {
    expect(questionKindsIn(text)).not.toContain('?when');
  });
});
