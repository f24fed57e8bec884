/** Evidence for the exit of the option that a message names, where the question lists options: "member", "the trial". */
import type { Evidence } from '../evidence.ts';
import { asksConsent } from '../reading/questions.ts';
import type { ReadExit } from '../reading/states.ts';
import { endingEvidence } from './endings.ts';
import type { Hearing } from './hearing.ts';
import { stemsOfOnlyOption } from './options.ts';

/** The evidence of an option for its exit. The verb of the wish is in the question. */
const NAMED = 0.62;

/** Returns the evidence for each exit: for the only one that has a word of its own of the only option that is named. */
function optionEvidence(exits: readonly ReadExit[], hearing: Hearing): Evidence[] {
  const none = exits.map(() => 0);
  const { question, message } = hearing;
  if (question.options.length < 2 || asksConsent(question) || message.questions.length > 0) return none;
  const stems = stemsOfOnlyOption(question.options, hearing);
  const isNamed = exits.map(({ ends, ways: [way] }) => {
    if (ends || way === undefined || way.awaits) return false;
    return way.weighted.some(
      ({ words, negated }) =>
        !negated && words.some(([stem, weight]) => weight === 1 && stems.includes(stem)),
    );
  });
  return isNamed.filter(Boolean).length === 1 ? isNamed.map((is) => (is ? NAMED : 0)) : none;
}

/** Returns the evidence of a message that names an exit: by the option of the question, or by the end of its description. */
export function evidenceByNames(exits: readonly ReadExit[], hearing: Hearing): Evidence[] {
  const options = optionEvidence(exits, hearing);
  return endingEvidence(exits, hearing).map((each, index) => Math.max(each, options[index] ?? 0));
}
