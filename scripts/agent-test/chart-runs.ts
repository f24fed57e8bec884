/** Plays the sayings of a chart against a reasoner, and counts the right results. */
import type { Reasoner } from '../../src/agent/reasoner.ts';
import { answerSentence, chartOrganization, type ChartFile, type Saying } from './charts.ts';
import type { Dialogue } from './dialogue-file.ts';
import { playDialogue, type PlayedTurn } from './play.ts';

/** Number of right results, and the number of all results. */
export interface Share {
  right: number;
  of: number;
}

/** Result of playing a chart. */
export interface ChartResult {
  name: string;
  /** Free answers after which the right exit is taken, or none where the user gives no answer. */
  transitions: Share;
  /** Questions of the user after which the agent stays in the state. */
  kept: Share;
  /**
   * Answers after such a question that take the right exit; also wrong when the agent left the state at the question.
   */
  resumed: Share;
  /** Conversations that go right from the first node to the conclusion. */
  paths: Share;
  /** Mistakes, one sentence each. */
  complaints: string[];
}

/**
 * Returns the index of the answer whose exit a turn took at a node, null when the agent stayed, or undefined for
 * another move.
 */
export function answerTaken(
  { nodes }: ChartFile,
  node: string,
  { log }: PlayedTurn,
): number | null | undefined {
  const [first] = log.transitions;
  if (first === undefined) return null;
  if (first.previous_state !== node || !('previous_state_exit_condition_description' in first))
    return undefined;
  const description = first.previous_state_exit_condition_description;
  const answers = nodes.find(({ id }) => id === node)?.answers ?? [];
  const index = answers.findIndex(({ text }) => answerSentence(text) === description);
  return index === -1 ? undefined : index;
}

function shareOf(results: readonly boolean[]): Share {
  return { right: results.filter(Boolean).length, of: results.length };
}

/** Plays one chart. */
class ChartRun {
  readonly #chart: ChartFile;
  readonly #reasoner: Reasoner;
  readonly #organization: ReturnType<typeof chartOrganization>;
  readonly complaints: string[] = [];

  constructor({ free_answers, digressions, paths, ...chart }: ChartFile, reasoner: Reasoner) {
    this.#chart = { ...chart, free_answers, digressions, paths };
    this.#reasoner = reasoner;
    this.#organization = chartOrganization(chart);
  }

  /** Plays a conversation that begins at a node. Returns its turns without the opening. */
  async #turns(node: string, sayings: readonly string[]): Promise<PlayedTurn[]> {
    const dialogue: Dialogue & { service: string } = {
      name: this.#chart.name,
      service: this.#chart.name,
      user_name: 'Maya Chen',
      returning: false,
      start: node,
      memories: [],
      tools: {},
      opening: {},
      turns: sayings.map((say) => ({ say, expect: {} })),
    };
    const { turns, failure } = await playDialogue(this.#organization, dialogue, this.#reasoner);
    if (failure !== null) this.complaints.push(`${node}: ${failure}`);
    return turns.slice(1);
  }

  #isRight(node: string, { say, expected_answer_index }: Saying, turn: PlayedTurn | undefined): boolean {
    const taken = turn === undefined ? undefined : answerTaken(this.#chart, node, turn);
    if (taken === expected_answer_index) return true;
    const name = (index: number | null | undefined) =>
      index === undefined
        ? 'another move'
        : index === null
          ? 'no answer'
          : `"${this.#chart.nodes.find(({ id }) => id === node)?.answers[index]?.text}"`;
    this.complaints.push(`${node}: "${say}" is ${name(expected_answer_index)}, got ${name(taken)}`);
    return false;
  }

  async freeAnswers(): Promise<boolean[]> {
    const results: boolean[] = [];
    for (const { node, ...saying } of this.#chart.free_answers) {
      const [turn] = await this.#turns(node, [saying.say]);
      results.push(this.#isRight(node, saying, turn));
    }
    return results;
  }

  async digressions(): Promise<{ kept: boolean; resumed: boolean }[]> {
    const results: { kept: boolean; resumed: boolean }[] = [];
    for (const { node, ask, answer } of this.#chart.digressions) {
      const [asked, answered] = await this.#turns(node, [ask, answer.say]);
      const kept = this.#isRight(node, { say: ask, expected_answer_index: null }, asked);
      results.push({ kept, resumed: kept && this.#isRight(node, answer, answered) });
    }
    return results;
  }

  async paths(): Promise<boolean[]> {
    const results: boolean[] = [];
    for (const path of this.#chart.paths) {
      let node = this.#chart.nodes[0]?.id ?? '';
      const turns = await this.#turns(
        node,
        path.map(({ say }) => say),
      );
      results.push(
        path.every((saying, index) => {
          const right = this.#isRight(node, saying, turns[index]);
          node = turns[index]?.log.state ?? node;
          return right;
        }),
      );
    }
    return results;
  }
}

/** Plays all sayings of a chart's file. Each free answer, digression and path is a conversation of its own. */
export async function playChart(chart: ChartFile, reasoner: Reasoner): Promise<ChartResult> {
  const run = new ChartRun(chart, reasoner);
  const transitions = shareOf(await run.freeAnswers());
  const digressions = await run.digressions();
  const paths = shareOf(await run.paths());
  return {
    name: chart.name,
    transitions,
    kept: shareOf(digressions.map(({ kept }) => kept)),
    resumed: shareOf(digressions.map(({ resumed }) => resumed)),
    paths,
    complaints: run.complaints,
  };
}
