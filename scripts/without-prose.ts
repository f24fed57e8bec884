/**
 * Takes out of the Worker what only the OpenAPI document needs, which the Worker serves as a file and never renders: the
 * metadata of schemas, what operations and their answers say about themselves, and the schemas of answers.
 */
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';
import { parseSync, Visitor, type Node, type Program } from 'oxc-parser';

/** The folders whose sources have such prose. */
const SOURCES = /[\\/]src[\\/](?:api|contract|registry|workbench)[\\/].*\.ts$/;

/** The folders in which a constant text under one of `PROSE_KEYS` is prose of the document. */
const DECLARATIONS = /[\\/]src[\\/](?:api|contract)[\\/]/;
const PROSE_KEYS: ReadonlySet<string> = new Set([
  'description',
  'effect',
  'orExisting',
  'orNothing',
  'summary',
]);

/** Folder of the wire vocabulary. The constants of its modules are schemas, and making one has no effect. */
const CONTRACT = /[\\/]src[\\/]contract[\\/]/;
const PURE = '/* @__PURE__ */ ';

/** Properties of an operation with schemas that only the document shows. */
const DOCUMENTED: ReadonlySet<string> = new Set(['documentedBody', 'documentedJson']);
/** Media types of answers. Their schemas type what an operation answers, which the compiler checks. */
const ANSWERED: ReadonlySet<unknown> = new Set([
  'application/json',
  'application/x-ndjson',
  'text/event-stream',
]);

/** Function of the workbench that declares an endpoint. */
const ENDPOINT = 'endpoint';

/** Methods of schemas that return the same schema with metadata. */
const METADATA: ReadonlySet<string> = new Set(['describe', 'meta']);

/** Replacement of a part of a source. */
interface Change {
  start: number;
  end: number;
  replacement: string;
}

/** Tells whether an expression is a text that the source itself contains. */
function isConstantText(expression: Node): boolean {
  if (expression.type === 'Literal') return typeof expression.value === 'string';
  if (expression.type === 'TemplateLiteral') return true;
  if (expression.type !== 'BinaryExpression' || expression.operator !== '+') return false;
  return isConstantText(expression.left) && isConstantText(expression.right);
}

/** Tells whether an object of properties is the content of an answer: a media type and its schema. */
function isAnswered(properties: readonly Node[]): boolean {
  return properties.some(
    (each) =>
      each.type === 'Property' &&
      each.key.type === 'Identifier' &&
      each.key.name === 'type' &&
      each.value.type === 'Literal' &&
      ANSWERED.has(each.value.value),
  );
}

/** Returns the schemas of a source that only the document shows. */
function documentedIn(program: Program): Change[] {
  const changes: Change[] = [];
  const leaveOut = ({ start, end }: Node) => changes.push({ start, end, replacement: 'undefined' });
  new Visitor({
    ObjectExpression({ properties }) {
      const answered = isAnswered(properties);
      for (const each of properties) {
        if (each.type !== 'Property' || each.key.type !== 'Identifier') continue;
        if (DOCUMENTED.has(each.key.name) || (answered && each.key.name === 'schema')) leaveOut(each.value);
      }
    },
  }).visit(program);
  return changes;
}

/** Returns the schema that an endpoint of the workbench declares for its answer. */
function answerIn(declaration: Node | undefined): Change[] {
  if (declaration?.type !== 'ObjectExpression') return [];
  return declaration.properties.flatMap((each) =>
    each.type === 'Property' && each.key.type === 'Identifier' && each.key.name === 'answer'
      ? [{ start: each.value.start, end: each.value.end, replacement: 'undefined' }]
      : [],
  );
}

/** Finds out whether a constant makes something when its module is evaluated. */
function makesSomething(program: Program, value: Node): boolean {
  let functions = 0;
  let calls = 0;
  const enter = () => void (functions += 1);
  const leave = () => void (functions -= 1);
  new Visitor({
    ArrowFunctionExpression: enter,
    'ArrowFunctionExpression:exit': leave,
    CallExpression: () => void (calls += functions === 0 ? 1 : 0),
  }).visit({ ...program, body: [{ type: 'ExpressionStatement', expression: value } as never] });
  return calls > 0;
}

/**
 * Returns the beginnings and ends of functions around the constants of a module, whose calls have no effect, so that the
 * bundler leaves out constants that are not used. A mark of the calls inside would not do: a constant with `...` stays.
 */
function pureConstantsIn(program: Program): Change[] {
  return program.body
    .map((statement) => (statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement))
    .flatMap((statement) => (statement?.type === 'VariableDeclaration' ? statement.declarations : []))
    .flatMap(({ init }) =>
      init === null || !makesSomething(program, init)
        ? []
        : [
            { start: init.start, end: init.start, replacement: `${PURE}(() => (` },
            { start: init.end, end: init.end, replacement: '))()' },
          ],
    );
}

/**
 * Returns the parts of a source that are prose or schemas of the document, from its first to its last. None contains
 * another.
 */
export function proseIn(path: string, source: string): Change[] {
  const { program, errors } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`${path} cannot be parsed.`);
  const changes: Change[] = [
    ...(DECLARATIONS.test(path) ? documentedIn(program) : []),
    ...(CONTRACT.test(path) ? pureConstantsIn(program) : []),
  ];
  new Visitor({
    CallExpression({ callee, arguments: given, end }) {
      if (callee.type === 'Identifier' && callee.name === ENDPOINT) changes.push(...answerIn(given[0]));
      if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return;
      // Without an argument, `meta` returns the metadata.
      if (given.length === 0 || !METADATA.has(callee.property.name)) return;
      changes.push({ start: callee.object.end, end, replacement: '' });
    },
    Property({ key, value }) {
      if (!DECLARATIONS.test(path) || key.type !== 'Identifier' || !PROSE_KEYS.has(key.name)) return;
      if (isConstantText(value)) changes.push({ start: value.start, end: value.end, replacement: "''" });
    },
  }).visit(program);
  // An insertion at the edge of another part stays.
  const isInside = (inner: Change, outer: Change) =>
    inner.start === inner.end
      ? outer.start < inner.start && inner.end < outer.end
      : outer.start <= inner.start && inner.end <= outer.end;
  const outermost = changes.filter(
    (each) =>
      !changes.some((other) => each.end - each.start < other.end - other.start && isInside(each, other)),
  );
  return outermost.sort((a, b) => a.start - b.start);
}

/** Returns a source without its prose. Lines stay where they are, so that stacks name them rightly. */
export function withoutProse(path: string, source: string): string {
  let result = '';
  let position = 0;
  for (const { start, end, replacement } of proseIn(path, source)) {
    result += source.slice(position, start) + replacement + source.slice(start, end).replaceAll(/[^\n]/g, '');
    position = end;
  }
  return result + source.slice(position);
}

/** The modules with which zod renders JSON Schema. Every schema refers to them. */
const ZOD_RENDERER = /[\\/]zod[\\/]v4[\\/]core[\\/](?:json-schema-processors|to-json-schema)\.js$/;
const EXPORTED = /^export (?:const|function) (\w+)/gm;

/** Returns a module with the same exports, which cannot render. Throws if the module has no exports. */
export function withoutRendering(source: string): string {
  const names = [...source.matchAll(EXPORTED)].map(([, name = '']) => name);
  if (names.length === 0) throw new Error('A module of zod that renders JSON Schema has no exports.');
  const exported = names.map((name) => `export const ${name} = none;`).join('\n');
  return `const none = () => { throw new Error('This bundle renders no JSON Schema.'); };\n${exported}\n`;
}

/** Plugin of esbuild that bundles the sources without their prose, and zod without the code that renders it. */
export const withoutProsePlugin: Plugin = {
  name: 'without-prose',
  setup(build) {
    build.onLoad({ filter: SOURCES }, async ({ path }) => ({
      contents: withoutProse(path, await readFile(path, 'utf8')),
      loader: 'ts',
    }));
    build.onLoad({ filter: ZOD_RENDERER }, async ({ path }) => ({
      contents: withoutRendering(await readFile(path, 'utf8')),
    }));
  },
};
