/** Facts learnt about models while this isolate runs: what their servers refuse, and how they answer. */
import type { ChatModel } from './chat/port.ts';

/** Facts that change how a model is asked and read, besides its configuration. */
export interface Habits {
  /** Its server refuses requests for JSON: only the prompt asks for JSON then. */
  refusesJson: boolean;
  /** It cannot call tools, and its server refuses requests that have some. */
  refusesTools: boolean;
  /** Its server refuses requests that ask it to keep the begin of a prompt. */
  refusesCache: boolean;
  /** It takes no message of the role `system`: its instructions begin the first question. */
  refusesSystem: boolean;
  /** It reasons in its text, without a tag that opens the reasoning. */
  thinksAloud: boolean;
}

const known = new WeakMap<ChatModel, Habits>();

/** Returns the habits of a model. A caller that learns more about the model changes the returned object. */
export function habitsOf(model: ChatModel): Habits {
  const habits = known.get(model);
  if (habits !== undefined) return habits;
  const made = {
    refusesJson: false,
    refusesTools: false,
    refusesCache: false,
    refusesSystem: false,
    thinksAloud: false,
  };
  known.set(model, made);
  return made;
}
