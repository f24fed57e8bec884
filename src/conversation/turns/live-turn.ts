import type { Caller } from '../../access/permissions.ts';
import { problem, type Problem, type ProblemError } from '../../problems.ts';
import type { ConversationRecord, StopCause } from '../records.ts';
import type { ActionFilter } from './action-filter.ts';
import type { RunningTurn as RunningState } from './arrival.ts';
import type { ReaderStream } from './reader-stream.ts';
import { Readers, type ReaderSpec } from './readers.ts';
import { refuse } from './refusal.ts';
import { sightOf } from './sight.ts';
import { TurnFigures, type StoppedBy } from './turn-figures.ts';
import type { Heard } from './stop.ts';
import type { EndEvent } from './transcript.ts';
import type { Submission } from './accepted-turn.ts';
import type { TakenSubmission, Turn } from './turn.ts';

/** A caller of a turn, and what the caller's stream shows. */
export interface TurnAudience {
  caller: Caller;
  filter: ActionFilter;
  /** Set when the stream begins with `conversation-created`, though the conversation exists. */
  resumes?: true;
}

/** The stage of a turn. Whether it speaks, its log tells. */
type Stage = 'hearing' | 'walking' | 'committing';

/** A turn that runs, with everything that reaches into it: its readers, further messages, and a stop. */
export class LiveTurn {
  readonly turn: Turn;
  readonly record: ConversationRecord;
  readonly audience: TurnAudience;
  readonly readers: Readers;
  readonly figures: TurnFigures;
  /** The stage that the turn has come to. */
  stage: Stage = 'hearing';
  /** True once the present walk has called a tool. */
  calledTools = false;
  readonly #stop = new AbortController();
  readonly #ended = Promise.withResolvers<EndEvent>();
  #attempt = new AbortController();
  /** The number of times that the walk has begun, or is about to. */
  #attempts = 1;
  #isRestarting = false;
  /** Set when the turn was stopped before its answer: it comes to nothing. */
  #isGivenUp = false;
  #heard: Heard = null;

  constructor(turn: Turn, audience: TurnAudience) {
    this.turn = turn;
    this.record = turn.record;
    this.audience = audience;
    this.figures = new TurnFigures(Date.now(), turn.start.waited_ms ?? 0);
    this.readers = new Readers(turn.transcript);
  }

  /** True when the first reader sees fillers: only then they are made as speech. */
  get showsFillers(): boolean {
    const { caller, filter } = this.audience;
    return sightOf(this.record, caller).actions && filter('action-too-long');
  }

  /** The state of the turn, as a request that arrives meets it. */
  get state(): RunningState {
    const { stage } = this;
    const phase = stage === 'walking' && this.turn.transcript.hasSpoken ? 'speaking' : stage;
    const { calledTools } = this;
    return { phase, attempts: this.#attempts, calledTools, isStopping: this.isStopped };
  }

  /** Aborts when the answer is to end where it is. */
  get stopSignal(): AbortSignal {
    return this.#stop.signal;
  }

  /** True once the turn was told to stop. */
  get isStopped(): boolean {
    return this.#stop.signal.aborted || this.#isGivenUp;
  }

  /** The cause for which the answer is cut short; null for a whole answer. */
  get stopCause(): StopCause | null {
    if (this.figures.stoppedBy === 'budget') return 'budget';
    return this.#stop.signal.aborted ? 'user' : null;
  }

  /** The part of the answer that reached the user, as the caller of the stop says. */
  get heard(): Heard {
    return this.#heard;
  }

  /** Resolves to the last event of the turn. */
  get ended(): Promise<EndEvent> {
    return this.#ended.promise;
  }

  /**
   * Begins the walk, or begins it anew. Returns the signal that ends it. A walk that was to begin anew before it began
   * just begins; one that was stopped by then ends at once.
   */
  beginAttempt(): AbortSignal {
    if (this.#isRestarting && !this.#isGivenUp) this.#attempt = new AbortController();
    this.#isRestarting = false;
    this.calledTools = false;
    this.stage = 'hearing';
    return this.#attempt.signal;
  }

  /** True when the walk was ended to begin anew. */
  get isRestarting(): boolean {
    return this.#isRestarting;
  }

  /** Adds messages to the turn, whose walk begins anew with them. Only before its answer has begun. */
  restart(submissions: readonly Submission[], now: number): TakenSubmission[] {
    this.turn.transcript.beginAnew();
    this.#attempts += 1;
    this.#isRestarting = true;
    const taken = submissions.map((submission) => this.turn.take(submission, now));
    this.#attempt.abort(new Error('The walk begins anew.'));
    return taken;
  }

  /** Ends the answer where it is; before its first piece, the turn comes to nothing. */
  stop(heard: Heard, by: StoppedBy): void {
    if (this.isStopped) return;
    this.figures.stoppedBy = by;
    this.#heard = heard;
    const reason = problem(
      'turn_stopped',
      'The turn was stopped before the agent spoke. Nothing was stored.',
    );
    if (this.state.phase === 'speaking') {
      this.#stop.abort(reason);
      return;
    }
    this.#isGivenUp = true;
    // A walk that is about to begin anew has ended already: the next one must not begin.
    if (this.#attempt.signal.aborted) this.#attempt = new AbortController();
    this.#attempt.abort(reason);
  }

  /**
   * Notes that the budget is spent, so that the answer is no whole one. `refuses`: no further call of a model begins, so
   * that an answer that has begun ends where it is.
   */
  exhaust(refuses: boolean): void {
    if (this.isStopped) return;
    this.figures.stoppedBy = 'budget';
    if (refuses && this.state.phase === 'speaking') {
      this.#stop.abort(problem('budget_exhausted', 'The budget is spent.'));
    }
  }

  /** Ends the turn at once, whatever it has said: it comes to nothing, and its readers are told why. */
  abandon(reason: ProblemError): void {
    this.#isRestarting = false;
    this.#attempt.abort(reason);
  }

  /** Gives a request's stream the turn: all of it, with the messages of that request alone. */
  follow(
    stream: ReaderStream,
    { caller, filter, resumes }: TurnAudience,
    taken: readonly TakenSubmission[],
  ): void {
    const own = [...taken];
    const after = Math.min(...taken.map((one) => one.after));
    const spec: ReaderSpec = {
      after: after > 0 && Number.isFinite(after) && resumes !== true ? after : null,
      shape: resumes === true ? 'resume' : this.turn.isFirst ? 'create' : 'interact',
      sight: sightOf(this.record, caller),
      filter,
      // The list of the turn may grow: only what is in it now is of this request.
      own: (messageId) => own.some((one) => one.messageId === messageId),
      live: true,
    };
    const attached = this.readers.attach(spec, stream);
    if (!attached.ok) refuse(stream, attached.problem satisfies Problem);
  }

  /** Returns what the turn has taken of the request with a key. */
  takenWith(key: string): TakenSubmission | null {
    return this.turn.taken.find(({ submission }) => submission.key?.[0] === key) ?? null;
  }

  /** Closes the log with its last event, which ends every reader. */
  end(event: EndEvent): void {
    this.turn.transcript.end(event);
    this.#ended.resolve(event);
  }
}
