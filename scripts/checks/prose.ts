/**
 * Checks the sentences that people read: comments, strings, test titles and documents. It holds what a program can hold
 * of plain English (CONTRIBUTING.md, "Write plain English"), and that exported values carry a doc comment.
 */
import { Visitor, type Comment, type Expression, type Statement } from 'oxc-parser';
import { lineOf, type SourceFile } from './source-files.ts';
import type { Violation } from './violation.ts';

/** Pronouns that leave open who is meant. */
const VAGUE = /\b(?:nobody|no one|somebody|someone|anybody|anyone|who(?:so)?ever|whom(?:ever)?)\b/i;

/**
 * The same pronouns in strings, without the object form: the texts of a conversation and of a licence use it for a
 * person that they name.
 */
const VAGUE_IN_STRINGS = /\b(?:nobody|no one|somebody|someone|anybody|anyone|who(?:so)?ever)\b/i;

/** A doc comment that begins like a question has to be turned into a statement by its reader. */
const QUESTION_OPENING = /^(?:What|Whether|Who|Whose|Where|Why|How|If)\b/;

/** Openings of a title that is no sentence, neither alone nor behind the title of its group. */
const TITLE_OPENING = /^(?:of|that|what|whether|who|whose|where|why|how|if|which|because|than)\b/i;

/** The least share of exported values that carry a doc comment. */
export const LEAST_DOCUMENTED = 0.9;

/** Returns the text of a block comment without its frame. */
function proseOf({ value }: Comment): string {
  return value
    .split('\n')
    .map((line) => line.replace(/^\s*\*\s?/, ''))
    .join('\n')
    .trim();
}

function isDocComment({ type, value }: Comment): boolean {
  return type === 'Block' && value.startsWith('*');
}

/** Returns a sentence about a pronoun in `text` that leaves open who is meant, or null. */
function vagueMessage(kind: string, text: string, pattern = VAGUE): string | null {
  const match = pattern.exec(text);
  return match === null ? null : `the ${kind} says "${match[0]}": name the user, caller, client or operator`;
}

function violation(file: SourceFile, start: number, message: string): Violation {
  return { rule: 'prose', path: file.path, line: lineOf(file.text, start), message };
}

/** Returns the comments that say neither who is meant nor what the code is. */
export function commentViolations(file: SourceFile): Violation[] {
  return file.comments.flatMap((comment) => {
    const prose = proseOf(comment);
    const vague = vagueMessage('comment', prose);
    const opening = isDocComment(comment) ? QUESTION_OPENING.exec(prose) : null;
    return [
      ...(vague === null ? [] : [vague]),
      ...(opening === null
        ? []
        : [`the doc comment begins with "${opening[0]}": begin with a verb or a noun that names the code`]),
    ].map((message) => violation(file, comment.start, message));
  });
}

/** Returns the texts in quotes that have spaces, so are sentences: answers, problem details, prompts, log lines. */
export function stringViolations(file: SourceFile): Violation[] {
  const found: Violation[] = [];
  const note = (text: string, start: number) => {
    // Words that are compared with what a user says stand in patterns of alternatives.
    if (!text.includes(' ') || text.includes('|')) return;
    const vague = vagueMessage('string', text, VAGUE_IN_STRINGS);
    if (vague !== null) found.push(violation(file, start, vague));
  };
  new Visitor({
    Literal: (node) => {
      if (typeof node.value === 'string') note(node.value, node.start);
    },
    TemplateElement: (node) => note(node.value.cooked ?? '', node.start),
  }).visit(file.program);
  return found;
}

/** Returns the function that a call names: `it` of `it.each(rows)('…')` and of `it('…')`. */
function calledName(callee: Expression): string | null {
  if (callee.type === 'Identifier') return callee.name;
  if (callee.type === 'CallExpression') return calledName(callee.callee);
  if (callee.type === 'TaggedTemplateExpression') return calledName(callee.tag);
  return callee.type === 'MemberExpression' ? calledName(callee.object) : null;
}

/** Returns the text of a string or template, with `…` in place of each expression, or null. */
function textOf(node: { type: string } | undefined): string | null {
  const { type, value, quasis } = (node ?? {}) as {
    type?: string;
    value?: unknown;
    quasis?: { value: { cooked: string | null } }[];
  };
  if (type === 'Literal') return typeof value === 'string' ? value : null;
  return quasis?.map((part) => part.value.cooked ?? '').join('…') ?? null;
}

function titleMessages(called: string, title: string): string[] {
  const vague = vagueMessage('title', title);
  const opening = called === 'describe' ? null : TITLE_OPENING.exec(title);
  return [
    ...(vague === null ? [] : [vague]),
    ...(opening === null ? [] : [`the title begins with "${opening[0]}": write a sentence about behaviour`]),
    ...(called !== 'describe' && title.trim().split(/\s+/).length < 2
      ? ['the title is no sentence about behaviour']
      : []),
  ];
}

/** Returns the titles of tests that are no sentences about behaviour, and those of tests and groups with a vague pronoun. */
export function titleViolations(file: SourceFile): Violation[] {
  const found: Violation[] = [];
  new Visitor({
    CallExpression: ({ callee, arguments: [first] }) => {
      const called = calledName(callee);
      const title = textOf(first);
      if (title === null || (called !== 'it' && called !== 'test' && called !== 'describe')) return;
      found.push(
        ...titleMessages(called, title).map((message) => violation(file, first?.start ?? 0, message)),
      );
    },
  }).visit(file.program);
  return found;
}

/** Returns the lines of a document or another text file that have a vague pronoun. */
export function documentViolations(path: string, text: string): Violation[] {
  return text.split('\n').flatMap((line, index) => {
    const message = vagueMessage('document', line);
    return message === null ? [] : [{ rule: 'prose' as const, path, line: index + 1, message }];
  });
}

/** An exported function, class, value or type. */
export interface ExportedValue {
  path: string;
  line: number;
  documented: boolean;
}

function isExport(statement: Statement): boolean {
  return statement.type === 'ExportNamedDeclaration'
    ? statement.declaration !== null
    : statement.type === 'ExportDefaultDeclaration';
}

/** Tells whether the type at `start` is inferred from a schema: the schema has the comment. */
function isInferredType(text: string, start: number): boolean {
  return /^export type \w+ = z\.(?:infer|output|input)</.test(text.slice(start, start + 200));
}

/** Returns what a file exports by declaration, without types that are inferred from a schema. */
export function exportedValues({ path, text, program, comments }: SourceFile): ExportedValue[] {
  const documentedAt = new Set(
    comments.filter(isDocComment).map(({ end }) => end + (/^\s*/.exec(text.slice(end))?.[0].length ?? 0)),
  );
  return (program.body as Statement[])
    .filter((statement) => isExport(statement) && !isInferredType(text, statement.start))
    .map(({ start }) => ({ path, line: lineOf(text, start), documented: documentedAt.has(start) }));
}
