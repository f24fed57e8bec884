/** The spans of a turn beside its model calls, by the conventions of OpenTelemetry for generative AI. */
import type { ToolPort } from '../../agent/ports.ts';
import type { Tracer } from '../../agent/tracer.ts';
import { ProblemError } from '../../problems.ts';
import type { AgentInput } from '../agent-input.ts';
import type { LiveTurn } from './live-turn.ts';
import { usageFields } from './usage-fields.ts';

/** The tracer of a turn, and the name of the provider of its models. */
export interface TurnTracing {
  tracer: Tracer;
  provider: string;
}

/** The opening of a tool's output that describes a failure (`ToolPort.call`). */
const TOOL_FAILURE = 'Error: ';

function errorTypeOf(error: unknown): string {
  return error instanceof ProblemError ? error.problem.code : 'turn_failed';
}

/** Runs the agent's part of a turn inside its span. */
export function inAgentSpan<T>(
  { tracer, provider }: TurnTracing,
  { turn, record, figures }: LiveTurn,
  { agent }: AgentInput,
  work: () => Promise<T>,
): Promise<T> {
  const { identity } = record;
  const [id, version] = identity.versions.agent;
  const attributes = {
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.provider.name': provider,
    'gen_ai.agent.id': id,
    'gen_ai.agent.name': agent.name,
    'gen_ai.agent.version': String(version),
    'gen_ai.conversation.id': identity.id,
    'conversation_api.organization': identity.organization,
    'conversation_api.service_id': identity.service_id,
    'conversation_api.interaction_id': turn.interactionId,
    'conversation_api.attempt': turn.runs,
  };
  return tracer.span(`invoke_agent ${agent.name}`, attributes, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.fail(errorTypeOf(error));
      throw error;
    } finally {
      const usage = usageFields(figures.modelCalls);
      span.set({
        'gen_ai.usage.input_tokens': usage.input_tokens,
        'gen_ai.usage.output_tokens': usage.output_tokens,
        'gen_ai.usage.cache_read.input_tokens': usage.cached_input_tokens,
      });
      span.end();
    }
  });
}

/** Returns tools whose calls have a span each. */
export function tracedTools(tracer: Tracer, tools: ToolPort): ToolPort {
  return {
    candidate: (spec) => tools.candidate(spec),
    call: (tool, input, signal) => {
      const attributes = {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': tool.name,
        'gen_ai.tool.type': 'extension',
        'conversation_api.tool_id': tool.id,
        'conversation_api.tool_version': tool.version,
      };
      return tracer.span(`execute_tool ${tool.name}`, attributes, async (span) => {
        try {
          const outcome = await tools.call(tool, input, signal);
          if (outcome.output.startsWith(TOOL_FAILURE)) span.fail('tool_failed');
          return outcome;
        } finally {
          span.end();
        }
      });
    },
  };
}
