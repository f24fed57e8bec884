/** The rooms of the repository and the arrows between them: docs/architecture.md has the same table for readers. */

/** Single files below every other one: each room of `src` may import them, and they import only each other. */
export const FOUNDATION: ReadonlySet<string> = new Set(
  [
    'base64url',
    'bounded-text',
    'bucket',
    'deadline',
    'derived-key',
    'digest',
    'home',
    'identifiers',
    'late-module',
    'log',
    'pages',
    'problems',
    'provider-failure',
    'sentences',
    'text',
  ].map((name) => `src/${name}.ts`),
);

/** The wire vocabulary. Every room may import it, pages and scripts too; of ours it imports identifiers alone. */
export const CONTRACT = 'src/contract';
export const CONTRACT_IMPORTS: ReadonlySet<string> = new Set(['src/identifiers.ts']);
/** The package that the wire vocabulary may import. */
export const CONTRACT_PACKAGE = 'zod';

/** Names what the deployment binds. It knows the platform, so it is no foundation: a pure room may not import it. */
const BINDINGS = 'src/bindings.ts';

/** Names every Durable Object and bucket. */
const OBJECTS = 'src/objects.ts';

/** Version of the deployment, in its document and its log. */
export const PACKAGE = 'package.json';

/**
 * For each room, the rooms that it may import besides itself and the foundation. A room is a folder with its
 * subfolders, or one file. A room inside another room stands for itself: the longest name that fits a path counts.
 */
export const ARROWS: Readonly<Record<string, readonly string[]>> = {
  'src/contract': [],
  'src/objects.ts': ['src/deployment', BINDINGS],
  'src/access': [],
  'src/registry': ['src/access'],
  'src/registry/object': ['src/access', 'src/registry', 'src/signing', 'src/storage', BINDINGS, OBJECTS],
  'src/agent': ['src/registry'],
  'src/agent/embedded': ['src/agent', 'src/registry'],
  'src/agent/language-model': ['src/agent', 'src/registry'],
  'src/deployment': [BINDINGS],
  'src/signing': ['src/deployment'],
  'src/regular-expression': [],
  'src/storage': [],
  'src/directory': ['src/access', 'src/registry', 'src/storage', BINDINGS, OBJECTS],
  'src/limits': ['src/storage', BINDINGS, OBJECTS],
  'src/budget': [
    'src/agent',
    'src/agent/language-model',
    'src/deployment',
    'src/registry',
    'src/signing',
    'src/storage',
    BINDINGS,
    OBJECTS,
  ],
  'src/visitors': ['src/signing'],
  'src/memory': ['src/storage', BINDINGS],
  'src/speech': ['src/deployment', BINDINGS],
  'src/recordings': ['src/speech'],
  'src/tools': ['src/agent', 'src/deployment', 'src/registry', 'src/signing'],
  'src/conversation': [
    'src/access',
    'src/agent',
    'src/agent/embedded',
    'src/agent/language-model',
    'src/budget',
    'src/deployment',
    'src/directory',
    'src/memory',
    'src/recordings',
    'src/registry',
    'src/registry/object',
    'src/regular-expression',
    'src/speech',
    'src/storage',
    'src/tools',
    BINDINGS,
    OBJECTS,
  ],
  'src/edge': [
    'src/access',
    'src/deployment',
    'src/limits',
    'src/registry',
    'src/registry/object',
    'src/signing',
    BINDINGS,
    OBJECTS,
  ],
  'src/api': [
    'src/access',
    'src/budget',
    'src/conversation',
    'src/deployment',
    'src/directory',
    'src/edge',
    'src/memory',
    'src/recordings',
    'src/registry',
    'src/registry/object',
    'src/limits',
    'src/signing',
    'src/visitors',
    BINDINGS,
    OBJECTS,
    PACKAGE,
  ],
  'src/workbench': [
    'src/access',
    'src/api',
    'src/conversation',
    'src/deployment',
    'src/edge',
    'src/memory',
    'src/registry',
    BINDINGS,
    OBJECTS,
  ],
  'src/late-groups.ts': ['src/api', 'src/edge', 'src/workbench'],
  'src/app.ts': ['src/api', 'src/edge', 'src/late-groups.ts'],
  'src/index.ts': [
    'src/app.ts',
    'src/budget',
    'src/conversation',
    'src/deployment',
    'src/directory',
    'src/limits',
    'src/memory',
    'src/registry/object',
    BINDINGS,
  ],
  'src/bindings.ts': [
    'src/budget',
    'src/conversation',
    'src/directory',
    'src/limits',
    'src/memory',
    'src/registry/object',
  ],
  widget: [],
  // The workbench draws context graphs, whose form is that of an organization's file. It names the states without a way to correct.
  // And it compares two versions as the command line does.
  workbench: [
    'widget',
    'src/registry/graph.ts',
    'src/registry/differences.ts',
    'src/registry/checks/corrections.ts',
  ],
  scripts: ['scripts/agent-test', 'src/registry', 'src/speech'],
  'scripts/word-vectors': ['src/agent/embedded'],
  'scripts/agent-test': ['src/agent', 'src/agent/embedded', 'src/agent/language-model', 'src/registry'],
  'scripts/checks': [],
  bench: ['scripts', 'src/conversation', 'src/edge', 'src/registry'],
};

/** Files that load served scripts by their addresses, and no file of the repository by `import()`. */
export const IMPORTS_BY_ADDRESS: ReadonlySet<string> = new Set(['widget/parts.ts']);

/** Rooms that may reach nothing of the platform, neither themselves nor through what they import. */
export const PURE: readonly string[] = [
  'src/access',
  'src/agent',
  'src/agent/embedded',
  'src/agent/language-model',
  'src/contract',
  'src/regular-expression',
];

/** Modules that are of the platform. */
export function isPlatform(specifier: string): boolean {
  return specifier.startsWith('cloudflare:') || specifier.startsWith('node:');
}

/** The most other files of the repository that one file may import. */
export const MAX_IMPORTS = 15;

const NAMES = Object.keys(ARROWS).sort((a, b) => b.length - a.length);

/** Returns the room of a file, or null if no room contains it. */
export function roomOf(path: string): string | null {
  return NAMES.find((name) => path === name || path.startsWith(`${name}/`)) ?? null;
}
