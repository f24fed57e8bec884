/** The checks of `npm run check` on imports and on prose find every form of what they forbid. */
import { describe, expect, it } from 'vitest';
import { functionsOf } from '../../scripts/checks/figures.ts';
import {
  arrowViolations,
  cycleViolations,
  fanOutViolations,
  purityViolations,
} from '../../scripts/checks/imports.ts';
import { namingViolations } from '../../scripts/checks/objects.ts';
import {
  commentViolations,
  documentViolations,
  exportedValues,
  stringViolations,
  titleViolations,
} from '../../scripts/checks/prose.ts';
import { parseFile } from '../../scripts/checks/source-files.ts';
import { violationText } from '../../scripts/checks/violation.ts';

describe('the check of objects', () => {
  it.each([
    ['by its name', 'env.MEMORY.getByName("name");'],
    ['by an identifier', 'env.MEMORY.get(env.MEMORY.idFromName("name"));'],
    ['by a method under a text', 'env.MEMORY["getByName"]("name");'],
    ['by a method that is taken off', 'const { newUniqueId: make } = env.MEMORY;'],
    ['of a bucket', 'await env.AUDIO.get(key);'],
    ['of the bucket of a jurisdiction', 'const { AUDIO_EU } = env;'],
  ])('refuses a name %s past the file of names', (_form, text) => {
    expect(namingViolations(parseFile('src/edge/a.ts', `\n${text}\n`))).toMatchObject([{ line: 2 }]);
    expect(namingViolations(parseFile('src/objects.ts', text))).toEqual([]);
    expect(namingViolations(parseFile('test/edge/a.test.ts', text))).toEqual([]);
  });
});

describe('the check of imports', () => {
  it.each([
    ['of a value', `import { run } from '../api/run.ts';`],
    ['of a type', `import type { Run } from '../api/run.ts';`],
    ['for side effects alone', `import '../api/run.ts';`],
    ['at run time', `const run = await import('../api/run.ts');`],
    ['inside a type', `type Run = import('../api/run.ts').Run;`],
    ['of everything again', `export * from '../api/run.ts';`],
    ['of one name again', `export { run } from '../api/run.ts';`],
    ['in the old form', `import run = require('../api/run.ts');`],
  ])('refuses an import %s where no arrow allows it', (_form, text) => {
    const [violation, ...more] = arrowViolations([parseFile('src/agent/walk.ts', `\n${text}\n`)]);
    expect(violation && violationText(violation)).toBe(
      'src/agent/walk.ts:2: src/agent must not import src/api (../api/run.ts)',
    );
    expect(more).toEqual([]);
  });

  it.each([
    ['a room inside another', 'src/agent/embedded/a.ts', '../language-model/b.ts'],
    ['the room that contains it', 'src/agent/a.ts', './embedded/b.ts'],
    ['what is bound, into a pure room', 'src/access/a.ts', '../bindings.ts'],
    ['the server, into a page', 'workbench/a.ts', '../src/conversation/b.ts'],
    ['the server, into the widget', 'widget/chat/a.ts', '../../src/edge/b.ts'],
    ['a script, into the server', 'src/edge/a.ts', '../../scripts/b.ts'],
    ['a room, into the foundation', 'src/text.ts', './registry/b.ts'],
    ['a room, into the contract', 'src/contract/a.ts', '../registry/b.ts'],
    ['a package besides zod, into the contract', 'src/contract/a.ts', 're2js'],
    ['a test', 'src/edge/a.ts', '../../test/b.ts'],
  ])('refuses %s', (_name, path, specifier) => {
    expect(arrowViolations([parseFile(path, `import type { B } from '${specifier}';`)])).toHaveLength(1);
  });

  it.each([
    ['its own room', 'src/agent/a.ts', './states/b.ts'],
    ['the foundation', 'src/agent/embedded/a.ts', '../../text.ts'],
    ['a package', 'src/agent/a.ts', 'zod'],
    ['zod, in the contract', 'src/contract/a.ts', 'zod'],
    ['the contract', 'src/edge/a.ts', '../contract/b.ts'],
    ['a style', 'widget/view/a.ts', '../styles/b.css'],
  ])('allows %s', (_name, path, specifier) => {
    expect(arrowViolations([parseFile(path, `import '${specifier}';`)])).toEqual([]);
  });

  it('refuses a dynamic import whose module it cannot read', () => {
    expect(arrowViolations([parseFile('src/edge/a.ts', 'await import(name);')])).toHaveLength(1);
  });

  it('refuses a file that is in no room', () => {
    expect(arrowViolations([parseFile('src/new/a.ts', `import '../text.ts';`)])).toHaveLength(1);
  });

  it('does not take a comment or a string for an import', () => {
    const text = `// import '../api/a.ts';\nconst text = "import '../api/a.ts'";`;
    expect(arrowViolations([parseFile('src/agent/a.ts', text)])).toEqual([]);
  });

  it('refuses a pure room that reaches the platform through another file', () => {
    const files = [
      parseFile('src/agent/a.ts', `import type { B } from '../registry/b.ts';`),
      parseFile('src/registry/b.ts', `import './c.ts';`),
      parseFile('src/registry/c.ts', `import { env } from 'cloudflare:workers';`),
    ];
    expect(purityViolations(files).map(({ message }) => message)).toEqual([
      'a pure room must not reach the platform: src/agent/a.ts → src/registry/b.ts → src/registry/c.ts → cloudflare:workers',
    ]);
    expect(purityViolations(files.slice(1))).toEqual([]);
  });

  it('finds each circle once, of types too, and no circle where the ways only meet', () => {
    const file = (name: string, ...imports: string[]) =>
      parseFile(`src/edge/${name}.ts`, imports.map((to) => `import type {} from './${to}.ts';`).join('\n'));
    const circles = cycleViolations([
      file('a', 'b'),
      file('b', 'c'),
      file('c', 'a'),
      file('d', 'a', 'e'),
      file('e', 'f'),
      file('f', 'e'),
      file('g', 'a', 'd'),
    ]);
    expect(circles.map(({ message }) => message.split(': ')[1]?.replaceAll('src/edge/', ''))).toEqual([
      'a.ts, b.ts, c.ts',
      'e.ts, f.ts',
    ]);
  });

  it('refuses the 16th import of a file, and counts a file that is imported twice once', () => {
    const imports = (count: number) =>
      Array.from({ length: count }, (_, index) => `import './${index}.ts';`).join('');
    const twice = `${imports(15)}import type { A } from './0.ts';`;
    expect(fanOutViolations([parseFile('src/edge/a.ts', twice)])).toEqual([]);
    expect(fanOutViolations([parseFile('src/edge/a.ts', imports(16))])).toHaveLength(1);
  });
});

describe('the check of prose', () => {
  const comments = (text: string) => commentViolations(parseFile('src/a.ts', text));
  const titles = (text: string) => titleViolations(parseFile('test/a.test.ts', text));

  it.each(['nobody', 'Whoever', 'somebody', 'anyone', 'no one', 'whom'])(
    'refuses "%s" in every place',
    (word) => {
      expect(comments(`// Sent to ${word} else.`)).toHaveLength(1);
      expect(comments(`/* Sent to ${word} else. */`)).toHaveLength(1);
      // Strings may have this relative pronoun: a conversation and a licence name the person.
      const inStrings = word === 'whom' ? 0 : 1;
      expect(stringViolations(parseFile('src/a.ts', `f('Sent to ${word} else.')`))).toHaveLength(inStrings);
      expect(stringViolations(parseFile('src/a.ts', `f(\`\${a} to ${word} else.\`)`))).toHaveLength(
        inStrings,
      );
      expect(titles(`it('is sent to ${word} else', () => {});`)).toHaveLength(1);
      expect(documentViolations('docs/a.md', `# A\n\nSent to ${word} else.`)).toEqual([
        expect.objectContaining({ path: 'docs/a.md', line: 3 }),
      ]);
    },
  );

  it('takes words that only contain one of them', () => {
    expect(comments('// whomsoeverish nobodyness')).toEqual([]);
  });

  it.each(['What', 'Whether', 'Who', 'Where', 'How', 'If'])(
    'refuses a doc comment that begins with "%s", and no other comment',
    (word) => {
      expect(comments(`/** ${word} is sent. */\nconst a = 1;`)).toHaveLength(1);
      expect(comments(`/**\n * ${word} is sent.\n */\nconst a = 1;`)).toHaveLength(1);
      expect(comments(`// ${word} is sent.`)).toEqual([]);
      expect(comments(`/** Tells ${word.toLowerCase()} it is sent. */`)).toEqual([]);
    },
  );

  it('refuses titles that are no sentences, of every form of test', () => {
    expect(titles(`it('of a user', () => {});`)).toHaveLength(1);
    expect(titles(`it.each([1])('what %s means', () => {});`)).toHaveLength(1);
    expect(titles(`test.each\`a\`('whose name', () => {});`)).toHaveLength(1);
    expect(titles('it.skip(`that ${a} is sent`, () => {});')).toHaveLength(1);
    expect(titles(`it('numbers', () => {});`)).toHaveLength(1);
    expect(titles(`describe('numbers', () => { it('are read', () => {}); });`)).toEqual([]);
  });

  it('counts exported values with and without a doc comment, without types of a schema', () => {
    const text = [
      '/** Named. */\nexport const a = 1;',
      'export function b() {}',
      '// Not a doc comment.\nexport class C {}',
      '/** Separate. */\nconst d = 1;\nexport interface E {}',
      '/** Default. */\nexport default a;',
      'export type Parsed = z.infer<typeof schema>;',
      `export { f } from './f.ts';`,
    ].join('\n');
    expect(exportedValues(parseFile('src/a.ts', text)).map(({ documented }) => documented)).toEqual([
      true,
      false,
      false,
      false,
      true,
    ]);
  });

  it('measures functions without blank lines and comments', () => {
    const text = 'function a() {\n  // one\n\n  /* two\n  three */\n  return 1;\n}';
    expect(functionsOf(parseFile('src/a.ts', text))).toEqual([{ name: 'src/a.ts', size: 3 }]);
  });
});
