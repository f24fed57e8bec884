/** Evidence for the actions of a state as answers to a question of the user. */
import type { Evidence } from '../evidence.ts';
import { isInquiry } from '../signals.ts';
import { meaningEvidence } from './meaning.ts';
import type { Moment } from './moment.ts';
import { questionsEvidence } from './occasions.ts';

/** The evidence for each action as the answer to a question. Meaning counts where no action has words of the question. */
export function answersTo({ read, hearing }: Moment): Evidence[] {
  const byWords = questionsEvidence(read, hearing);
  if (Math.max(...byWords) >= BY_WORDS || !isInquiry(hearing.message.text)) return byWords;
  const { actions } = meaningEvidence(read, hearing);
  return byWords.map((each, index) => Math.max(each, actions[index] ?? 0));
}

/** Evidence of the words of a question above which its meaning does not count. */
const BY_WORDS = 0.45;
