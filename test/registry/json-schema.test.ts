/** Valid and invalid JSON Schemas of draft 2020-12, keyword by keyword. */
import { describe, expect, it } from 'vitest';
import { jsonSchemaIssues } from '../../src/registry/checks/json-schema.ts';

function issuesOf(schema: unknown): string[] {
  return jsonSchemaIssues(schema).map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
}

describe('a JSON Schema', () => {
  it.each<[string, unknown]>([
    ['true', true],
    ['an empty object', {}],
    ['types, one or several', { type: 'object', properties: { a: { type: ['string', 'null'] }, b: false } }],
    ['definitions and references to them', { $ref: '#/$defs/a~1b', $defs: { 'a/b': { type: 'integer' } } }],
    ['a reference to itself', { properties: { child: { $ref: '#' } } }],
    ['a reference to an anchor', { $ref: '#node', $defs: { n: { $anchor: 'node', type: 'object' } } }],
    ['keywords that it does not know', { 'x-order': 1, propertyOrder: ['a'], id: 7 }],
    [
      'conditions',
      JSON.parse('{ "if": { "required": ["a"] }, "then": { "minProperties": 1 }, "else": false }'),
    ],
    ['tuples', { prefixItems: [{ type: 'string' }], items: false, minItems: 1, maxItems: 1 }],
    ['dependencies', { dependentRequired: { a: ['b'] }, dependentSchemas: { a: { required: ['b'] } } }],
    ['enum and const of anything', { enum: [1, 1, null, {}], const: { type: 'nonsense' }, default: [] }],
    ['formats and patterns', { format: 'email', pattern: '^\\p{L}+$', patternProperties: { '^x-': {} } }],
  ])('may have %s', (_what, schema) => {
    expect(issuesOf(schema)).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    [
      'a text in place of a schema',
      { properties: { a: 'string' } },
      'properties.a: must be a schema: an object, true or false',
    ],
    ['a list of schemas for items', { items: [{}] }, 'items: must be a schema: an object, true or false'],
    [
      'an unknown type',
      { type: 'int' },
      'type: must be one of array, boolean, integer, null, number, object, string, or a list of them',
    ],
    [
      'a type twice',
      { type: ['string', 'string'] },
      'type: must be one of array, boolean, integer, null, number, object, string, or a list of them',
    ],
    [
      'an empty list of types',
      { type: [] },
      'type: must be one of array, boolean, integer, null, number, object, string, or a list of them',
    ],
    ['required as a text', { required: 'a' }, 'required: must be a list of texts, each once'],
    [
      'required as on a property',
      { properties: { a: { required: true } } },
      'properties.a.required: must be a list of texts, each once',
    ],
    ['a property required twice', { required: ['a', 'a'] }, 'required: must be a list of texts, each once'],
    ['properties as a list', { properties: ['a'] }, 'properties: must be an object of schemas'],
    ['enum as an object', { enum: { a: 1 } }, 'enum: must be a list'],
    ['a minimum in quotes', { minimum: '1' }, 'minimum: must be a number'],
    ['exclusiveMinimum of draft 4', { exclusiveMinimum: true }, 'exclusiveMinimum: must be a number'],
    ['a length that is no whole number', { maxLength: 1.5 }, 'maxLength: must be a whole number, 0 or more'],
    ['a negative count', { minItems: -1 }, 'minItems: must be a whole number, 0 or more'],
    ['a multiple of nothing', { multipleOf: 0 }, 'multipleOf: must be a number above 0'],
    ['a broken pattern', { pattern: '(' }, 'pattern: must be a regular expression'],
    [
      'a broken pattern of properties',
      { patternProperties: { '[': {} } },
      'patternProperties.[: its name must be a regular expression',
    ],
    ['an empty anyOf', { anyOf: [] }, 'anyOf: must be a list of at least one schema'],
    ['a broken schema in allOf', { allOf: [{}, 1] }, 'allOf.1: must be a schema: an object, true or false'],
    ['a reference to nothing', { $ref: '#/$defs/a' }, 'must lead to a place of this schema'],
    ['a reference to elsewhere', { $ref: 'https://example.com/a' }, 'must lead to a place of this schema'],
    ['a reference with a broken escape', { $ref: '#/%' }, 'must lead to a place of this schema'],
    ['a description that is no text', { description: 1 }, 'description: must be a text'],
    ['uniqueItems as a number', { uniqueItems: 1 }, 'uniqueItems: must be true or false'],
    ['a minimum above its maximum', { minimum: 2, maximum: 1 }, 'minimum: must not be above maximum'],
    [
      'more items required than allowed',
      { not: { minItems: 2, maxItems: 1 } },
      'not.minItems: must not be above maxItems',
    ],
    ['a broken definition', { $defs: { a: null } }, '$defs.a: must be a schema: an object, true or false'],
  ])('cannot have %s', (_what, schema, issue) => {
    const found = issuesOf(schema);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(issue);
  });

  it('may have any depth at a linear cost', () => {
    let schema: unknown = { type: 'nonsense' };
    for (let depth = 0; depth < 20_000; depth += 1) schema = { not: schema };
    expect(jsonSchemaIssues(schema)).toHaveLength(1);
  });
});
