/** The reasoner that thinks and speaks with language models. */
import * as z from 'zod';
import type {
  BehaviorCandidate,
  Clock,
  Consultation,
  FinishedConversation,
  Reasoner,
  Situation,
  ToolCandidate,
} from '../reasoner.ts';
import type { LanguageModelConfig } from '../../registry/organization.ts';
import type { ActionState, DecisionState, ReflectionState, ToolCallState } from '../../registry/graph.ts';
import { UsageMeter } from '../usage.ts';
import { extractMemories, judgeMetric, starters, userModel } from './analyses.ts';
import type { CallContext, CallReport, CallTracing, Timing } from './call.ts';
import { indexUpTo } from './answer/choice-json.ts';
import { engage } from './engage.ts';
import { problemOf, ProviderFailure } from '../../provider-failure.ts';
import { memoryQueriesOf } from './memory-queries.ts';
import type { Interaction, ModelSource } from './models.ts';
import * as prompts from './prompts.ts';
import { summarize } from './summarizing.ts';
import { ask, consult, exitReader, jsonReader, wordsReader, type Reader } from './structured.ts';

/** Options of the language-model reasoner. */
export interface LanguageModelOptions {
  models: ModelSource;
  /** Answers where no model is needed, and where a model twice gave no usable answer. Not used when models fail. */
  fallbackReasoner?: Reasoner;
  /** Deadlines of models that have none of their own. */
  timing?: Partial<Timing>;
  /** Receives every call that failed, for the log of the deployment. */
  report?: (failure: CallReport) => void;
  /** Receives the spans of the calls. */
  tracing?: CallTracing;
  /** Returns the time in milliseconds since the epoch, for questions that bring no `clock`. */
  now?: () => number;
}

const MAX_QUERIES = 4;
const MAX_RESPONSES = 3;

/** The parts of a situation or a request that a call needs. */
interface Asking {
  models: Readonly<Record<string, LanguageModelConfig>>;
  meter?: UsageMeter;
  signal: AbortSignal;
}

type Calls = (interaction: Interaction, asking: Asking) => CallContext;

function callsOf({ models, timing, report, tracing }: LanguageModelOptions): Calls {
  return (interaction, asking) => ({
    interaction,
    models: models(interaction, asking.models),
    // Outside of a turn usage is not kept, but each task has the budget of a turn all the same.
    meter: asking.meter ?? new UsageMeter(),
    signal: asking.signal,
    timing: timing ?? {},
    report: report ?? (() => undefined),
    tracing,
  });
}

/** One call chooses and speaks: it goes to the model that is preferred for speaking, else to that for choosing. */
function forEngaging(situation: Situation): Asking {
  const { EngageUser, SelectNextAction } = situation.models;
  const preferred = EngageUser ?? SelectNextAction;
  return {
    ...situation,
    models: preferred === undefined ? situation.models : { ...situation.models, EngageUser: preferred },
  };
}

/** Returns a reader of a tool's input. It accepts any JSON object: the caller of the tool checks the tool's schema. */
function inputReader(tool: ToolCandidate): Reader<Record<string, unknown>> {
  const { read } = jsonReader(z.record(z.string(), z.unknown()));
  return { read, schema: tool.input_schema };
}

function jsonList(key: string, atMost: number) {
  const texts = z.array(z.string().trim().min(1)).min(1);
  return jsonReader(z.object({ [key]: texts }).transform((answer) => (answer[key] ?? []).slice(0, atMost)));
}

/** The questions of states that are passed through, which may use tools. */
function consultations(
  calls: Calls,
  fallback: Reasoner | undefined,
): Pick<Reasoner, 'decide' | 'reflect' | 'toolInput'> {
  return {
    async *decide(situation: Situation, state: DecisionState, tools): Consultation<number> {
      const last = state.exit_conditions.length - 1;
      const reader = exitReader(state.exit_conditions.map(({ description }) => description));
      const context = calls('SelectNextActionForDecisionState', situation);
      // One way is no decision.
      if (last <= 0) return 0;
      const answer = yield* consult(context, prompts.decidePrompt(situation, state), reader, tools);
      if (answer !== null) return answer.exit;
      // The last way is the "otherwise", by custom.
      return fallback === undefined ? last : yield* fallback.decide(situation, state, []);
    },
    async *reflect(situation: Situation, state: ReflectionState, tools): Consultation<string> {
      const context = calls('GenerateReflection', situation);
      const answer = yield* consult(context, prompts.reflectPrompt(situation, state), wordsReader, tools);
      if (answer === null) throw problemOf('model', new ProviderFailure('unusable'));
      return answer;
    },
    async *toolInput(
      situation: Situation,
      state: ToolCallState,
      tool,
      tools,
    ): Consultation<Record<string, unknown>> {
      const context = calls('GenerateToolParams', situation);
      const question = prompts.toolInputPrompt(situation, state, tool);
      const answer = yield* consult(context, question, inputReader(tool), tools);
      if (answer !== null) return answer;
      // An empty input is checked like any other, and the tool's answer says what is missing.
      return fallback === undefined ? {} : yield* fallback.toolInput(situation, state, tool, []);
    },
  };
}

async function selectBehavior(
  context: CallContext,
  situation: Situation,
  candidates: readonly BehaviorCandidate[],
): Promise<number | null> {
  const index = indexUpTo(candidates.length - 1);
  const reader = jsonReader(z.object({ occasion: z.union([z.null(), index]) }));
  const answer = await ask(context, prompts.selectBehaviorPrompt(situation, candidates), reader);
  return answer?.occasion ?? null;
}

/** Returns an answer, or that of the fallback when the answer is null, so unusable. Throws without a fallback. */
async function usable<T>(answer: Promise<T | null>, fallback: (() => Promise<T>) | undefined): Promise<T> {
  const value = await answer;
  if (value !== null) return value;
  if (fallback === undefined) throw problemOf('model', new ProviderFailure('unusable'));
  return fallback();
}

function analyses(
  calls: Calls,
  fallback: Reasoner | undefined,
): Pick<Reasoner, 'starters' | 'extractMemories' | 'userModel' | 'judgeMetric'> {
  const context = (interaction: Interaction, conversation: FinishedConversation) =>
    calls(interaction, conversation);
  return {
    starters: async (request) =>
      usable(
        starters(calls('GenerateConversationStarters', request), request),
        fallback && (() => fallback.starters(request)),
      ),
    extractMemories: async (conversation) =>
      usable(
        extractMemories(context('ExtractMemories', conversation), conversation),
        fallback && (() => fallback.extractMemories(conversation)),
      ),
    userModel: async (conversation) =>
      usable(
        userModel(context('GenerateUserModel', conversation), conversation),
        fallback && (() => fallback.userModel(conversation)),
      ),
    judgeMetric: async (conversation, metric) =>
      usable(
        judgeMetric(context('ComputeMetric', conversation), conversation, metric),
        fallback && (() => fallback.judgeMetric(conversation, metric)),
      ),
  };
}

/** The reasoner of questions that know the time of their user. */
function timelessReasoner(calls: Calls, fallback: Reasoner | undefined): Reasoner {
  return {
    ...consultations(calls, fallback),
    ...analyses(calls, fallback),
    engage: (situation, state: ActionState, tools) =>
      engage(calls('EngageUser', forEngaging(situation)), situation, state, tools),
    memoryQueries: async (situation) => memoryQueriesOf(situation),
    summarize: async (situation) => summarize(calls('SummarizeConversation', situation), situation),
    recallQueries: async (situation, requested) => {
      const context = calls('GenerateRecallQueries', situation);
      const question = prompts.recallQueriesPrompt(situation, requested);
      // What is looked for is a query too.
      return (await ask(context, question, jsonList('queries', MAX_QUERIES))) ?? [requested];
    },
    behaviorVectors: (situation) => fallback?.behaviorVectors?.(situation) ?? Promise.resolve(false),
    relevantBehaviors: (situation, behaviors) =>
      fallback?.relevantBehaviors?.(situation, behaviors) ?? behaviors.map((_behavior, index) => index),
    selectBehavior: async (situation, candidates) =>
      selectBehavior(calls('SelectDynamicBehavior', situation), situation, candidates),
    recommend: async (situation, state, about) =>
      usable(
        ask(
          calls('RecommendResponses', situation),
          prompts.recommendPrompt(situation, state, about),
          jsonList('responses', MAX_RESPONSES),
        ),
        fallback && (() => fallback.recommend(situation, state, about)),
      ),
  };
}

/**
 * Returns a reasoner of language models. Its calls throw `model_unavailable` when no model answered,
 * `turn_budget_exceeded` when the turn's budget is spent, and the reason of a turn's end, as it is, when that comes first.
 * Nothing that a provider said is in any of them.
 */
export function languageModelReasoner(options: LanguageModelOptions): Reasoner {
  const { now = Date.now } = options;
  const inner = timelessReasoner(callsOf(options), options.fallbackReasoner);
  const timed = <T extends { clock?: Clock | undefined }>(asked: T): T => ({
    ...asked,
    clock: asked.clock ?? { now: now(), timezone: null },
  });
  return {
    ...inner,
    engage: (situation, ...rest) => inner.engage(timed(situation), ...rest),
    decide: (situation, ...rest) => inner.decide(timed(situation), ...rest),
    reflect: (situation, ...rest) => inner.reflect(timed(situation), ...rest),
    toolInput: (situation, ...rest) => inner.toolInput(timed(situation), ...rest),
    recallQueries: (situation, requested) => inner.recallQueries(timed(situation), requested),
    selectBehavior: (situation, candidates) => inner.selectBehavior(timed(situation), candidates),
    recommend: (situation, ...rest) => inner.recommend(timed(situation), ...rest),
    starters: (request) => inner.starters(timed(request)),
    extractMemories: (conversation) => inner.extractMemories(timed(conversation)),
    userModel: (conversation) => inner.userModel(timed(conversation)),
  };
}
