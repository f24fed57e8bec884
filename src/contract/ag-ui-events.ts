/**
 * The events of AG-UI, the Agent-User Interaction Protocol (version 1.0), that a turn is told in. The protocol has more;
 * these are the ones that a turn needs.
 */
import * as z from 'zod';
import { AgentAction } from './agent-actions.ts';

const text = { messageId: z.string().meta({ description: 'The identifier of the stored message.' }) };
const call = { toolCallId: z.string().meta({ description: 'The call, numbered in the interaction.' }) };
const step = { stepName: z.string().meta({ description: 'The name of a state of the context graph.' }) };
const run = {
  threadId: z.string().meta({ description: 'The `threadId` of the request.' }),
  runId: z.string().meta({ description: 'The `runId` of the request.' }),
};

/** The stored turn that a run stands for, as the last event of the run names it. */
export const AgUiResult = z
  .object({
    conversation_id: z.string(),
    interaction_id: z.string(),
    message_id: z.string(),
    conversation_completed: z
      .boolean()
      .meta({ description: 'Whether the conversation ended with the answer.' }),
  })
  .meta({ id: 'AgUiResult' });

/** One event: the `data` of one server-sent event. */
export const AgUiEvent = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('RUN_STARTED'),
      ...run,
      metadata: z.object({ conversation_id: z.string(), interaction_id: z.string() }),
    }),
    z.object({ type: z.literal('STEP_STARTED'), ...step }),
    z.object({ type: z.literal('STEP_FINISHED'), ...step }),
    z.object({
      type: z.literal('TOOL_CALL_START'),
      ...call,
      toolCallName: z.string().meta({ description: 'The identifier of the tool.' }),
    }),
    z.object({
      type: z.literal('TOOL_CALL_ARGS'),
      ...call,
      delta: z.string().meta({ description: 'The whole input, as JSON.' }),
    }),
    z.object({ type: z.literal('TOOL_CALL_END'), ...call }),
    z.object({
      type: z.literal('TOOL_CALL_RESULT'),
      ...call,
      messageId: z
        .string()
        .meta({ description: 'The identifier of the result, which is no stored message.' }),
      role: z.literal('tool'),
      content: z.string(),
    }),
    z.object({ type: z.literal('CUSTOM'), name: z.literal('agent-action'), value: AgentAction }),
    z.object({ type: z.literal('TEXT_MESSAGE_START'), ...text, role: z.literal('assistant') }),
    z.object({ type: z.literal('TEXT_MESSAGE_CONTENT'), ...text, delta: z.string() }),
    z.object({ type: z.literal('TEXT_MESSAGE_END'), ...text }),
    z.object({
      type: z.literal('RUN_FINISHED'),
      ...run,
      outcome: z.object({
        type: z.enum(['success', 'cancelled']).meta({ description: '`cancelled` when the user stopped it.' }),
      }),
      result: AgUiResult,
    }),
    z.object({
      type: z.literal('RUN_ERROR'),
      message: z.string().meta({ description: 'What happened, in one sentence. Nothing was stored.' }),
      code: z.string().optional().meta({ description: 'The code of the problem.' }),
    }),
  ])
  .meta({ id: 'AgUiEvent', description: 'An event of AG-UI 1.0.' });

export type AgUiEvent = z.infer<typeof AgUiEvent>;
