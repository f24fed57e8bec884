/** Makes tests of played dialogues: what the agent did becomes what is expected, and can be replayed. Pure. */
import { memoriesOf, turnOf, type TookPlace } from '../../src/contract/recorded-turns.ts';
import type { OrganizationFile } from '../../src/registry/organization.ts';
import type { Dialogue } from './dialogue-file.ts';
import type { PlayedDialogue, PlayedTurn } from './play.ts';

function tookPlace(turn: PlayedTurn, { tools }: Pick<OrganizationFile, 'tools'>): TookPlace {
  const { heard, actions, message, log, ended } = turn;
  return {
    heard: [
      ...(heard.event === undefined ? [] : [{ by: 'event' as const, text: heard.event }]),
      ...(heard.say === undefined ? [] : [{ by: 'user' as const, text: heard.say }]),
    ],
    actions,
    message,
    state: log.state,
    ended,
    toolNames: new Map(tools.map(({ id, name }) => [id, name])),
  };
}

/**
 * Returns a dialogue as it was played. What was written by hand about facts and words stays; the state, the path, the
 * tools, the behavior and the end are those of the play. Throws when the play failed or has no turn.
 */
export function recordedDialogue(
  { dialogue, turns, failure }: PlayedDialogue,
  organization: Pick<OrganizationFile, 'tools'>,
): Dialogue {
  const { name } = dialogue;
  if (failure !== null) throw new Error(`${name}: ${failure}`);
  const took = turns.map((turn) => tookPlace(turn, organization));
  const [opening, ...rest] = took.map((turn, index) => {
    const { expect, ...recorded } = turnOf(turn);
    const { facts, not } = turns[index]?.heard.expect ?? {};
    const written = { ...(facts === undefined ? {} : { facts }), ...(not === undefined ? {} : { not }) };
    const behavior = turns[index]?.behavior ?? null;
    return { ...recorded, expect: { ...expect, behavior, ...written } };
  });
  if (opening === undefined) throw new Error(`${name}: the dialogue has no turn.`);
  return {
    ...dialogue,
    memories: dialogue.memories.length > 0 ? dialogue.memories : memoriesOf(took),
    opening: opening.expect,
    ...(opening.recorded === undefined ? {} : { recorded_opening: opening.recorded }),
    turns: rest,
  };
}
