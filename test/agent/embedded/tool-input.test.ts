import { describe, expect, it } from 'vitest';
import { toolInput } from '../../../src/agent/embedded/tool-input.ts';
import type { ToolCandidate } from '../../../src/agent/reasoner.ts';
import { actionState } from '../../support/organization.ts';
import { graphOf, situationAt, userSays } from '../support.ts';

const GRAPH = graphOf([
  actionState('ask_label', ['Ask: "Shall it have a label?"'], [['The guest wants a label', 'label_text']]),
  actionState(
    'label_text',
    ['Ask: "What shall the label say?"'],
    [['The guest has said what the label says', 'ask_slot']],
  ),
  actionState('ask_slot', ['Ask: "Which day and time?"'], [['The guest has named a day and a time', 'end']]),
  actionState('end', ['Say: "Bye!"'], []),
]);

function inputFor(properties: Record<string, unknown>, answers: Record<string, string>, said: string) {
  const made = situationAt(GRAPH, 'end', { input: userSays(said) });
  const tool: ToolCandidate = {
    id: '6b0000000000000000000001',
    name: 'tool',
    version: '1.0',
    description: '',
    input_schema: { type: 'object', properties },
    instruction: '',
  };
  return toolInput({ ...made, position: { ...made.position, answers } }, tool);
}

describe('the input of a tool', () => {
  it('takes words of the user from the state that waits for them, and not from a yes', () => {
    const text = { label_text: { type: 'string', description: 'the words on the label' } };
    const answers = { ask_label: 'yes, add a label please', label_text: 'Happy birthday Joe' };
    expect(inputFor(text, answers, 'Happy birthday Joe')).toEqual({ label_text: 'Happy birthday Joe' });
  });

  it('keeps the day when only the time is changed', () => {
    const slot = { slot: { type: 'string', description: 'the day and time' } };
    expect(inputFor(slot, { ask_slot: 'Friday at 3' }, 'rather half past seven')).toEqual({
      slot: 'Friday at half past seven',
    });
    expect(inputFor(slot, { ask_slot: 'Friday at 3' }, 'Tuesday at noon')).toEqual({
      slot: 'Tuesday at noon',
    });
  });

  it.each([
    ['Friday at 3', 'make it Wednesday', 'Wednesday at 3'],
    ['Friday at 3', 'no, the 14th please', 'the 14th at 3'],
    ['Friday at half past two', 'tomorrow then', 'tomorrow at half past two'],
    ['Friday at 3', 'sometime next week', 'next week'],
    ['Friday at 3', 'Monday morning', 'Monday morning'],
    ['Friday', 'make it Wednesday', 'Wednesday'],
    ['It hurts after two days', 'make it Wednesday', 'Wednesday'],
  ])('keeps the time when only the day is changed: %s, %s', (before, said, slot) => {
    const property = { slot: { type: 'string', description: 'the day and time' } };
    expect(inputFor(property, { ask_slot: before }, said)).toEqual({ slot });
  });

  it('takes no part of the day for the day, where a day was told', () => {
    const day = { day: { type: 'string', description: 'the day of the visit' } };
    expect(inputFor(day, { ask_label: 'Thursday' }, 'in the evening')).toEqual({ day: 'Thursday' });
    expect(inputFor(day, {}, 'Tuesday suits me, in the evening')).toEqual({ day: 'Tuesday, the evening' });
    expect(inputFor(day, {}, 'tomorrow morning')).toEqual({ day: 'tomorrow morning' });
  });

  it('takes a first and a last name for one name, whatever the property is called', () => {
    const name = { pupil_name: { type: 'string', description: 'first and last name of the pupil' } };
    const answers = { ask_label: 'for the small room, October' };
    expect(inputFor(name, answers, 'a desk for my niece Olga Petrenko')).toEqual({
      pupil_name: 'Olga Petrenko',
    });
  });
});
