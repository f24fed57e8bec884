/** The schemas of the API as JSON Schema 2020-12, which is what OpenAPI 3.1 speaks, in words that every tool knows. */
import * as z from 'zod';

/** A JSON object of the document. */
export type Json = Record<string, unknown>;

/** The direction of a schema: of what is sent to the API, or of what it answers. */
export type Direction = 'input' | 'output';

/**
 * Matches patterns that regular expression engines read differently or not at all: classes of Unicode, look-around,
 * references, named groups. Java, Python, RE2 and ECMAScript agree on the rest.
 */
const NOT_PORTABLE = /\\[pPukG]|\\[1-9]|\(\?(?!:)/;

/** Tells whether a member of a rendered schema is left out of the document. */
function isLeftOut(schema: Json, name: string): boolean {
  const value = schema[name];
  switch (name) {
    case 'additionalProperties':
      // An answer may get further fields, and strict clients refuse what a schema closes. A request with a field that
      // nothing reads is answered with its place.
      return value === false;
    case 'minimum':
      return value === Number.MIN_SAFE_INTEGER;
    case 'maximum':
      return value === Number.MAX_SAFE_INTEGER;
    case 'pattern':
      // A format says more than its pattern. What a pattern cannot say here, the description says.
      return 'format' in schema || NOT_PORTABLE.test(String(value));
    case 'propertyNames':
      // Of a map whose keys may be any text.
      return Object.keys(value as Json).join() === 'type';
    case 'contentEncoding':
      return schema.format === 'binary';
    default:
      return false;
  }
}

/**
 * The `items` of a tuple, whose `maxItems` leaves no room for any. Linters ask for them beside every `type: array`, refuse
 * `false`, and refuse a choice between empty schemas. Of one schema generators make a third element; of a choice between
 * two that allow anything they make none, or a rest of unknown values.
 */
const NO_FURTHER_ITEMS = {
  anyOf: [{ description: 'Any value.' }, { description: 'There is none: `maxItems` leaves no room.' }],
};

/** The discriminator of a union whose alternatives all have names; undefined for any other schema. */
function discriminatorOf(schema: z.core.$ZodType): Json | undefined {
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return undefined;
  const { discriminator: propertyName, options } = schema.def;
  const mapping: Record<string, string> = {};
  for (const option of options) {
    const id = z.globalRegistry.get(option)?.id;
    const constant = option instanceof z.ZodObject ? option.shape[propertyName] : undefined;
    if (id === undefined || !(constant instanceof z.ZodLiteral)) return undefined;
    mapping[String(constant.value)] = referenceTo(id);
  }
  return { propertyName, mapping };
}

function referenceTo(name: string): string {
  return `#/components/schemas/${name}`;
}

/** Collects the named schemas that others refer to. */
export class Components {
  readonly schemas: Json = {};

  /** Returns a schema as JSON Schema; named schemas become references to `schemas`. */
  render(schema: z.ZodType, io: Direction): Json {
    const rendered = z.toJSONSchema(schema, {
      io,
      unrepresentable: 'any',
      override: ({ zodSchema, jsonSchema }) => {
        const members = jsonSchema as Json;
        for (const name of Object.keys(members).filter((member) => isLeftOut(members, member))) {
          delete members[name];
        }
        if ('prefixItems' in members) members.items = NO_FURTHER_ITEMS;
        const discriminator = discriminatorOf(zodSchema);
        if (discriminator !== undefined) members.discriminator = discriminator;
      },
    }) as Json & { $defs?: Json };
    const { $schema: _dialect, $defs = {}, ...inline } = rendered;
    for (const [name, definition] of Object.entries($defs)) this.#add(name, definition);
    const { id, ...rest } = inline as { id?: string };
    if (id === undefined) return this.#withReferences(inline);
    this.#add(id, rest);
    return { $ref: referenceTo(id) };
  }

  #add(name: string, definition: unknown): void {
    const { id: _id, ...rest } = definition as Json;
    const schema = this.#withReferences(rest);
    const known = this.schemas[name];
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema)) {
      throw new Error(`Two schemas have the name ${name}.`);
    }
    this.schemas[name] = schema;
  }

  #withReferences(schema: Json): Json {
    return JSON.parse(JSON.stringify(schema).replaceAll('#/$defs/', referenceTo(''))) as Json;
  }
}
