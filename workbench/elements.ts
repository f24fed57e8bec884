/** The few ways in which this page touches the document. Text becomes a text node, whatever it contains. */

/** An element that the page's own HTML has; without it the page is broken and says so at once. */
export function byId<T extends Element>(id: string, type: new () => T): T {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`The page has no #${id}.`);
  return element;
}

type Child = Node | string;

/** Makes an HTML element with attributes and children. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/** Makes an SVG element with attributes and children. */
export function draw<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | number>> = {},
  ...children: Child[]
): SVGElementTagNameMap[Name] {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

/** Makes the text of a panel that has nothing to show. */
export function hint(text: string): HTMLParagraphElement {
  return make('p', { class: 'hint' }, text);
}

/** Fills a select, and keeps what is selected where it is still offered. */
export function offer(
  select: HTMLSelectElement,
  options: readonly { value: string; text: string }[],
  selected: string,
): void {
  select.replaceChildren(...options.map(({ value, text }) => make('option', { value }, text)));
  if (options.some(({ value }) => value === selected)) select.value = selected;
  select.disabled = options.length === 0;
}
