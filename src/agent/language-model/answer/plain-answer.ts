/** Whole answers to questions that are no choice of an action state: JSON, words or a decision. Pure. */
import type { WrittenCall } from './calls-in-text.ts';
import { jsonEnd, mended, readChoice } from './choice-json.ts';
import { controlLine } from './control-line.ts';
import { kindNamed } from './choice-words.ts';
import { choiceOf, type WrittenChoice } from './options.ts';
import { TagFilter } from './tag-filter.ts';
import { finalChannel, readWhole } from './whole-answer.ts';

/** An answer without reasoning and special tokens, and the tool calls that stood in it. */
export interface PlainAnswer {
  text: string;
  calls: WrittenCall[];
  /** The first choice that stood in a tag; null for none. */
  choice: WrittenChoice | null;
}

/** Takes the reasoning, the special tokens and the tool calls out of an answer. */
export function plainAnswer(answer: string): PlainAnswer {
  const filter = new TagFilter();
  const plain: PlainAnswer = { text: '', calls: [], choice: null };
  for (const segment of [...filter.push(answer), ...filter.end()]) {
    if (segment.type === 'text') plain.text += segment.text;
    else if (segment.type === 'call') plain.calls.push({ name: segment.name, input: segment.input });
    else if (segment.type === 'choice')
      plain.choice ??= { kind: kindNamed(segment.kind), value: segment.value };
    else if (segment.type === 'reset') plain.text = '';
  }
  return { ...plain, text: finalChannel(plain.text).trim() };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Returns the first JSON object in a text, also one with the errors of weak models; undefined when there is none. */
function objectIn(text: string): unknown {
  const start = text.indexOf('{');
  if (start === -1) return undefined;
  const object = text.slice(start, jsonEnd(text, start) ?? undefined);
  return parsed(object) ?? mended(object);
}

/**
 * Returns the JSON object of an answer; undefined when there is none. Its texts stay as they are: tags are taken out of
 * the answer only when nothing but reasoning, at most, stands around the object as it came.
 */
export function answeredJson(answer: string): unknown {
  const end = answer.lastIndexOf('</think>');
  const behind = (end === -1 ? answer : answer.slice(end + '</think>'.length)).trim();
  const alone = behind.startsWith('{') ? parsed(behind) : undefined;
  return alone ?? objectIn(plainAnswer(answer).text) ?? objectIn(behind);
}

/** Returns the choice in the object that an answer begins with; null for any other answer. */
function choiceAhead(text: string): WrittenChoice | null {
  const end = text.startsWith('{') ? jsonEnd(text, 0) : null;
  return end === null ? null : (readChoice(text.slice(0, end))?.choice ?? null);
}

/** Returns the choice that a short answer is: "Option 1.", "1". */
function shortChoice(answer: string, exits: readonly string[]): WrittenChoice | null {
  const [line = '', ...more] = answer.split('\n').filter((each) => each.trim() !== '');
  return more.length > 0 ? null : (controlLine(line, { actions: exits, exits })?.choice ?? null);
}

/** Returns the index of the exit that an answer names in words, by its number or its description; null for none. */
export function answeredExit(answer: string, exits: readonly string[]): number | null {
  const { text, choice: tagged } = plainAnswer(answer);
  const options = { actions: [], exits };
  const choice =
    tagged ?? choiceAhead(text) ?? readWhole(text, '', options)?.choice ?? shortChoice(text, exits);
  const made = choice === null ? null : choiceOf({ ...choice, kind: choice.kind ?? 'exit' }, options);
  return made?.kind === 'exit' ? made.index : null;
}
