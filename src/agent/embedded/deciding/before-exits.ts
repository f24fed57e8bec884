/** Choices that come before the evidence for the exits: messages off the topic, what was said anew, half an answer, and corrections. */
import type { Evidence } from '../evidence.ts';
import { understandMessage } from '../language/message.ts';
import { saidAnew } from '../language/taken-back.ts';
import { exitEvidence } from './exits.ts';
import { meantExits } from './meant-exits.ts';
import { chooseOnHalf } from './half-answers.ts';
import { leaveBy, momentOf, type Chosen, type Moment } from './moment.ts';
import { replyToOffTopic } from './off-topic.ts';
import { followCorrection, revisitBy } from './revisiting.ts';

/** The least evidence of the new words for an exit. */
const LEAST = 0.55;

/** Returns the exit for what a message says anew once it has taken back its first words; null when it does not. */
function exitForSaidAnew({ situation, state, hearing }: Moment): number | null {
  const rest = saidAnew(hearing.message.text);
  if (rest === null) return null;
  const alone = momentOf(situation, state, understandMessage(rest), hearing.vectors);
  const [exit, ...others] = meantExits(alone, exitEvidence(alone.read, alone.hearing), LEAST);
  return exit === undefined || others.length > 0 ? null : exit;
}

/** Returns the choice that a message makes whatever the evidence for the exits is; null when it makes none. */
export function chooseBeforeExits(moment: Moment, exits: readonly Evidence[]): Chosen | null {
  const offTopic = replyToOffTopic(moment, exits);
  if (offTopic !== null) return offTopic;
  const anew = exitForSaidAnew(moment);
  if (anew !== null) return leaveBy(anew);
  return revisitBy(moment, exits) ?? chooseOnHalf(moment) ?? followCorrection(moment, exits);
}
