/** An answer that does not begin with its choice, read once it is whole. Pure. */
import { readChoice } from './choice-json.ts';
import { announcedChoice, orderedChoice, ownChoice } from './choice-sentence.ts';
import { controlLine, MAX_CONTROL_LENGTH } from './control-line.ts';
import { isDeliberation } from './deliberation.ts';
import { kindNamed } from './choice-words.ts';
import { choiceOf, type Options, type WrittenChoice } from './options.ts';

/** The choice and the message of an answer. `choice` is null where the answer names none. */
export interface WholeAnswer {
  choice: WrittenChoice | null;
  message: string;
}

/** A choice and where it stands. */
interface Found {
  start: number;
  end: number;
  choice: WrittenChoice;
  said: string;
}

const OBJECT = /\{[^{}]{1,300}\}/g;
/** More choices than this are no answer. */
const MAX_FOUND = 100;

/** The end of a sentence on its line, with more lines behind it. */
const SENTENCE_END = /^[^\S\n]\p{Ll}[^\n]{0,60}(?=\n\s*\S)/u;

/** Returns how many units of a sentence stand behind the choice in it: "I'd go with {…} here." */
function restOfSentence(text: string, start: number, end: number): number {
  const before = text.slice(text.lastIndexOf('\n', start) + 1, start).trimEnd();
  if (!/[\p{L},]$/u.test(before)) return 0;
  return SENTENCE_END.exec(text.slice(end, end + MAX_CONTROL_LENGTH))?.[0].length ?? 0;
}

function objectsIn(text: string): Found[] {
  const found: Found[] = [];
  for (const match of text.matchAll(OBJECT)) {
    if (found.length >= MAX_FOUND) break;
    if (!/action|exit|choice/i.test(match[0])) continue;
    const read = readChoice(match[0]);
    if (read?.choice?.kind == null) continue;
    const end = match.index + match[0].length;
    found.push({
      start: match.index,
      end: end + restOfSentence(text, match.index, end),
      choice: read.choice,
      said: read.said,
    });
  }
  return found;
}

function linesIn(text: string, options: Options): Found[] {
  const found: Found[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const end = start + line.length;
    const control =
      line.length > MAX_CONTROL_LENGTH || line.includes('{') ? null : controlLine(line, options);
    const isSure =
      control !== null && control.choice.kind !== null && choiceOf(control.choice, options) !== null;
    if (isSure && found.length < MAX_FOUND) {
      found.push({ start, end: end - control.rest.length, choice: control.choice, said: '' });
    }
    const own = control === null ? ownChoice(line) : null;
    if (own !== null && choiceOf(own, options) !== null && found.length < MAX_FOUND) {
      found.push({ start, end, choice: own, said: '' });
    }
    start = end + 1;
  }
  return found;
}

/** Returns the text behind each choice, up to the next choice. */
function behindEach(text: string, found: readonly Found[]): string[] {
  return found.map(({ end }, index) => bare(text.slice(end, found[index + 1]?.start ?? text.length)));
}

/** A part of an answer without the fences and signs that belong to the choices beside it. */
function bare(text: string): string {
  return text
    .replace(/^[`*_"'”)\]]{1,6}(?=\s|$)/, '')
    .trim()
    .replace(/^`{3}/, '')
    .replace(/`{3}\w{0,20}$/, '')
    .replace(/\n[`*_~"'([]{1,4}$/, '')
    .trim();
}

/** Signs of a line that holds nothing else, and of a label. */
const SIGNS = /[\s*_#>:：-]/g;
/** The label of a choice, without its signs: "**My choice:**". */
const LABEL_LINE = /^(?:my|the|your)?(?:choice|decision|action|exit|selection|json)?$/i;
/** The most lines of a label, and the longest one, in UTF-16 units. */
const MAX_LABEL_LINES = 3;
const MAX_LABEL_LENGTH = 40;

/** Returns a text without the label of the choice that follows it. */
function withoutLabel(text: string): string {
  let rest = text;
  for (let count = 0; count < MAX_LABEL_LINES; count += 1) {
    const end = rest.lastIndexOf('\n');
    const last = rest.slice(end + 1);
    if (end === -1 || last.length > MAX_LABEL_LENGTH || !LABEL_LINE.test(last.replaceAll(SIGNS, ''))) break;
    rest = rest.slice(0, end).trimEnd();
  }
  return rest;
}

/** Returns the choice that counts, and its message. */
function decided(text: string, found: readonly Found[]): WholeAnswer {
  const behind = behindEach(text, found);
  const last = found.at(-1);
  const spoken = found.findLastIndex(
    ({ choice, said }, index) => choice.kind === 'action' && (said !== '' || behind[index] !== ''),
  );
  const one = found[spoken];
  if (one !== undefined && (last?.choice.kind !== 'exit' || behind[found.length - 1] === '')) {
    if (last?.choice.kind === 'exit' && isDeliberation(behind[spoken] ?? ''))
      return { choice: last.choice, message: '' };
    return { choice: one.choice, message: one.said || (behind[spoken] ?? '') };
  }
  if (last === undefined) return { choice: null, message: text };
  if (last.choice.kind === 'exit') return { choice: last.choice, message: '' };
  const before = withoutLabel(bare(text.slice(0, found[0]?.start ?? 0)));
  return { choice: last.choice, message: isDecoration(before) || isDeliberation(before) ? '' : before };
}

/** Drops a fence at the begin that no other closes: it belonged to something that was dropped. */
function withoutLoneFence(text: string): string {
  return /^`{3}[^`]*$/.test(text) ? text.slice(3).trim() : text;
}

/** Returns the final channel of gpt-oss without its special tokens: "analysis… assistantfinal…". */
export function finalChannel(text: string): string {
  if (!/^\s*(?:analysis|commentary)/.test(text)) return text;
  const start = text.lastIndexOf('assistantfinal');
  return start === -1 ? text : text.slice(start + 'assistantfinal'.length);
}

/** Returns the message and the choice that stands in parentheses behind it: "Open at nine. (Action 1)". */
function inParentheses(text: string): { choice: WrittenChoice; message: string } | null {
  const end = text.slice(-30);
  const [remark, kind = '', value = ''] =
    /\s?[([](action|exit)[\s:#]{1,3}(\d{1,4})[)\]]\.?$/i.exec(end) ?? [];
  if (remark === undefined) return null;
  return { choice: { kind: kindNamed(kind), value }, message: text.slice(0, text.length - remark.length) };
}

/**
 * Reads a whole answer. `unended` is reasoning that never ended: a choice in it, with a message behind it, is better
 * than none. Null when there is nothing to say.
 */
export function readWhole(answer: string, unended: string, options: Options): WholeAnswer | null {
  const text = withoutLoneFence(finalChannel(answer).trim());
  if (text === '') return inReasoning(unended, options);
  const found = [...objectsIn(text), ...linesIn(text, options)].sort((a, b) => a.start - b.start);
  if (found.length > 0) return decided(text, found);
  const remarked = inParentheses(text);
  if (remarked !== null && choiceOf(remarked.choice, options) !== null) return remarked;
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const announced =
    (lines.length === 1 ? orderedChoice(lines[0] ?? '') : null) ??
    announcedChoice((lines.at(-1) ?? '').slice(0, MAX_CONTROL_LENGTH));
  if (announced !== null && choiceOf(announced, options) !== null) return { choice: announced, message: '' };
  return { choice: null, message: text };
}

function isDecoration(text: string): boolean {
  return text.length < 10 && /^[\s`*_>#~–—-]*$/.test(text);
}

/** Reasoning that opens once more where it should be closed: "<think>They ask.<think>{…}". */
const REOPENED = /<(?:think|thinking|thought|reasoning)>/gi;

function inReasoning(whole: string, options: Options): WholeAnswer | null {
  const again = [...whole.matchAll(REOPENED)].at(-1);
  const text = again === undefined ? whole : whole.slice(again.index + again[0].length);
  if (again !== undefined) {
    const read = readWhole(text, '', options);
    if (read?.choice != null && choiceOf(read.choice, options) !== null) return read;
  }
  const found = objectsIn(text).filter(({ start, end }) => {
    const [behind = ''] = text.slice(end, end + MAX_CONTROL_LENGTH).split('\n');
    const before = text.slice(text.lastIndexOf('\n', start) + 1, start);
    return isDecoration(before) && isDecoration(behind);
  });
  const last = found.at(-1);
  if (last === undefined || choiceOf(last.choice, options) === null) return null;
  const message = bare(text.slice(last.end));
  return last.choice.kind === 'action' && message === '' ? null : { choice: last.choice, message };
}
