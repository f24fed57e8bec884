/** Streams one answer of a model and passes on what it says. */
import { problemOf, ProviderFailure } from '../../provider-failure.ts';
import type { Choice, EngageStep } from '../reasoner.ts';
import { ChoiceStream, type ChoiceRules, type StreamedStep } from './answer/choice-stream.ts';
import { beginsOf } from './answer/echo.ts';
import type { WrittenChoice } from './answer/options.ts';
import { openStream, type CallContext, type OpenStream } from './call.ts';
import type { EndReason, ModelToolCall } from './chat/port.ts';
import { habitsOf } from './habits.ts';
import type { ModelPart } from './model-stream.ts';
import type { ModelRequest } from './request.ts';
import type { OfferedTools } from './tools.ts';

/** The longest message, in UTF-16 units: about ten minutes of listening. A model that does not stop is stopped there. */
const MAX_MESSAGE_LENGTH = 12_000;

/** Ends a message that the provider cut at its limit of tokens. */
const CUT_MARK = '…';

/** The progress of an engagement. */
export interface Progress {
  choice: Choice | null;
  /** The choice of the last answer when it names no option; else null. */
  wrong: WrittenChoice | null;
  /** The length of the message so far, in UTF-16 units. */
  spoken: number;
  /** The last unit of the message, or an empty text. */
  last: string;
}

/** One answer of the model: its text without reasoning, and the tools that it wants. */
export interface Answer {
  text: string;
  calls: ModelToolCall[];
}

/** The rules by which the answer of any model is read. */
export type RelayRules = Omit<ChoiceRules, 'thinksAloud' | 'asked'>;

/** Takes one answer apart, step by step. */
class AnswerRelay {
  readonly calls: ModelToolCall[] = [];
  readonly #parser: ChoiceStream;
  readonly #opened: OpenStream;
  readonly #progress: Progress;
  readonly #offered: OfferedTools;
  #continued = true;

  constructor(rules: ChoiceRules, opened: OpenStream, progress: Progress, offered: OfferedTools) {
    this.#parser = new ChoiceStream(rules);
    this.#opened = opened;
    this.#progress = progress;
    this.#offered = offered;
  }

  get parser(): ChoiceStream {
    return this.#parser;
  }

  /** Returns the steps that come of a part. */
  take(part: ModelPart): StreamedStep[] {
    if (part.type === 'text') return this.#parser.push(part.text);
    if (this.#offered.has(part.name)) {
      this.calls.push(part);
      return [];
    }
    // Some models call "exit" or "action", which are no tools.
    const steps = this.#parser.call(part);
    if (steps.some(({ type }) => type === 'call')) this.calls.push(part);
    return steps.filter(({ type }) => type !== 'call');
  }

  /** Returns the steps that come of the end. Words in front of a call that serves the choice are no message. */
  end(): StreamedStep[] {
    const steps = this.#parser.end();
    const hasCalls = this.calls.length > 0 || steps.some(({ type }) => type === 'call');
    return hasCalls && this.#progress.choice === null ? steps.filter(({ type }) => type === 'call') : steps;
  }

  /** Takes note of a step, and makes it one of the port. Messages of several answers are kept apart by a space. */
  step(step: StreamedStep): EngageStep | null {
    const progress = this.#progress;
    switch (step.type) {
      case 'call':
        this.calls.push({ id: `text_${this.calls.length}`, name: step.name, input: step.input });
        return null;
      case 'wrong':
        progress.wrong = step.said;
        return null;
      case 'choice':
        if (step.choice.kind === 'exit') this.#opened.stream.interaction = 'SelectNextAction';
        progress.choice = step.choice;
        return step;
      case 'piece': {
        const apart = this.#continued && progress.spoken > 0 && !/\s/.test(progress.last);
        this.#continued = false;
        const text = apart ? ` ${step.text}` : step.text;
        progress.spoken += text.length;
        progress.last = text.slice(-1) || progress.last;
        return { type: 'piece', text, final: false, waits: this.#opened.isWaiting };
      }
    }
  }
}

/** Returns a predicate that is true of the part with a first piece of the message, an exit, or a call of a tool. */
function beginsWith(rules: ChoiceRules): (part: ModelPart) => boolean {
  const trial = new ChoiceStream(rules);
  return (part) =>
    part.type === 'tool-call' ||
    trial.push(part.text).some((step) => step.type !== 'choice' || step.choice.kind === 'exit');
}

/**
 * Ends an answer that did not come to its own end. What the provider's filter cut off is no answer; what was cut at its
 * limit of tokens is shown to be cut.
 */
function* ending(reason: EndReason | null, { last, spoken }: Progress): Generator<StreamedStep> {
  if (reason === 'filtered') throw problemOf('model', new ProviderFailure('filtered'));
  const isCut = reason === 'length' && spoken > 0 && !/[.!?…。！？]/.test(last);
  if (isCut) yield { type: 'piece', text: CUT_MARK };
}

/** Streams one answer of the model and passes on what it says. Stops at an exit and at a choice that does not exist. */
export async function* relay(
  context: CallContext,
  request: ModelRequest,
  common: RelayRules,
  progress: Progress,
  offered: OfferedTools,
): AsyncGenerator<EngageStep, Answer> {
  const rulesFor = (model: Parameters<typeof habitsOf>[0]): ChoiceRules => ({
    ...common,
    asked: beginsOf(request.prompt),
    thinksAloud: habitsOf(model).thinksAloud,
  });
  const opened = await openStream(context, request, ({ model }) => beginsWith(rulesFor(model)));
  const { model } = opened.choice;
  const answer = new AnswerRelay(rulesFor(model), opened, progress, offered);
  const isOver = () =>
    progress.choice?.kind === 'exit' || progress.wrong !== null || progress.spoken > MAX_MESSAGE_LENGTH;
  try {
    for (let part = await opened.next(); part !== null; part = await opened.next()) {
      for (const step of answer.take(part)) {
        const shown = answer.step(step);
        if (shown !== null) yield shown;
      }
      if (isOver()) return { text: answer.parser.visible, calls: answer.calls };
    }
  } catch (error) {
    // A failure is final: parts of the answer were used already.
    throw error instanceof ProviderFailure ? problemOf('model', error) : error;
  } finally {
    opened.stream.close();
  }
  const end = [...answer.end()];
  for (const step of end) {
    const shown = answer.step(step);
    if (shown !== null) yield shown;
  }
  habitsOf(model).thinksAloud ||= answer.parser.thoughtAloud;
  for (const step of ending(opened.stream.reason, progress)) {
    const shown = answer.step(step);
    if (shown !== null) yield shown;
  }
  return { text: answer.parser.visible, calls: answer.calls };
}
