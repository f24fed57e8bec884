/**
 * Checks that one file alone names Durable Objects and buckets. An object that another file names would not be in the
 * jurisdiction of its organization.
 */
import { Visitor } from 'oxc-parser';
import { lineOf, type SourceFile } from './source-files.ts';
import type { Violation } from './violation.ts';

/** The file that names every Durable Object and bucket. */
export const OBJECTS = 'src/objects.ts';

/** Methods of a namespace that lead to an object, and the bindings of buckets. */
const NAMING = /^(?:getByName|getExisting|idFromName|idFromString|newUniqueId|AUDIO(?:_[A-Z]+)?)$/;

/** Returns the places in the server that name an object or a bucket past `OBJECTS`. */
export function namingViolations(file: SourceFile): Violation[] {
  if (!file.path.startsWith('src/') || file.path === OBJECTS) return [];
  const found: Violation[] = [];
  const note = (name: unknown, start: number) => {
    if (typeof name !== 'string' || !NAMING.test(name)) return;
    const message = `${name} names an object or a bucket: use a function of ${OBJECTS}`;
    found.push({ rule: 'naming', path: file.path, line: lineOf(file.text, start), message });
  };
  new Visitor({
    MemberExpression: ({ property }) => {
      if (property.type === 'Identifier') note(property.name, property.start);
      else if (property.type === 'Literal') note(property.value, property.start);
    },
    ObjectPattern: ({ properties }) => {
      for (const property of properties) {
        if (property.type !== 'Property') continue;
        const { key } = property;
        if (key.type === 'Identifier') note(key.name, key.start);
        else if (key.type === 'Literal') note(key.value, key.start);
      }
    },
  }).visit(file.program);
  return found;
}
