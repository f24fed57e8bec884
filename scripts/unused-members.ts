/**
 * Takes members out of classes of packages that nothing in the Worker names. The bundler leaves out functions that are not
 * used, but never methods, and with each method it keeps all that the method calls.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import { parseSync, Visitor, type Node, type Program } from 'oxc-parser';
import { withoutZodParts } from './zod-cuts.ts';

/** Modules with classes whose members can be left out: schemas, the router and its context, the search. */
const PACKAGES =
  /[\\/]node_modules[\\/](?:zod[\\/]v4|hono|minisearch|@cfworker[\\/]json-schema)[\\/].*\.m?js$/;

/** Function of zod that makes a class. Its third argument is an object with the members of the prototype. */
const MAKES_CLASS = '$constructor';

/** Members that the language itself calls. */
const CALLED_BY_LANGUAGE: ReadonlySet<string> = new Set([
  'constructor',
  'toJSON',
  'toString',
  'valueOf',
  'then',
]);

/** A source of the Worker. */
export interface Source {
  path: string;
  text: string;
}

/** A member of a class. `names` are all names that its code mentions. */
interface Member {
  name: string;
  start: number;
  end: number;
  names: Set<string>;
}

/** Names that a source mentions outside of its members, and its members. */
interface Mentions {
  names: Set<string>;
  members: Member[];
}

/** Returns the members of classes that stand in a program. Computed names and texts as names stay. */
function membersOf(program: Program): Member[] {
  const members: Member[] = [];
  const add = (each: Node) => {
    if (each.type !== 'MethodDefinition' && each.type !== 'Property') return;
    const { key, computed, start, end } = each;
    if (computed || key.type !== 'Identifier' || CALLED_BY_LANGUAGE.has(key.name)) return;
    members.push({ name: key.name, start, end, names: new Set() });
  };
  new Visitor({
    ClassBody: ({ body }) => body.forEach(add),
    CallExpression({ callee, arguments: given }) {
      const name = callee.type === 'MemberExpression' ? callee.property : callee;
      if (name.type !== 'Identifier' || name.name !== MAKES_CLASS) return;
      if (given[2]?.type === 'ObjectExpression') given[2].properties.forEach(add);
    },
  }).visit(program);
  return members;
}

/** Returns what a source mentions: properties that it reads, words in texts, and names that it takes out of objects. */
function mentionsIn({ path, text }: Source): Mentions {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} cannot be parsed.`);
  const members = PACKAGES.test(path) ? membersOf(program) : [];
  const names = new Set<string>();
  const spaces = new Set<string>();
  const mention = (name: string, at: number) => {
    const inside = members.find(({ start, end }) => start <= at && at < end);
    (inside?.names ?? names).add(name);
  };
  new Visitor({
    ImportNamespaceSpecifier: ({ local }) => void spaces.add(local.name),
    MemberExpression({ object, property, start }) {
      // What a module exports is no member of a class.
      if (object.type === 'Identifier' && spaces.has(object.name)) return;
      if (property.type === 'Identifier') mention(property.name, start);
      if (property.type === 'Literal' && typeof property.value === 'string') mention(property.value, start);
    },
    ObjectPattern({ properties, start }) {
      for (const each of properties)
        if (each.type === 'Property' && each.key.type === 'Identifier') mention(each.key.name, start);
    },
  }).visit(program);
  return { names, members };
}

/** Returns the names that can be reached: those outside of members, and those in members that can be reached themselves. */
export function reachedNames(sources: readonly Source[]): ReadonlySet<string> {
  const all = sources.map(mentionsIn);
  const reached = new Set(all.flatMap(({ names }) => [...names]));
  const members = all.flatMap((each) => each.members);
  // A set that grows while it is read is read to its new end.
  for (const name of reached) {
    for (const member of members)
      if (member.name === name) for (const other of member.names) reached.add(other);
  }
  return reached;
}

/** Returns a source of a package without members that are not reached, and without the comma after each. */
export function withoutUnreached({ path, text }: Source, reached: ReadonlySet<string>): string {
  let result = '';
  let position = 0;
  for (const { name, start, end } of membersOf(parseSync(path, text).program)) {
    if (reached.has(name) || start < position) continue;
    result += text.slice(position, start);
    position = end + (/^\s*,/.exec(text.slice(end))?.[0].length ?? 0);
  }
  return result + text.slice(position);
}

async function readSource(path: string): Promise<Source> {
  return { path, text: withoutZodParts(path, await readFile(path, 'utf8')) };
}

/** Returns a plugin of esbuild that leaves out members of packages which none of `inputs` names: paths from `root`. */
export function unusedMembers(root: string, inputs: readonly string[]): Plugin {
  return {
    name: 'unused-members',
    async setup(build) {
      const reached = reachedNames(await Promise.all(inputs.map((path) => readSource(join(root, path)))));
      build.onLoad({ filter: PACKAGES }, async ({ path }) => ({
        contents: withoutUnreached(await readSource(path), reached),
      }));
    },
  };
}
