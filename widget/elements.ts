/** The few ways in which this page touches the document. */

/** An element that the page's own HTML has; without it the page is broken and says so at once. */
export function requireElement<T extends Element>(root: ParentNode, selector: string, type: new () => T): T {
  const element = root.querySelector(selector);
  if (!(element instanceof type)) throw new Error(`The page has no ${selector}.`);
  return element;
}

/** A new element. Text becomes a text node, whatever it contains. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  { className, text }: { className?: string; text?: string },
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  if (className !== undefined) element.className = className;
  if (text !== undefined) element.textContent = text;
  element.append(...children);
  return element;
}
