import type { Caller } from '../../access/permissions.ts';
import { jsonLine } from '../../text.ts';
import type { ConversationRecord } from '../records.ts';
import type { ActionFilter } from './action-filter.ts';
import type { ReaderStream } from './reader-stream.ts';
import { Readers, type ReaderSpec } from './readers.ts';
import { sightOf } from './sight.ts';
import type { EndEvent } from './transcript.ts';
import type { TakenSubmission, Turn } from './turn.ts';

/** The request that a turn is begun for: its caller, and what the caller's stream shows. */
export interface TurnAudience {
  caller: Caller;
  filter: ActionFilter;
}

/** A turn that runs, with everything that reaches into it: its readers, and the request it was begun for. */
export class LiveTurn {
  readonly turn: Turn;
  readonly record: ConversationRecord;
  readonly audience: TurnAudience;
  readonly readers: Readers;

  constructor(turn: Turn, audience: TurnAudience) {
    this.turn = turn;
    this.record = turn.record;
    this.audience = audience;
    this.readers = new Readers(turn.transcript);
  }

  /** True when the first reader sees fillers: only then they are made as speech. */
  get showsFillers(): boolean {
    const { caller, filter } = this.audience;
    return sightOf(this.record, caller).actions && filter('action-too-long');
  }

  /** Gives a request's stream the turn: all of it, with the messages of that request alone. */
  follow(stream: ReaderStream, { caller, filter }: TurnAudience, taken: readonly TakenSubmission[]): void {
    const spec: ReaderSpec = {
      after: null,
      shape: this.turn.isFirst ? 'create' : 'interact',
      sight: sightOf(this.record, caller),
      filter,
      own: (messageId) => taken.some((one) => one.messageId === messageId),
      live: true,
    };
    const attached = this.readers.attach(spec, stream);
    if (attached.ok) return;
    const { code, detail } = attached.problem;
    stream.send(jsonLine({ type: 'error', http_error_code: 503, error_description: detail, code }), 0);
    stream.end();
  }

  /** Closes the log with its last event, which ends every reader. */
  end(event: EndEvent): void {
    this.turn.transcript.end(event);
  }
}
