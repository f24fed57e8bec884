import { describe, expect, it } from 'vitest';
import { chartOrganization } from '../../scripts/agent-test/charts.ts';
import { DialogueFile } from '../../scripts/agent-test/dialogue-file.ts';
import { expectationErrors } from '../../scripts/agent-test/expectation-errors.ts';
import { parseOrganizationFile } from '../../src/registry/publish.ts';
import pharmacy from '../dialogues/agents/pharmacy.json';

const LAMP = chartOrganization({
  name: 'Lamp',
  nodes: [
    {
      id: 'plugged',
      question: 'Is the lamp plugged in?',
      answers: [
        { text: 'yes', next: 'bulb' },
        { text: 'no', next: 'plug_in' },
      ],
    },
    {
      id: 'bulb',
      question: 'Is the bulb black?',
      answers: [
        { text: 'yes', next: 'new_bulb' },
        { text: 'no', next: 'plug_in' },
      ],
    },
  ],
  conclusions: [
    { id: 'plug_in', text: 'Plug it in.' },
    { id: 'new_bulb', text: 'Buy a new bulb.' },
  ],
});

/** Returns the errors of a dialogue with the given turns, after an opening in the first state. */
function errorsOf(turns: unknown[], more: object = {}, organization = LAMP, opening = 'plugged'): string[] {
  const service = organization.services[0]?.name ?? '';
  const file = DialogueFile.parse({
    organization: 'lamp.json',
    service,
    dialogues: [{ name: 'D', opening: { state: opening }, turns, ...more }],
  });
  return expectationErrors({
    organization,
    dialogues: file.dialogues.map((dialogue) => ({ ...dialogue, service: dialogue.service ?? service })),
  });
}

describe('an expectation of a dialogue', () => {
  it('is accepted when the graph allows it', () => {
    expect(
      errorsOf([
        { say: 'It is.', expect: { path: ['bulb'] } },
        { say: 'What?', expect: { state: 'bulb', path: [] } },
        { say: 'Black.', expect: { state: 'new_bulb', path: ['new_bulb'], ended: false } },
      ]),
    ).toEqual([]);
  });

  it.each([
    [{ state: 'blub' }, 'D: turn 1: there is no state "blub"'],
    [{ state: ['bulb', 'blub'] }, 'D: turn 1: there is no state "blub"'],
    [{ path: ['new_bulb'] }, 'D: turn 1: no state leads on like this: plugged > new_bulb'],
    [{ path: ['bulb', 'end'] }, 'D: turn 1: no state leads on like this: bulb > end'],
    [
      { state: 'plugged', path: ['bulb'] },
      'D: turn 1: the path ends in "bulb", which is not the expected state',
    ],
    [{ tools: [{ name: 'hammer' }] }, 'D: turn 1: there is no tool "hammer"'],
  ])('is refused when it is %o', (expected, error) => {
    expect(errorsOf([{ say: 'It is.', expect: expected }])).toEqual([error]);
  });

  it('is checked from the state in which the dialogue starts, which must exist', () => {
    const turns = [{ say: 'Black.', expect: { path: ['new_bulb'] } }];
    expect(errorsOf(turns, { start: 'bulb', opening: { state: 'bulb' } })).toEqual([]);
    expect(errorsOf([], { start: 'blub' })).toEqual(['D: it starts in the state "blub", which is not there']);
  });

  it('is refused when the service is unknown', () => {
    expect(errorsOf([], { service: 'Candle' })).toEqual(['D: there is no service "Candle"']);
  });

  it('follows paths into a referenced graph and back', () => {
    const organization = parseOrganizationFile(pharmacy);
    const turns = [
      { say: 'My delivery is late', expect: { path: ['ask_birth_date'] } },
      { say: '1 May 1970', expect: { path: ['ask_postcode'] } },
      {
        say: '10437',
        expect: { path: ['known', 'find_delivery', 'delivery_found', 'tell_delivery'] },
      },
    ];
    expect(errorsOf(turns, {}, organization, 'greet')).toEqual([]);
    const wrong = [{ say: '10437', expect: { path: ['known', 'order'] } }];
    expect(errorsOf(wrong, {}, organization, 'ask_postcode')).toEqual([
      'D: turn 1: no state leads on like this: known > order',
    ]);
  });
});
