import { insightsOf, memoriesOf, metricsOf, stateOf } from './details.ts';
import { byId, hint, make } from './elements.ts';
import { EventsList } from './events-list.ts';
import type { GraphNode } from './graph-model.ts';
import { recordedEvents } from './playback.ts';
import { Tabs } from './tabs.ts';
import type { ConversationMetrics } from '../src/contract/insights.ts';
import type { MemoriesAnswer, RecordedTurn } from '../src/contract/workbench.ts';
import type { TimedEvent } from './playback.ts';

const TABS = [
  { id: 'events', text: 'Events' },
  { id: 'insights', text: 'Insights' },
  { id: 'memories', text: 'Memories' },
  { id: 'state', text: 'State' },
] as const;

/** The actions of the pane on the right. */
export interface DetailsActions {
  /** The memories behind a token; `null` when they cannot be had, which was told. */
  memories: (after: number) => Promise<MemoriesAnswer | null>;
  open: (conversation: string) => void;
}

/** The right side: events and insights of the chosen turn, memories of the user, the state that was pressed. */
export class DetailsPane {
  readonly panel = byId('detail', HTMLElement);
  readonly #tabs: Tabs;
  readonly #actions: DetailsActions;
  readonly #events = new EventsList();
  #turn: RecordedTurn | null = null;
  #metrics: ConversationMetrics | null = null;
  #watched: readonly TimedEvent[] | null = null;
  #isLive = false;
  #node: GraphNode | null = null;
  #memories: MemoriesAnswer | null = null;

  constructor(actions: DetailsActions) {
    this.#actions = actions;
    this.#tabs = new Tabs(byId('detail-tabs', HTMLElement), this.panel, () => this.#show());
    this.#tabs.offer(TABS, 'events');
    this.#show();
  }

  showTurn(
    turn: RecordedTurn | null,
    watched: readonly TimedEvent[] | null,
    metrics: ConversationMetrics | null,
  ): void {
    this.#turn = turn;
    this.#metrics = metrics;
    this.#watched = watched;
    this.#isLive = false;
    if (this.#tabs.selected !== 'memories' && this.#tabs.selected !== 'state') this.#show();
  }

  /** A turn begins, whose events are added as they come. */
  beginLive(): void {
    this.#isLive = true;
    this.#events.showLive([]);
    if (this.#tabs.selected !== 'state' && this.#tabs.selected !== 'memories') this.#show();
  }

  addEvent(event: TimedEvent): void {
    this.#events.add(event);
  }

  showState(node: GraphNode): void {
    this.#node = node;
    this.#tabs.show('state');
    this.#show();
  }

  /** Another user, or something new to remember. */
  forgetMemories(): void {
    this.#memories = null;
    if (this.#tabs.selected === 'memories') this.#show();
  }

  #show(): void {
    this.panel.replaceChildren(...this.#content());
    this.panel.scrollTop = 0;
  }

  #content(): Node[] {
    switch (this.#tabs.selected) {
      case 'insights':
        return this.#insights();
      case 'memories':
        return this.#remembered();
      case 'state':
        return this.#node === null ? [hint('Press a state of the graph to read it.')] : stateOf(this.#node);
      default:
        return this.#eventsOfTurn();
    }
  }

  #insights(): Node[] {
    if (this.#isLive) return [hint('The turn is running. Its insights come with its end.')];
    if (this.#turn === null) return [hint('No turn is chosen.')];
    const metrics = this.#metrics === null ? [] : metricsOf(this.#metrics);
    return [...insightsOf(this.#turn.insights), ...metrics];
  }

  #eventsOfTurn(): Node[] {
    if (!this.#isLive) {
      if (this.#watched !== null) this.#events.showLive(this.#watched);
      else if (this.#turn === null) return [hint('The events of a turn appear here while it runs.')];
      else this.#events.showRecorded(recordedEvents(this.#turn));
    }
    return [this.#events.element];
  }

  #remembered(): Node[] {
    if (this.#memories === null) {
      void this.#load(0);
      return [hint('Memories are being read …')];
    }
    const reload = make('button', { type: 'button', class: 'quiet' }, 'Reload');
    reload.addEventListener('click', () => this.forgetMemories());
    const token = this.#memories.continuation_token ?? 0;
    return [...memoriesOf(this.#memories, this.#actions.open, () => void this.#load(token)), reload];
  }

  async #load(after: number): Promise<void> {
    const page = await this.#actions.memories(after);
    const known = after === 0 ? [] : (this.#memories?.memories ?? []);
    if (page !== null) this.#memories = { ...page, memories: [...known, ...page.memories] };
    if (this.#tabs.selected !== 'memories') return;
    if (page === null) this.panel.replaceChildren(hint('Memories could not be read.'));
    else this.#show();
  }
}
