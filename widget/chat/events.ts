/** The messages of the widget to the site around it: DOM events whose names begin with `amigo-`. */

import type { AmigoChatEventDetails } from '../types/amigo-chat.d.ts';

/** The details of the events, by their names without the prefix. */
export type EventDetails = {
  [
    Name in keyof AmigoChatEventDetails as Name extends `amigo-${infer Rest}` ? Rest : never
  ]: AmigoChatEventDetails[Name];
};

/** Emits an event by its name without the prefix. */
export type Emit = <Name extends keyof EventDetails>(name: Name, detail: EventDetails[Name]) => void;

/** Emits from an element. They bubble, and leave the shadow roots around it. */
export function emitterOf(element: EventTarget): Emit {
  return (name, detail) => {
    element.dispatchEvent(new CustomEvent(`amigo-${name}`, { detail, bubbles: true, composed: true }));
  };
}
