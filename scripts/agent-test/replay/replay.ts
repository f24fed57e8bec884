/**
 * Replays recorded dialogues on an organization's present graphs, with the recorded answers of the model, of tools and
 * of memory. Pure of the platform: it makes no request.
 */
import type { Recorded } from '../../../src/contract/dialogues.ts';
import type { OrganizationFile } from '../../../src/registry/organization.ts';
import type { Dialogue, DialogueTurn } from '../dialogue-file.ts';
import { Performance, type PlayedTurn } from '../play.ts';
import { expectedState } from '../realign.ts';
import { NoRecordedAnswer, RecordedTurn } from './recorded-turn.ts';
import { replayPorts, replayReasoner } from './replay-reasoner.ts';

/** A turn whose replay differs from its record. */
export interface Difference {
  /** Number of the turn, 0 for the opening. */
  turn: number;
  /** The words of the user, or the event, for people. */
  heard: string;
  /** The states of the recorded turn and of the replayed one, in order; the last one is where the agent spoke. */
  recorded: string[];
  now: string[];
  /** Reason for which the replay stopped, or another difference than the path; null when the path alone differs. */
  reason: string | null;
}

/** Result of replaying a dialogue. */
export interface Replayed {
  name: string;
  service: string;
  turns: number;
  differences: Difference[];
  /** The turns that came to an end, and the graphs, for the coverage. */
  graphs: Performance['graphs'];
  played: PlayedTurn[];
}

type RecordedStep = DialogueTurn & { recorded: Recorded };

/** Returns the opening and the turns. Throws when one of them was not recorded. */
function stepsOf({ name, opening, recorded_opening, turns }: Dialogue): RecordedStep[] {
  const steps: DialogueTurn[] = [
    { expect: opening, ...(recorded_opening === undefined ? {} : { recorded: recorded_opening }) },
    ...turns,
  ];
  return steps.map(({ recorded, ...step }, turn) => {
    if (recorded === undefined || expectedState(step.expect) === null) {
      throw new Error(`${name}: turn ${turn} was not recorded. Record the dialogue with --record.`);
    }
    return { ...step, recorded };
  });
}

function pathIn(actions: Recorded['actions']): string[] {
  return actions.flatMap((action) =>
    action.type === 'navigate-state-machine-state-transitioned' ? [action.next_state] : [],
  );
}

function toolsIn(actions: Recorded['actions']): string[] {
  return actions.flatMap((action) =>
    action.type === 'tool-call-ended' ? [`${action.tool_id} ${JSON.stringify(action.input_parameters)}`] : [],
  );
}

/** Returns what a replayed turn does otherwise than its path, or null. */
function otherDifference({ recorded, expect }: RecordedStep, turn: PlayedTurn, selected: string | null) {
  if (expect.ended !== undefined && expect.ended !== turn.ended) {
    return turn.ended ? 'the conversation ends here' : 'the conversation does not end here any more';
  }
  if (toolsIn(recorded.actions).join('\n') !== toolsIn(turn.actions).join('\n')) {
    return 'other tools are called';
  }
  return selected === (turn.log.behavior?.[0] ?? null) ? null : 'another behavior set is followed';
}

/** A dialogue that is being replayed. */
class Replay {
  readonly #performance: Performance;
  readonly #turn = new RecordedTurn();
  readonly differences: Difference[] = [];
  readonly played: PlayedTurn[] = [];
  /** The state in which the next turn begins as it was recorded; null before the first turn. */
  #expected: DialogueTurn['expect'] | null = null;
  #isAligned = true;

  constructor(performance: Performance) {
    this.#performance = performance;
  }

  /** Replays a turn from the state in which it was recorded, also when the turn before it went another way. */
  async take(step: RecordedStep, number: number): Promise<void> {
    if (!this.#isAligned && this.#expected !== null && !this.#performance.moveTo(this.#expected)) {
      const state = expectedState(this.#expected) ?? '';
      this.#differ(step, number, [], `there is no state "${state}" any more, in which the turn begins`);
    } else {
      await this.#run(step, number);
    }
    this.#expected = step.expect;
  }

  async #run(step: RecordedStep, number: number): Promise<void> {
    const state = expectedState(step.expect) ?? '';
    this.#turn.begin(step.recorded, state);
    const reasoner = replayReasoner(this.#turn, this.#performance.behaviors);
    try {
      const turn = await this.#performance.take(step, reasoner, ({ tools }) =>
        replayPorts(this.#turn, tools),
      );
      this.played.push(turn);
      const now = pathIn(turn.actions);
      const reason = otherDifference(step, turn, this.#turn.behavior());
      this.#isAligned = turn.log.state === state && !turn.ended;
      if (
        reason !== null ||
        now.join() !== pathIn(step.recorded.actions).join() ||
        turn.log.state !== state
      ) {
        this.#differ(step, number, now, reason);
      }
    } catch (error) {
      // Whatever the engine refuses (a circle of states, a tool that is gone) is a difference to the record too.
      const reason =
        error instanceof NoRecordedAnswer || error instanceof Error ? error.message : String(error);
      this.#isAligned = false;
      this.#differ(step, number, pathIn(this.#performance.actions), reason);
    }
  }

  #differ({ say, event, recorded }: RecordedStep, turn: number, now: string[], reason: string | null): void {
    const heard = say ?? (event === undefined ? '' : `(${event})`);
    this.differences.push({ turn, heard, recorded: pathIn(recorded.actions), now, reason });
  }
}

/**
 * Replays a recorded dialogue. Each turn begins in the state in which it was recorded, so that one change of a graph is
 * counted where it matters. Throws when a turn of the dialogue was not recorded.
 */
export async function replayDialogue(
  file: OrganizationFile,
  dialogue: Dialogue & { service: string },
): Promise<Replayed> {
  const steps = stepsOf(dialogue);
  const performance = new Performance(file, dialogue);
  const replay = new Replay(performance);
  for (const [number, step] of steps.entries()) await replay.take(step, number);
  const { differences, played } = replay;
  const { name, service } = dialogue;
  return { name, service, turns: steps.length, differences, graphs: performance.graphs, played };
}

/** Returns a table of replayed dialogues: a line for each, and the two paths of each turn that differs. */
export function replayLines(replayed: readonly Replayed[]): string[] {
  const shown = (path: readonly string[]) => (path.length === 0 ? 'stays' : path.join(' > '));
  return replayed.flatMap(({ name, turns, differences }) => [
    `  ${differences.length === 0 ? 'same' : 'DIFF'} ${name} (${turns} turns)`,
    ...differences.flatMap(({ turn, heard, recorded, now, reason }) => [
      `       turn ${turn}${heard === '' ? '' : `: "${heard}"`}`,
      `         recorded: ${shown(recorded)}`,
      `         now:      ${shown(now)}${reason === null ? '' : ` - ${reason}`}`,
    ]),
  ]);
}
