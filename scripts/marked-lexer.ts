/**
 * Bundles the lexer of `marked` without its parser and renderers, which would add 3 KiB of code that turns text into
 * HTML, to a widget that must not do so, and to a Worker that speaks Markdown. The package is one file of which nothing
 * can be left out, but its source map contains its modules: these are bundled instead. Parts that neither uses are cut
 * (another dialect, extensions, hooks), and for the widget those that it does not read.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

const NAMESPACE = 'marked';

/** Modules that are bundled. */
const MODULES = ['Lexer.ts', 'Tokenizer.ts', 'helpers.ts', 'rules.ts', 'defaults.ts'] as const;

/** Options that both set (widget/view/markdown.ts, src/speech/markdown.ts), and options that neither sets. */
const OPTIONS: readonly (readonly [option: string, value: string])[] = [
  ['gfm', 'true'],
  ['breaks', 'true'],
  ['pedantic', 'false'],
  ['silent', 'false'],
  ['extensions', 'null'],
  ['hooks', 'null'],
];

/** Parts that are cut from modules, by the module's name. */
type Cuts = Readonly<Record<string, readonly (readonly [found: RegExp, replacement: string])[]>>;

/** Parts that no option reaches, and uses of methods that are never replaced. */
const CUTS: Cuts = {
  'Lexer.ts': [
    [/block: block\.normal,\s+inline: inline\.normal,/, 'block: block.gfm, inline: inline.breaks,'],
    [/\n {4}if \(false\) \{\s+rules\.block = .*?\n {4}\}\n(?= {4}this\.tokenizer\.rules)/s, '\n'],
    [/\n {2}static get rules\(\) \{.*?\n {2}\}\n/s, '\n'],
    [/this\.options = options \|\| _defaults;/, 'this.options = options;'],
    [/\s+\|\| this\.tokenizer\.(?:emStrong|del) !== _Tokenizer\.prototype\.(?:emStrong|del)/g, ''],
    [/\s+&& this\.tokenizer\.paragraph === _Tokenizer\.prototype\.paragraph/, ''],
  ],
  'Tokenizer.ts': [[/this\.options = options \|\| _defaults;/, 'this.options = options;']],
  'rules.ts': [
    // All supported browsers have it, and so has the Worker.
    [/const supportsLookbehind = .*?\}\)\(\);\n/s, 'const supportsLookbehind = true;\n'],
    // From the constant to the blank line after it.
    [/\nconst \w*Pedantic\w*[:\s].*?\n(?=\n)/gs, '\n'],
    [/\n {2}(?:normal|pedantic): \w+,/g, ''],
    [/\n {2}gfm: inlineGfm,/, ''],
  ],
};

/** Parts that the widget does not read. */
const WIDGET_CUTS: Cuts = {
  'Lexer.ts': [[/\n {2}static lexInline<.*?\n {2}\}\n/s, '\n']],
  'Tokenizer.ts': [
    // A table is shown as its text, so its cells are not read.
    [/\n {4}const rows = cap\[3\].*?\n/, '\n'],
    [/\n {4}for \(const align of aligns\).*?\n {4}return item;/s, '\n    return item;'],
    // The box of a task is shown as its text, so it needs no token.
    [/\btask: .*?\.listIsTask\.test\(itemContents\),/, 'task: false,'],
    [/\n {6}for \(let i = 0; i < list\.items\.length; i\+\+\) \{.*?\n {6}\}\n/s, '\n'],
    [/\n {6}const queueStarts.*?\n|\n {8}queueStarts\.push.*?\n/g, '\n'],
  ],
};

/** Names of properties that only the modules themselves use, and no browser. They are long, and short in the bundle. */
const INTERNAL_NAMES = [
  '_backpedal',
  'anyPunctuation',
  'anyPunctuationOutsideCode',
  'autolink',
  'blockSkip',
  'blockTokens',
  'codespan',
  'delLDelim',
  'delRDelim',
  'emStrong',
  'emStrongLDelim',
  'emStrongRDelimAst',
  'emStrongRDelimUnd',
  'getRegex',
  'inLink',
  'inRawBlock',
  'infiniteLoopError',
  'inlineQueue',
  'inlineText',
  'inlineTokens',
  'lastPossibleDelCloserIndex',
  'lastPossibleEmStrongCloserIndex',
  'lastToken',
  'lexer',
  'lheading',
  'linkEmitted',
  'linkInText',
  'linkParenPossible',
  'maskedSrc',
  'nolink',
  'reflink',
  'reflinkSearch',
  'tokenizer',
];

interface SourceMap {
  sources: string[];
  sourcesContent: string[];
}

async function sources(): Promise<Map<string, string>> {
  const path = `${fileURLToPath(import.meta.resolve('marked'))}.map`;
  const map = JSON.parse(await readFile(path, 'utf8')) as SourceMap;
  return new Map(
    map.sources.map((name, index) => [name.replace(/^.*\//, ''), map.sourcesContent[index] ?? '']),
  );
}

/** Returns a module without the cut parts. Throws if a part to cut does not exist any more. */
function reduced(name: string, source: string, cuts: readonly Cuts[]): string {
  const settled = OPTIONS.reduce(
    (text, [option, value]) => text.replaceAll(new RegExp(`this\\.options\\.${option}\\b`, 'g'), value),
    source,
  );
  const all = cuts.flatMap((each) => each[name] ?? []);
  return all.reduce((text, [found, replacement]) => {
    if (text.search(found) === -1) throw new Error(`${name} of marked has no ${found.source}.`);
    return text.replace(found, replacement);
  }, settled);
}

/** Matches the table of rules that `marked` keeps apart from its grammar. */
const OTHER_RULES = /(?<=export const other = \{\n).*?(?=\n\};)/s;
const RULE = /^ {2}(\w+):/;

/** Returns the modules without the rules that no module mentions. */
function withoutUnusedRules(modules: Map<string, string>): Map<string, string> {
  const rules = modules.get('rules.ts') ?? '';
  const all = [...modules.values()].join('\n');
  const isUsed = (line: string) => {
    const [, name = ''] = RULE.exec(line) ?? [];
    return name === '' || all.includes(`other.${name}`);
  };
  const kept = rules.replace(OTHER_RULES, (table) => table.split('\n').filter(isUsed).join('\n'));
  return new Map(modules).set('rules.ts', kept);
}

/** Returns the modules by name, such as `Lexer.ts`. */
async function modules(cuts: readonly Cuts[]): Promise<Map<string, string>> {
  const all = await sources();
  return withoutUnusedRules(
    new Map(
      MODULES.map((name) => {
        const source = all.get(name);
        if (source === undefined) throw new Error(`The source map of marked has no ${name}.`);
        return [name, reduced(name, source, cuts)];
      }),
    ),
  );
}

const LEXER = `export { _Lexer as Lexer } from './Lexer.ts'`;

/** The lexer, whose module is evaluated when the first text is read: it makes a hundred regular expressions. */
const LATE_LEXER = `
  const lexer = () => require('./Lexer.ts')._Lexer;
  export const Lexer = {
    lex: (text, options) => lexer().lex(text, options),
    lexInline: (text, options) => lexer().lexInline(text, options),
  };
`;

/** Returns a plugin of esbuild that replaces `marked` by `entry`, and its modules by those without some parts. */
function lexerPlugin(entry: string, cuts: readonly Cuts[]): Plugin {
  return {
    name: 'marked-lexer',
    async setup(build) {
      const files = await modules(cuts);
      build.onResolve({ filter: /^marked$/ }, () => ({ path: 'lexer', namespace: NAMESPACE }));
      build.onResolve({ filter: /^\.\//, namespace: NAMESPACE }, ({ path }) => ({
        path: path.slice('./'.length),
        namespace: NAMESPACE,
      }));
      build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => {
        if (path === 'lexer') return { contents: entry, loader: 'ts' };
        const contents = files.get(path);
        if (contents === undefined) throw new Error(`The source map of marked has no ${path}.`);
        return { contents, loader: 'ts' };
      });
    },
  };
}

/** Plugin of esbuild that replaces `marked` by the lexer of the widget, which reads neither tables nor boxes of tasks. */
export const markedLexer = lexerPlugin(LEXER, [CUTS, WIDGET_CUTS]);

/** Plugin of esbuild that replaces `marked` by a lexer that returns the same tokens, for the options of both. */
export const wholeMarkedLexer = lexerPlugin(LATE_LEXER, [CUTS]);

/**
 * Returns a pattern of the names of marked's rules, which only its own modules use. They are long, and short in the
 * bundle. Throws if the sources have no table of rules.
 */
export async function markedRuleNames(): Promise<RegExp> {
  const [table = ''] = OTHER_RULES.exec((await modules([CUTS, WIDGET_CUTS])).get('rules.ts') ?? '') ?? [];
  const names = table.split('\n').flatMap((line) => RULE.exec(line)?.[1] ?? []);
  if (names.length === 0) throw new Error('The rules of marked are not where they were.');
  return new RegExp(`^(?:${[...names, ...INTERNAL_NAMES].join('|')})$`);
}

/** Returns the text of marked's licence, which every copy must carry. */
export function markedLicence(): Promise<string> {
  return readFile(join(dirname(fileURLToPath(import.meta.resolve('marked'))), '../LICENSE'), 'utf8');
}
