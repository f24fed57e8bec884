import { describe, expect, it } from 'vitest';
import type { Reasoner } from '../../src/agent/reasoner.ts';
import { chartOrganization } from '../../scripts/agent-test/charts.ts';
import { DialogueFile } from '../../scripts/agent-test/dialogue-file.ts';
import { judgeDialogue } from '../../scripts/agent-test/judge.ts';
import { playDialogue } from '../../scripts/agent-test/play.ts';

const LAMP = chartOrganization({
  name: 'Lamp',
  nodes: [
    {
      id: 'plugged',
      question: 'Is the lamp plugged in?',
      answers: [
        { text: 'yes', next: 'bulb' },
        { text: 'no', next: 'bulb' },
      ],
    },
    {
      id: 'bulb',
      question: 'Is the bulb black?',
      answers: [
        { text: 'yes', next: 'new_bulb' },
        { text: 'no', next: 'repair' },
      ],
    },
  ],
  conclusions: [
    { id: 'new_bulb', text: 'Buy a new bulb.' },
    { id: 'repair', text: 'Bring it to us.' },
  ],
});

/** Takes the exit that the user names by its index, and otherwise performs the state's first action. */
const BY_INDEX = {
  async *engage(situation) {
    const said = situation.arrived ? undefined : situation.input.at(-1)?.text;
    if (said !== undefined && Number.isInteger(Number(said))) {
      yield { type: 'choice', choice: { kind: 'exit', index: Number(said) } };
    }
    yield { type: 'choice', choice: { kind: 'action', index: 0 } };
    yield { type: 'piece', text: 'Well.', final: true };
  },
  memoryQueries: () => Promise.resolve([]),
} as Partial<Reasoner> as Reasoner;

async function verdictOf(dialogue: object) {
  const [parsed] = DialogueFile.parse({
    organization: '-',
    service: 'Lamp',
    dialogues: [{ name: 'D', ...dialogue }],
  }).dialogues;
  if (parsed === undefined) throw new Error('The file has a dialogue.');
  return judgeDialogue(await playDialogue(LAMP, { ...parsed, service: 'Lamp' }, BY_INDEX));
}

describe('playing a dialogue', () => {
  it('begins in the initial state of the graph, or in the state that the dialogue names', async () => {
    expect(await verdictOf({ opening: { state: 'plugged' }, turns: [] })).toMatchObject({ wrongAt: null });
    expect(await verdictOf({ start: 'bulb', opening: { state: 'bulb' }, turns: [] })).toMatchObject({
      wrongAt: null,
    });
  });

  it('counts one mistake once: the next turn begins in the expected state', async () => {
    const turns = [
      { say: 'It is', expect: { path: ['bulb'] } },
      { say: '1', expect: { path: ['repair'] } },
      { say: '0', expect: { path: ['end'], ended: true } },
    ];
    expect(await verdictOf({ turns })).toMatchObject({ turns: 4, rightTurns: 3, wrongAt: 1 });
  });

  it('goes on after an unexpected end', async () => {
    const turns = [
      { say: '0', expect: { state: 'repair' } },
      { say: 'hm', expect: { state: 'repair', path: [] } },
    ];
    const verdict = await verdictOf({ start: 'new_bulb', opening: { state: 'new_bulb' }, turns });
    expect(verdict).toMatchObject({ turns: 3, rightTurns: 2, wrongAt: 1 });
  });

  it('stops at an expected end', async () => {
    const turns = [
      { say: '0', expect: { state: 'end', ended: true } },
      { say: 'hm', expect: {} },
    ];
    const verdict = await verdictOf({ start: 'repair', turns });
    expect(verdict.complaints).toEqual(['the conversation was over before']);
  });
});
