/** Calls of models within the allowance of their meter. */
import type { ExpectedCall, RunningCall } from '../metered-call.ts';
import type { UsageMeter } from '../usage.ts';
import type { ChatRequest } from './chat/port.ts';
import { highestCost, type Interaction, type ModelChoice } from './models.ts';
import { cappedParams, outputLimitOf } from './output-cap.ts';
import { estimateTokens } from './window.ts';

/** The most output that is asked for of a model without a limit of its own, within an allowance, in tokens. */
const USUAL_OUTPUT_TOKENS = 4_096;

/** The meter of a call, and what the call is for. */
interface Metering {
  interaction: Interaction;
  meter: UsageMeter;
}

/**
 * Counts a call that begins. Returns it with its request, which asks for no more output than the allowance has.
 * `isStreamed`: its output is counted as it comes. Throws where the meter refuses the call.
 */
export async function affordableCall(
  { meter, interaction }: Metering,
  choice: ModelChoice,
  asked: ChatRequest,
  isStreamed: boolean,
): Promise<{ running: RunningCall; asked: ChatRequest }> {
  if (!meter.isBounded) return { running: meter.begin(), asked };
  const { prices, params } = choice;
  const expected: ExpectedCall = {
    input_tokens: estimateTokens(JSON.stringify([asked.messages, asked.tools])),
    output_tokens: outputLimitOf(params) ?? USUAL_OUTPUT_TOKENS,
    isStreamed,
    isOptional: interaction === 'SummarizeConversation',
    cost: (tokens) => highestCost(prices, tokens),
  };
  await meter.secure(expected);
  const running = meter.begin(expected);
  const { maxOutputTokens: most } = running;
  return { running, asked: most === null ? asked : { ...asked, params: cappedParams(asked.params, most) } };
}
