import { byId } from './elements.ts';

/** The slider through the turns of a conversation. */
export class TurnBar {
  readonly #slider = byId('turn', HTMLInputElement);
  readonly #label = byId('turn-label', HTMLElement);
  readonly #previous = byId('turn-previous', HTMLButtonElement);
  readonly #next = byId('turn-next', HTMLButtonElement);
  readonly #earlier = byId('turn-earlier', HTMLButtonElement);

  constructor(choose: (number: number) => void, loadEarlier: () => void) {
    this.#slider.addEventListener('input', () => choose(this.#slider.valueAsNumber));
    this.#previous.addEventListener('click', () => choose(this.#slider.valueAsNumber - 1));
    this.#next.addEventListener('click', () => choose(this.#slider.valueAsNumber + 1));
    this.#earlier.addEventListener('click', loadEarlier);
  }

  /** Turns are counted from 1; `first` is the earliest that was loaded. */
  show({ first, last, chosen }: { first: number; last: number; chosen: number }, running: boolean): void {
    const isEmpty = last < first || running;
    this.#slider.min = String(first);
    this.#slider.max = String(Math.max(last, first));
    this.#slider.value = String(chosen);
    this.#slider.disabled = isEmpty || first === last;
    this.#previous.disabled = isEmpty || chosen <= first;
    this.#next.disabled = isEmpty || chosen >= last;
    this.#earlier.hidden = first <= 1 || last < first;
    this.#earlier.disabled = running;
    this.#label.textContent = running ? 'The turn is running …' : labelOf(chosen, last, last < first);
    this.#slider.setAttribute('aria-valuetext', this.#label.textContent);
  }
}

function labelOf(chosen: number, last: number, isEmpty: boolean): string {
  if (isEmpty) return 'No turn yet';
  return chosen === last ? `Turn ${chosen} of ${last}, the latest` : `Turn ${chosen} of ${last}`;
}
