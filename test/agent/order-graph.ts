/** A graph that takes an order. Three of its states can be reopened by a correction. */
import type { ActionState, ContextGraph } from '../../src/registry/graph.ts';
import type { OrganizationFile } from '../../src/registry/organization.ts';
import { actionState, decisionState, testOrganization } from '../support/organization.ts';
import { graphOf } from '../support/scripted-turn.ts';

const reopened = (state: ActionState): ActionState => ({ ...state, revisit: true });

export const ORDER_GRAPH: ContextGraph = graphOf(
  [
    actionState(
      'ask_name',
      ['Ask: "Which name is the order for?"'],
      [['The customer gives their name', 'ask_size']],
    ),
    reopened(
      actionState(
        'ask_size',
        ['Ask: "Which size would you like: small, medium or large?"'],
        [['The customer names a size', 'sort_size']],
      ),
    ),
    decisionState('sort_size', [
      ['The customer wants a large one', 'large_note'],
      ['The customer wants any other size', 'ask_phone'],
    ]),
    {
      type: 'annotation',
      name: 'large_note',
      inner_thought: 'It needs the big box.',
      next_state: 'ask_phone',
    },
    reopened(
      actionState(
        'ask_phone',
        ['Ask: "Which phone number can we reach you on?"'],
        [['The customer gives a phone number', 'ask_email']],
      ),
    ),
    reopened(
      actionState(
        'ask_email',
        ['Ask: "Which e-mail address shall the receipt go to?"'],
        [['The customer gives an e-mail address', 'confirm']],
      ),
    ),
    actionState(
      'confirm',
      [
        'Say: "A [the answer in ask_size] one, call [the answer in ask_phone], receipt to [the answer in ask_email]. Shall I place the order?"',
      ],
      [
        ['The customer agrees', 'pay'],
        ['The customer does not want the order any more', 'goodbye'],
      ],
    ),
    actionState(
      'pay',
      ['Ask: "Would you like to pay by card or in cash?"'],
      [['The customer chooses how to pay', 'goodbye']],
    ),
    actionState('goodbye', ['Say: "Thank you. Goodbye!"'], []),
  ],
  { name: 'Orders' },
);

/** Returns an organization with the graph of orders. */
export function orderOrganization(graph = ORDER_GRAPH): OrganizationFile {
  return { ...testOrganization('0'.repeat(64)), graphs: [graph], dynamic_behavior_sets: [] };
}
