import type { StreamEvent } from '../src/contract/stream.ts';
import { json } from './details.ts';
import { hint, make } from './elements.ts';
import type { TimedEvent } from './playback.ts';
import { describeAction } from './action-words.ts';

function typeOf(event: StreamEvent): string {
  return event.type === 'current-agent-action' ? event.action.type : event.type;
}

/** Returns the content of an event in words; empty where its type says it all. */
function gist(event: StreamEvent): string {
  switch (event.type) {
    case 'current-agent-action':
      return event.action.type === 'engage-user-message-fragment-generated'
        ? event.action.fragment
        : (describeAction(event.action) ?? '');
    case 'new-message':
      return event.message;
    case 'user-message-available':
      return event.user_message;
    case 'interaction-complete':
      return event.conversation_completed
        ? 'The turn is stored. The conversation has ended.'
        : 'The turn is stored.';
    case 'error':
      return event.error_description;
    case 'conversation-created':
      return event.conversation_id;
  }
}

function rowOf({ at, event }: { at: number | null; event: StreamEvent }): HTMLLIElement {
  const family = event.type === 'current-agent-action' ? 'action' : event.type;
  const row = make(
    'details',
    {},
    make(
      'summary',
      {},
      make('span', { class: 'at' }, at === null ? '·' : `+${(at / 1000).toFixed(3)}`),
      make('span', { class: 'type' }, typeOf(event)),
      make('span', { class: 'gist', dir: 'auto' }, gist(event)),
    ),
  );
  // Most events are never opened: their text is made when one is.
  row.addEventListener('toggle', () => row.append(json(event)), { once: true });
  return make('li', { class: `event ${family}` }, row);
}

/** The events of a turn, one a line: those that came while it was watched, or those that were stored. */
export class EventsList {
  readonly #list = make('ol', { class: 'events' });
  readonly #note = hint('');
  readonly element = make('div', {}, this.#note, this.#list);

  showLive(events: readonly TimedEvent[]): void {
    this.#note.textContent = 'As they came, in seconds since the turn was asked for.';
    this.#list.replaceChildren(...events.map(rowOf));
  }

  add(event: TimedEvent): void {
    this.#list.append(rowOf(event));
    this.element.parentElement?.scrollTo({ top: this.element.scrollHeight });
  }

  /** Of a turn that was not watched only the agent's actions are known, and not when each was. */
  showRecorded(events: readonly StreamEvent[]): void {
    this.#note.textContent = 'From the record, which keeps the agent’s actions without their times.';
    this.#list.replaceChildren(...events.map((event) => rowOf({ at: null, event })));
  }
}
