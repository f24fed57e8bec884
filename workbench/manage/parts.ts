/** Parts that the tables of the page for people, keys and versions share. */
import { make } from '../elements.ts';

/** A role of the organization. */
export interface NamedRole {
  id: string;
  name: string;
}

/** Returns a row of a table; the first cell is the header of the row. */
export function row(first: string, ...cells: (Node | string)[]): HTMLTableRowElement {
  return make(
    'tr',
    {},
    make('th', { scope: 'row', dir: 'auto' }, first),
    ...cells.map((cell) => make('td', { dir: 'auto' }, cell)),
  );
}

/** Returns a button that asks once more before it does what cannot be undone. Leaving it takes the question back. */
export function confirmedButton(
  text: string,
  label: string,
  onConfirm: () => Promise<unknown>,
): HTMLButtonElement {
  const button = make('button', { type: 'button', class: 'quiet', 'aria-label': label }, text);
  let isAsked = false;
  const ask = (asked: boolean) => {
    isAsked = asked;
    button.textContent = asked ? 'Really?' : text;
    button.setAttribute('aria-label', asked ? `Really: ${label}` : label);
  };
  button.addEventListener('click', () => {
    if (!isAsked) {
      ask(true);
      return;
    }
    ask(false);
    void onConfirm();
  });
  button.addEventListener('blur', () => ask(false));
  return button;
}

/** Returns the text of a field of a form, without white space around it. */
export function textOf(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name);
  return typeof value === 'string' ? value.trim() : '';
}
