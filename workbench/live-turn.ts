/** A turn while it runs: its events in the list, its way in the graph, its message in the transcript. */
import type { StreamEvent } from '../src/contract/stream.ts';
import type { DetailsPane } from './details-pane.ts';
import type { GraphPane } from './graph-pane.ts';
import { extended, type Place } from './path.ts';
import type { Playback, TimedEvent } from './playback.ts';
import type { Progress } from './progress.ts';
import type { Transcript } from './transcript.ts';

/** The events of a turn, as they arrive. */
export type TurnEvents = AsyncGenerator<StreamEvent, void>;

/** The parts of the page that show a running turn. */
export interface LiveTurnParts {
  progress: Progress;
  /** The part of the page that is marked as busy. */
  pane: HTMLElement;
  graph: GraphPane;
  details: DetailsPane;
  transcript: Transcript;
  playback: Playback;
  /** The turn has created a conversation. */
  onCreated: (conversation: string) => void;
}

/** Follows the events of one turn at a time. */
export class LiveTurn {
  readonly #parts: LiveTurnParts;

  constructor(parts: LiveTurnParts) {
    this.#parts = parts;
  }

  /** Shows a turn from its first event to its end. Its way begins at the present position. Returns whether it completed. */
  async follow(events: TurnEvents): Promise<boolean> {
    const { progress, pane, graph, details, transcript, playback } = this.#parts;
    const startedAt = performance.now();
    const seen: TimedEvent[] = [];
    const { position } = playback;
    const live = { path: position === null ? [] : [position] };
    details.beginLive();
    graph.light(live.path, true);
    const complete = await progress.during('The turn is running …', pane, async () => {
      for await (const event of events) {
        const timed = { at: performance.now() - startedAt, event };
        seen.push(timed);
        details.addEvent(timed);
        this.#show(event, live);
        if (event.type === 'interaction-complete') playback.watch(event.interaction_id, seen);
      }
      return true;
    });
    transcript.endDraft();
    return complete === true;
  }

  #show(event: StreamEvent, live: { path: Place[] }): void {
    const { graph, transcript, onCreated } = this.#parts;
    if (event.type === 'conversation-created') onCreated(event.conversation_id);
    if (event.type === 'new-message') transcript.append(event.message);
    if (event.type !== 'current-agent-action') return;
    transcript.workOn(event.action);
    const path = extended(live.path, event.action, graph.root);
    if (path.length === live.path.length) return;
    live.path = path;
    graph.light(path, true);
  }
}
