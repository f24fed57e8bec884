import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { schemaObject } from '../../../src/agent/language-model/schema-object.ts';

const texts = z.array(z.string().trim().min(1)).min(1);

describe('the JSON Schema of an answer', () => {
  it.each([
    ['a choice of numbers', z.object({ exit: z.int().min(0).max(3) })],
    ['a number or none', z.object({ occasion: z.union([z.null(), z.int().min(0).max(2)]) })],
    ['a list that is cut', z.object({ queries: texts }).transform(({ queries }) => queries.slice(0, 3))],
    ['a list inside that is cut', z.object({ found: texts.max(9).transform((found) => found.slice(0, 3)) })],
    [
      'objects in a list',
      z.object({ memories: z.array(z.object({ text: z.string(), numbers: z.array(z.int()) })) }),
    ],
    ['a boolean', z.object({ value: z.boolean() })],
    ['a number', z.object({ value: z.number().min(-1.5).max(10) })],
    ['a number without limits', z.object({ value: z.number() })],
    ['one of several texts', z.object({ value: z.enum(['low', 'high']) })],
    ['a text with limits', z.object({ value: z.string().min(2).max(5) })],
  ])('is that of zod for %s', (_kind, schema) => {
    const { $schema: _dialect, ...expected } = z.toJSONSchema(schema, { io: 'input' });
    expect(schemaObject(schema)).toEqual(expected);
  });

  it('allows any members of a record', () => {
    expect(schemaObject(z.record(z.string(), z.unknown()))).toEqual({
      type: 'object',
      additionalProperties: {},
    });
  });

  it('is not made of a kind of schema that no answer has', () => {
    expect(() => schemaObject(z.object({ at: z.date() }))).toThrow('cannot be rendered');
  });
});
