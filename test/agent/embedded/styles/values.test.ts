import { describe, expect, it } from 'vitest';
import { toldFor } from '../../../../src/agent/embedded/recollection.ts';
import { toolInput } from '../../../../src/agent/embedded/tool-input.ts';
import { actionState } from '../../../support/organization.ts';
import { graphOf, situationAt, userSays } from '../../support.ts';
import { playStyles, type StyleGroup } from './play-styles.ts';
import {
  GIVEN_FORMS,
  PENDING,
  REFUSED,
  REFUSED_FORMS,
  UNKNOWN,
  UNKNOWN_FORMS,
  VALUES,
  type ValueGroup,
} from './values.ts';

/** The share of combinations that must be right: words may still be missing. */
const LEAST = 0.95;

function forms(templates: readonly string[], { nouns }: ValueGroup): string[] {
  return nouns.flatMap((noun) => templates.map((template) => template.replaceAll('{n}', noun)));
}

/** Returns the styles of a value with an exit for users who give none, and what they say. */
function styles(group: ValueGroup, [none, said]: readonly (readonly string[])[]): StyleGroup {
  const given = group.given.map(([text]) => text);
  return {
    name: group.name,
    questions: group.questions,
    exits: [forms(GIVEN_FORMS, group), ...(none === undefined ? [] : [forms(none, group)])],
    answers: [
      [0, given],
      [none === undefined ? -1 : 1, said ?? [...UNKNOWN, ...REFUSED]],
      [-1, PENDING],
    ],
  };
}

describe.each([...VALUES])('the question for $name', (group) => {
  it.each([
    ['without another exit', []],
    ['with an exit for users who do not know it', [UNKNOWN_FORMS, UNKNOWN]],
    ['with an exit for users who do not tell it', [REFUSED_FORMS, REFUSED]],
  ])('is answered by values and refusals in the styles of many authors, %s', (_title, other) => {
    const { right, of, wrong } = playStyles(styles(group, other), { times: 4, seed: 11 });
    expect(right / of, wrong.join('\n')).toBeGreaterThanOrEqual(LEAST);
  });

  const given = group.given.map(([said, value, number]) => ({ said, value, number }));

  it.each(given)('notes the value of $said and not its sentence', ({ said, value, number }) => {
    const exits = forms(GIVEN_FORMS, group).map((text) => text.replaceAll('{U}', 'The guest'));
    for (const description of exits) {
      const [question = ''] = group.questions;
      const graph = graphOf([
        actionState('ask', [question], [[description, 'end']]),
        actionState('end', ['Say: "Bye."'], []),
      ]);
      const made = situationAt(graph, 'end', { input: userSays(said) });
      const situation = { ...made, position: { ...made.position, answers: { ask: said } } };
      expect(toldFor(situation, 'ask'), description).toBe(value);
      const { type, description: about } = group.property;
      const schema = {
        type: 'object' as const,
        properties: { wanted: { type, description: about } },
        required: ['wanted'],
      };
      const tool = {
        id: '1',
        name: 'save',
        version: '1.0',
        description: '',
        input_schema: schema,
        instruction: '',
      };
      expect(toolInput(situation, tool), description).toEqual({ wanted: number ?? value });
    }
  });
});
