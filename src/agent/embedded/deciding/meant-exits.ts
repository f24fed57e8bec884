/** The exits that a message can mean, and the question between several of them. */
import { askBetween } from '../asking.ts';
import type { Evidence } from '../evidence.ts';
import type { ReadExit } from '../reading/states.ts';
import { isRefusal } from '../signals.ts';
import { again, greatest, perform, type Chosen, type Moment } from './moment.ts';
import { WEIGHTS } from '../weights.ts';

/** The reply to a no that refuses everything that was offered. */
export const NONE_OF_THEM = 'All right. Please tell me in a few words what you need.';

/** Returns true if an exit ends the conversation by a farewell. */
const isFarewell = ({ ends, ways }: ReadExit): boolean =>
  ends && ways.some(({ acts }) => acts.has('farewell'));

/**
 * Returns true if a message only says no to the question which of several things the user wants, which the agent asked
 * because it had not understood. That refuses those things, and is no farewell. The second no in succession is one.
 */
export function refusesOffer({ situation, read, actions, hearing: { message } }: Moment): boolean {
  const { position, history } = situation;
  const last = actions[position.performed.at(-1) ?? -1];
  return (
    last?.clarifies === true &&
    isRefusal(message.text) &&
    !message.acts.has('thanks') &&
    read.exits.some(isFarewell) &&
    history.findLast(({ by }) => by === 'agent')?.text.includes(NONE_OF_THEM) !== true
  );
}

/**
 * Returns the indexes of the exits that a message can mean: the strongest one, and those less than `WEIGHTS.leastMargin`
 * behind it that lead to another state.
 */
export function meantExits(moment: Moment, evidence: readonly Evidence[], least: number): number[] {
  const { read, state } = moment;
  const refuses = refusesOffer(moment);
  const enough = evidence.map((each, index) => {
    const exit = read.exits[index];
    if (refuses && exit !== undefined && isFarewell(exit)) return 0;
    // A value that is asked for is no farewell, also where nothing is left to be asked behind it.
    const [way] = exit?.ways ?? [];
    const isValue =
      way?.awaits === true &&
      way.assumed !== true &&
      way.kinds.every(({ name }) => name === 'matter') &&
      evidence.every((other, at) => at === index || other <= 0);
    const isFinal = exit?.ends === true && !isValue;
    return each >= Math.max(least, isFinal ? WEIGHTS.leastToEnd : 0) ? each : 0;
  });
  const best = greatest(enough);
  if (best === -1) return [];
  // "No thanks, bye" declines and takes leave: what the user does last counts.
  const strongest = read.exits[best];
  if (strongest !== undefined && isFarewell(strongest) && moment.hearing.message.acts.has('farewell'))
    return [best];
  const target = (index: number) => JSON.stringify(state.exit_conditions[index]?.next_state);
  return [
    best,
    ...enough.flatMap((each, index) =>
      index !== best &&
      each > (enough[best] ?? 0) - WEIGHTS.leastMargin &&
      each > 0 &&
      target(index) !== target(best)
        ? [index]
        : [],
    ),
  ];
}

/** Asks which of several exits is meant. */
export function askWhich({ situation, state, actions }: Moment, exits: readonly number[]): Chosen {
  const index = again(actions, situation.position.performed);
  const words = askBetween(
    situation.graph,
    exits.map((exit) => state.exit_conditions[exit]?.description ?? ''),
  );
  return words === null ? perform(index, true) : { ...perform(index), words };
}
