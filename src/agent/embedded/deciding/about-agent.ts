/** Messages about the agent and the conversation itself: who it is, what it can do, its last words, a complaint. English. */
import type { Situation } from '../../reasoner.ts';
import { offerOf } from '../offering.ts';
import { again, pending, perform, type Chosen, type Moment } from './moment.ts';
import { questionsEvidence } from './occasions.ts';

const MACHINE =
  '(?:human(?: being)?|persons?|people|someone|somebody|man|woman|robot|bot|chat ?bot|machine|computer|ai|a\\.i\\.|artificial(?: intelligence)?|program(?:me)?|software|recording|automated|automatic|language model|llm)';
const KIND = `(?:(?:an?|the) )?(?:(?:real|actual|live|living|true|virtual|artificial) ){0,3}${MACHINE}`;
/** A question who or what the agent is. */
const WHO = new RegExp(
  `\\b(?:are|r) (?:you|u) (?:really |actually |just |even |also |only |not ){0,4}${KIND}\\b|` +
    `\\bis (?:this|that|it) (?:really |actually |just |only ){0,4}${KIND}\\b|` +
    `\\b(?:am|are) (?:i|we) (?:really |actually |now |even ){0,4}(?:talking|speaking|chatting|writing|connected) (?:to|with) ${KIND}\\b|` +
    '\\bwho (?:are|r) (?:you|u)(?=\\W{0,20}$)|\\bwho (?:is this|am i (?:talking|speaking|chatting|writing) (?:to|with))\\b|' +
    "\\bwhat (?:are|r) (?:you|u)(?=\\W{0,20}$)|\\b(?:what(?:'s| is)|do you have) (?:a |your )name\\b",
  'i',
);
/** A question what the agent can do. */
const WHAT =
  /\b(?:what|how) (?:all |else )?(?:can|could|do|would|will) (?:you|u) (?:actually |even )?(?:do|help|offer|assist)(?: (?:for me|me|here|with|us|me with|exactly)){0,4}(?=\W{0,20}$)|\bwhat can (?:i|we) (?:do|ask|say|get)(?: (?:here|you|for|now)){0,4}(?=\W{0,20}$)|\bwhat are (?:my|the) (?:options|choices)\b|\bhow does (?:this|it all) work(?=\W{0,20}$)/i;
/** A question how the agent is. It is polite, and asks for nothing. */
const HOW_ARE_YOU =
  /^\W*(?:(?:hi|hello|hey|good \w+)\b[\w ,.!]{0,40}?)?\b(?:how (?:are|r) (?:you|u)(?: doing)?|how(?:'s| is) (?:it going|life|everything|your day)|how do you do|are you (?:well|ok|okay|fine)|you (?:ok|okay|good|alright))(?: (?:today|now|this \w+))?\W*$/i;
/** A complaint about the conversation. */
const COMPLAINT =
  /\b(?:(?:you|i) (?:have |'ve )?(?:already|just) (?:said|told|asked|gave|given|answered|mentioned)|(?:asked|told|said) (?:you |me )?(?:that|this|it) (?:already|before)|stop (?:asking|repeating)|(?:you|this|it)(?:'re|'s| are| is) (?:\w+ )?(?:useless|hopeless|not (?:helping|helpful|listening)|going in circles|a waste of time|driving me (?:mad|crazy))|(?:are you (?:even )?listening|you (?:do not|don't) (?:listen|understand)))\b/i;

/** The least evidence of an action that answers such a question in the words of the graph. */
const ANSWERED = 0.5;

/** Returns the words by which the agent tells who it is. */
function introduction({ agent }: Situation): string {
  return `I am ${agent.name}, an automated assistant of ${agent.developed_by}.`;
}

/** Asks the pending question again, behind the given words. */
export function askAfter({ situation, actions }: Moment, lead: string): Chosen {
  const asked = perform(pending(actions, situation.position.performed));
  return lead === '' ? { ...asked, repeats: true } : { ...asked, lead };
}

/**
 * Answers a question about the agent or its last words, and stays; null for any other message, and where an action of
 * the state answers it.
 */
export function answerAboutAgent(moment: Moment): Chosen | null {
  const { situation, state, read, actions, hearing } = moment;
  const { questions, statements, acts } = hearing.message;
  const { performed } = situation.position;
  if (performed.length === 0 || questions.length === 0 || statements.length > 0) return null;
  if (questionsEvidence(read, hearing).some((each) => each >= ANSWERED)) return null;
  if (questions.every(({ text }) => HOW_ARE_YOU.test(text)))
    return askAfter(moment, 'I am doing well, thank you.');
  if (questions.every(({ text }) => WHO.test(text))) return askAfter(moment, introduction(situation));
  if (acts.has('repeat')) return perform(pending(actions, performed));
  if (questions.every(({ text }) => WHAT.test(text))) {
    const index = again(actions, performed);
    return actions[index]?.clarifies === true
      ? perform(index)
      : { ...perform(index), words: offerOf(situation.graph, state) };
  }
  return null;
}

/** Replies to a complaint about the conversation that nothing else answers, and stays; null for any other message. */
export function replyToComplaint(moment: Moment): Chosen | null {
  const { situation, hearing } = moment;
  if (situation.position.performed.length === 0 || !COMPLAINT.test(hearing.message.text)) return null;
  return askAfter(moment, 'I am sorry about that.');
}
