/** Dialogues in which a correction reopens a state: they are checked, played, covered, recorded and replayed. */
import { expect, it } from 'vitest';
import { coverageOf } from '../../scripts/agent-test/coverage.ts';
import { DialogueFile } from '../../scripts/agent-test/dialogue-file.ts';
import { expectationErrors } from '../../scripts/agent-test/expectation-errors.ts';
import { playDialogue } from '../../scripts/agent-test/play.ts';
import { recordedDialogue } from '../../scripts/agent-test/record.ts';
import { replayDialogue } from '../../scripts/agent-test/replay/replay.ts';
import { embeddedReasoner } from '../../src/agent/embedded/embedded.ts';
import { completeGraph } from '../../src/registry/graph.ts';
import { ORDER_GRAPH, orderOrganization } from '../agent/order-graph.ts';

const organization = {
  ...orderOrganization(),
  services: orderOrganization().services.map((service) => ({
    ...service,
    service_hierarchical_state_machine_id: ORDER_GRAPH.id,
  })),
};
const service = organization.services[0]?.name ?? '';

/** Returns a dialogue that corrects the size at the end, with the expected path of that turn. */
function dialogue(path: string[]) {
  const file = DialogueFile.parse({
    organization: '-',
    service,
    dialogues: [
      {
        name: 'A larger one',
        opening: { state: 'ask_name' },
        turns: [
          { say: 'Jon Baker' },
          { say: 'medium' },
          { say: '555 123 4567' },
          { say: 'jon@example.org', expect: { state: 'confirm' } },
          { say: 'wait, the size should be large', expect: { path } },
        ],
      },
    ],
  });
  const [first] = file.dialogues;
  if (first === undefined) throw new Error('The file has a dialogue.');
  return { ...first, service };
}

const PATH = ['ask_size', 'sort_size', 'large_note', 'ask_phone', 'ask_email', 'confirm'];
const play = () => playDialogue(organization, dialogue(PATH), embeddedReasoner({ paceMs: 0 }), false);

it('a path may lead back to a state that opts in, and to no other one', () => {
  const errors = (path: string[]) => expectationErrors({ organization, dialogues: [dialogue(path)] });
  expect(errors(PATH)).toEqual([]);
  expect(errors(['ask_name'])).toEqual([
    'A larger one: turn 5: no state leads on like this: confirm > ask_name',
  ]);
});

it('the coverage counts a state that a correction reopened as a further exit', async () => {
  const played = await play();
  const last = played.turns.at(-1);
  expect(last?.log.transitions.map(({ next_state }) => next_state)).toEqual(PATH);
  const reopened = coverageOf([played]).exits.filter(({ description }) => description.includes('reopens'));
  expect(reopened.map(({ from, taken }) => [from, taken])).toEqual([
    ['ask_size', true],
    ['ask_phone', false],
    ['ask_email', false],
  ]);
});

it('a recorded correction is replayed, and a state that opts in no more is a difference', async () => {
  const recorded = { ...recordedDialogue(await play(), organization), service };
  expect((await replayDialogue(organization, recorded)).differences).toEqual([]);
  const states = ORDER_GRAPH.states.map((state) =>
    state.type === 'action' ? { ...state, revisit: false } : state,
  );
  const closed = { ...organization, graphs: [completeGraph({ ...ORDER_GRAPH, states })] };
  const { differences } = await replayDialogue(closed, recorded);
  expect(differences).toMatchObject([
    { turn: 5, reason: expect.stringContaining('has no exit "The user corrects the answer') as string },
  ]);
});
