/** Evidence that a message gives for one description of an exit. English. */
import { evidenceOf, type Evidence } from '../evidence.ts';
import type { Message } from '../language/message.ts';
import type { ReadDescription, ReadExit } from '../reading/states.ts';
import { WEIGHTS } from '../weights.ts';
import { answerEvidence, comparedEvidence, correctionEvidence } from './answers.ts';
import { actEvidence } from './described-acts.ts';
import { EXACT, normal, normalExamples, type Hearing } from './hearing.ts';
import {
  deniedMatter,
  exampleEvidence,
  isWhole,
  matterOf,
  namedEvidence,
  spokenFor,
} from './matter-evidence.ts';
import { isForeign } from './meaning.ts';

/** Acts by which a user tells nothing of what has happened. */
const NO_ACCOUNT: Message['acts'] = new Set(['farewell', 'withdrawal', 'hesitation', 'human'] as const);

function toldEvidence(hearing: Hearing): Evidence {
  const { statements, acts, bare, explicit } = hearing.message;
  const isOther = [...acts].some((act) => NO_ACCOUNT.has(act));
  return bare || isOther || isForeign(hearing) || explicit === -1 || statements.length === 0
    ? 0
    : WEIGHTS.told;
}

/** Returns the evidence of a message for a description of an exit. */
export function evidenceForWay(way: ReadDescription, exit: ReadExit, hearing: Hearing): Evidence {
  const { message } = hearing;
  if (way.examples.length > 0 && normalExamples(way.examples).has(normal(message.text))) return EXACT;
  const spoken = spokenFor(way, hearing);
  // "Corrects something" waits for no answer of its own, unless it names the fact.
  const isCorrection = way.acts.has('correction') && way.kinds.length === 0;
  const stated = way.awaits
    ? 0
    : way.acts.has('withdrawal')
      ? deniedMatter(way, message)
      : matterOf(way, spoken, message);
  const matter =
    exit.ends && !isWhole(way, message.statements) ? Math.min(stated, WEIGHTS.leastWord) : stated;
  const compared = comparedEvidence(way, hearing);
  // An amount beyond the limit speaks against the exit, whatever words they share.
  if (compared < 0) return compared;
  const found = [
    actEvidence(way, hearing),
    matter,
    compared,
    ...message.statements.flatMap((clause) => way.hints.map((hint) => evidenceOf(clause, hint))),
    way.awaits ? 0 : namedEvidence(way, spoken),
    way.awaits && !isCorrection ? answerEvidence(way, exit, hearing) : 0,
    way.tells ? toldEvidence(hearing) : 0,
    way.awaits || exit.ends ? 0 : exampleEvidence(way, spoken),
    correctionEvidence(way, hearing),
  ];
  const best = Math.max(...found);
  return best > 0 ? best : Math.min(...found);
}
