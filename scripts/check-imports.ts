/** Holds the arrows of the house: which room may import which. Part of `npm run check`. */
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';

const SOURCE = join(import.meta.dirname, '../src');

/** What stands below everything and may be imported by every room. */
const FOUNDATION = [
  'identifiers',
  'contract',
  'problems',
  'log',
  'bindings',
  'text',
  'digest',
  'bounded-text',
  'pages',
  'base64url',
  'deployment',
  'sentences',
  'deadline',
  'provider-failure',
];

/** For each room, the rooms it may import. A room that is not listed may import nothing but the foundation. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  access: [],
  registry: ['access'],
  contract: [],
  agent: ['registry'],
  directory: ['access', 'registry', 'storage'],
  limits: ['storage'],
  memory: ['storage'],
  storage: [],
  speech: [],
  recordings: ['speech'],
  signing: [],
  tools: ['agent', 'registry', 'signing'],
  conversation: [
    'access',
    'agent',
    'directory',
    'memory',
    'recordings',
    'registry',
    'speech',
    'storage',
    'tools',
  ],
  edge: ['access', 'limits', 'registry', 'signing'],
  api: ['access', 'conversation', 'directory', 'edge', 'memory', 'recordings', 'registry', 'signing'],
  workbench: ['access', 'api', 'conversation', 'edge', 'memory', 'registry'],
  app: ['api', 'edge', 'workbench'],
  index: ['app', 'conversation', 'directory', 'limits', 'memory'],
  // The one place that knows every object's class, as a type: nothing of them is loaded.
  bindings: ['conversation', 'directory', 'limits', 'memory'],
};

/** The wire vocabulary, which pages import too: of ours identifiers alone, and of packages zod alone. */
const CONTRACT = 'contract';
const CONTRACT_IMPORTS = new Set(['identifiers', 'zod']);

/** `agent` is the pure core: it may not know the platform. */
const PURE = new Set(['agent', 'contract', 'access']);

function roomOf(path: string): string {
  const [first = ''] = relative(SOURCE, path).split('/');
  return first.replace(/\.ts$/, '');
}

async function violationsIn(path: string): Promise<string[]> {
  const room = roomOf(path);
  const text = await readFile(path, 'utf8');
  const specifiers = [...text.matchAll(/from '([^']+)'/g)].map((match) => match[1] ?? '');
  return specifiers.flatMap((specifier) => {
    const where = relative(SOURCE, path);
    if (room === CONTRACT) {
      const name = specifier.startsWith('.') ? roomOf(resolve(dirname(path), specifier)) : specifier;
      const allowed = name === CONTRACT || CONTRACT_IMPORTS.has(name);
      return allowed ? [] : [`${where}: contract must not import ${specifier}`];
    }
    if (specifier.startsWith('cloudflare:')) {
      return PURE.has(room) ? [`${where}: ${room} must not import ${specifier}`] : [];
    }
    // package.json stands beside the house: it is data, and imports nothing.
    if (!specifier.startsWith('.') || specifier === '../../package.json') return [];
    const target = roomOf(resolve(dirname(path), specifier));
    const allowed = target === room || FOUNDATION.includes(target) || ARROWS[room]?.includes(target);
    return allowed === true ? [] : [`${where}: ${room} must not import ${target} (${specifier})`];
  });
}

const files = (await readdir(SOURCE, { recursive: true }))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join(SOURCE, name));
const violations = (await Promise.all(files.map(violationsIn))).flat();
for (const violation of violations) console.error(violation);
if (violations.length > 0) process.exitCode = 1;
