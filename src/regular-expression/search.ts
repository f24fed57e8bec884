/**
 * Searches for regular expressions in time linear in the text, whatever the expression: it follows all ways at the same
 * time and never goes back (Thompson, "Regular Expression Search Algorithm", 1968).
 */
import { parse } from './parse.ts';
import { SyntaxFault, type Assertion, type CharacterSet, type Node } from './syntax.ts';

/** Maximum number of steps of a compiled expression. The time for a character of a text grows with it. */
export const MAX_STEPS = 10_000;

type Step =
  | { type: 'set'; set: CharacterSet; next: number }
  | { type: 'assertion'; assertion: Assertion; next: number }
  | { type: 'either'; next: number[] }
  | { type: 'found' };

/** The steps of an expression. They are made from the last to the first, so that the next step is always known. */
class Program {
  readonly steps: Step[] = [{ type: 'found' }];

  /** Adds the steps of a part that is followed by the step `next`, and returns the number of its first step. */
  add(node: Node, next: number): number {
    switch (node.type) {
      case 'set':
      case 'assertion':
        return this.#push({ ...node, next });
      case 'sequence':
        return node.parts.reduceRight((following, part) => this.add(part, following), next);
      case 'choice':
        return this.#push({ type: 'either', next: node.parts.map((part) => this.add(part, next)) });
      case 'repeat':
        return this.#repeat(node, next);
    }
  }

  #repeat({ part, min, max }: Node & { type: 'repeat' }, next: number): number {
    let first = next;
    if (max === null) {
      const loop: Step & { type: 'either' } = { type: 'either', next: [next] };
      first = this.#push(loop);
      loop.next.push(this.add(part, first));
    } else {
      for (let time = min; time < max; time++) {
        first = this.#push({ type: 'either', next: [next, this.add(part, first)] });
      }
    }
    for (let time = 0; time < min; time++) first = this.add(part, first);
    return first;
  }

  #push(step: Step): number {
    if (this.steps.length >= MAX_STEPS) throw new SyntaxFault('The expression has too many steps.');
    return this.steps.push(step) - 1;
  }
}

function isWordCharacter(character: string | undefined): boolean {
  return character !== undefined && /^\w$/.test(character);
}

/** Tells whether a condition holds between two characters. Each is undefined beyond the text. */
function holds(assertion: Assertion, before: string | undefined, after: string | undefined): boolean {
  switch (assertion) {
    case 'text-start':
      return before === undefined;
    case 'text-end':
      return after === undefined;
    case 'line-start':
      return before === undefined || before === '\n';
    case 'line-end':
      return after === undefined || after === '\n';
    case 'word-edge':
      return isWordCharacter(before) !== isWordCharacter(after);
    case 'no-word-edge':
      return isWordCharacter(before) === isWordCharacter(after);
  }
}

/** Tells whether an expression is found in a text. */
export type Search = (text: string) => boolean;

/**
 * Compiles a regular expression of the RE2 syntax. Throws `SyntaxFault` if it is none, or if it has more than
 * `MAX_STEPS` steps.
 */
export function compile(pattern: string): Search {
  const program = new Program();
  const start = program.add(parse(pattern), 0);
  const { steps } = program;
  return (text) => {
    const characters = Array.from(text);
    let waiting: (Step & { type: 'set' })[] = [];
    for (let position = 0; position <= characters.length; position++) {
      const before = characters[position - 1];
      const after = characters[position];
      const open = [start];
      if (before !== undefined) for (const { set, next } of waiting) if (set(before)) open.push(next);
      waiting = [];
      const seen = new Set<number>();
      for (let number = open.pop(); number !== undefined; number = open.pop()) {
        const step = steps[number];
        if (step === undefined || seen.has(number)) continue;
        seen.add(number);
        if (step.type === 'found') return true;
        if (step.type === 'set') waiting.push(step);
        else if (step.type === 'either') open.push(...step.next);
        else if (holds(step.assertion, before, after)) open.push(step.next);
      }
    }
    return false;
  };
}
