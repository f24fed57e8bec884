import { make } from './elements.ts';

/** A tab, by its identifier and its text. */
export interface Tab {
  id: string;
  text: string;
}

/** A row of tabs that share one panel, with the keys that the ARIA pattern gives them. */
export class Tabs {
  readonly #list: HTMLElement;
  readonly #panel: HTMLElement;
  readonly #onSelect: (id: string) => void;
  #selected = '';

  constructor(list: HTMLElement, panel: HTMLElement, onSelect: (id: string) => void) {
    this.#list = list;
    this.#panel = panel;
    this.#onSelect = onSelect;
    list.addEventListener('keydown', (event) => this.#move(event));
  }

  get selected(): string {
    return this.#selected;
  }

  /** Offers tabs and selects one of them, without telling: the caller knows. */
  offer(tabs: readonly Tab[], selected: string): void {
    this.#list.replaceChildren(
      ...tabs.map(({ id, text }) => {
        const tab = make('button', { type: 'button', role: 'tab', class: 'tab' }, text);
        tab.dataset['tab'] = id;
        tab.setAttribute('aria-controls', this.#panel.id);
        tab.addEventListener('click', () => this.#choose(id));
        return tab;
      }),
    );
    this.show(selected);
  }

  show(id: string): void {
    this.#selected = id;
    for (const tab of this.#tabs()) {
      const isSelected = tab.dataset['tab'] === id;
      tab.setAttribute('aria-selected', String(isSelected));
      tab.tabIndex = isSelected ? 0 : -1;
    }
  }

  /** Marks the tab behind which the conversation is at this moment. */
  mark(id: string | null): void {
    for (const tab of this.#tabs()) tab.classList.toggle('here', tab.dataset['tab'] === id);
  }

  #tabs(): HTMLElement[] {
    return [...this.#list.querySelectorAll<HTMLElement>('[role=tab]')];
  }

  #choose(id: string): void {
    this.show(id);
    this.#onSelect(id);
  }

  #move(event: KeyboardEvent): void {
    const tabs = this.#tabs();
    const at = tabs.findIndex((tab) => tab.dataset['tab'] === this.#selected);
    const last = tabs.length - 1;
    const to = {
      ArrowRight: at === last ? 0 : at + 1,
      ArrowLeft: at <= 0 ? last : at - 1,
      Home: 0,
      End: last,
    }[event.key];
    const tab = to === undefined ? undefined : tabs[to];
    if (tab === undefined) return;
    event.preventDefault();
    this.#choose(tab.dataset['tab'] ?? '');
    tab.focus();
  }
}
