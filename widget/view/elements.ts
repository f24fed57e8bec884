/** The few ways in which the widget makes elements. Nothing here takes HTML. */

interface Attributes {
  /** Also the element's parts, by which the site's style sheet reaches it through the shadow root. */
  className?: string;
  text?: string;
  label?: string;
}

/** A new element. Text becomes a text node, whatever it contains. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  { className, text, label }: Attributes,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  if (className !== undefined) {
    element.className = className;
    element.setAttribute('part', className);
  }
  if (label !== undefined) element.setAttribute('aria-label', label);
  if (text !== undefined) element.textContent = text;
  element.append(...children);
  return element;
}

/** Makes a button that submits no form. */
export function makeButton(attributes: Attributes, onClick?: () => void): HTMLButtonElement {
  const button = make('button', attributes);
  button.type = 'button';
  if (onClick !== undefined) button.addEventListener('click', onClick);
  return button;
}

/** The drawing of a cross. */
export const CLOSE_ICON = 'M6 6l12 12M18 6L6 18';

const SVG = 'http://www.w3.org/2000/svg';

/** A drawing on a ground of 24 by 24, in the colour of the text around it; what it means is said in words beside it. */
export function makeIcon(path: string): SVGSVGElement {
  const icon = document.createElementNS(SVG, 'svg');
  icon.setAttribute('viewBox', '0 0 24 24');
  icon.setAttribute('aria-hidden', 'true');
  const drawing = document.createElementNS(SVG, 'path');
  drawing.setAttribute('d', path);
  icon.append(drawing);
  return icon;
}

/** On a touch screen, focus in a field raises the keyboard over what is to be read. */
export function isTouchScreen(): boolean {
  return matchMedia('(pointer: coarse)').matches;
}

/** Tells whether the visitor prefers little motion on the screen. */
export function prefersReducedMotion(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
