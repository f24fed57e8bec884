/** The JSON Schema by which editors complete and check an organization's file. */
import { Validator, type Schema } from '@cfworker/json-schema';
import { describe, expect, it } from 'vitest';
import starter from '../../examples/fruit-stall.json';
import schema from '../../organization.schema.json';
import books from '../../seed/paper-lantern-books.json';
import clinic from '../../seed/riverside-clinic.json';
import { jsonSchemaIssues } from '../../src/registry/checks/json-schema.ts';
import { parseOrganizationFile } from '../../src/registry/publish.ts';
import { sampleFile } from './sample-file.ts';

const validator = new Validator(schema as unknown as Schema, '2020-12');
const isValid = (file: unknown) => validator.validate(file).valid;

describe('the JSON Schema of a file', () => {
  it('is a valid JSON Schema', () => {
    expect(jsonSchemaIssues(schema)).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['the starter', starter],
    ['the clinic', clinic],
    ['the book shop', books],
    ['a file with something of everything', sampleFile()],
  ])('accepts %s, which can be published too', (_what, file) => {
    expect(isValid(file)).toBe(true);
    expect(parseOrganizationFile(file)).toMatchObject({
      organization: { name: expect.any(String) as string },
    });
  });

  it.each<[string, unknown]>([
    ['a field that is unknown', sampleFile({ 'users.0.nickname': 'Addy' })],
    ['a field that is missing', sampleFile({ 'agents.0.background': undefined })],
    ['an empty name', sampleFile({ 'agents.0.name': '' })],
    ['a state of an unknown kind', sampleFile({ 'graphs.0.states.4.type': 'end' })],
    ['an identifier that is none', sampleFile({ 'tools.0.id': 'price' })],
    [
      'a list that is too long',
      sampleFile({ 'services.0.keyterms': Array.from({ length: 21 }, (_, i) => `k${i}`) }),
    ],
  ])('refuses %s', (_what, file) => {
    expect(isValid(file)).toBe(false);
  });

  it('is named by the files of this repository', () => {
    for (const file of [starter, clinic, books]) expect(file.$schema).toBe('../organization.schema.json');
  });
});
