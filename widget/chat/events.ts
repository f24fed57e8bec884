/** What the widget tells the site around it: DOM events whose names begin with `amigo-`. */

export interface EventDetails {
  open: { conversation: string; resumed: boolean };
  message: { role: 'user' | 'agent' | 'event'; text: string; id: string | null };
  finish: { conversation: string };
  error: { code: string; status: number | null; message: string };
}

export type Emit = <Name extends keyof EventDetails>(name: Name, detail: EventDetails[Name]) => void;

/** Emits from an element. They bubble, and leave the shadow roots around it. */
export function emitterOf(element: EventTarget): Emit {
  return (name, detail) => {
    element.dispatchEvent(new CustomEvent(`amigo-${name}`, { detail, bubbles: true, composed: true }));
  };
}
