/**
 * Checks that a value is a JSON Schema: the rules of the meta-schema of draft 2020-12 for each keyword (vocabularies
 * core, applicator, validation, meta-data, unevaluated and content), and errors that break an evaluator: invalid
 * regular expressions, references to nothing, a minimum above its maximum.
 */
import { Validator } from '@cfworker/json-schema';
import type { Issue } from './issues.ts';

type Path = (string | number)[];

/** Checks the value of a keyword. Adds issues, and the schemas inside the value, to `found`. */
type Rule = (value: unknown, path: Path, found: Findings) => void;

interface Findings {
  issues: Issue[];
  /** Schemas that are not checked yet. */
  open: { schema: unknown; path: Path }[];
  root: unknown;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns a rule from a condition and its message. */
function must(holds: (value: unknown) => boolean, message: string): Rule {
  return (value, path, { issues }) => {
    if (!holds(value)) issues.push({ path, message });
  };
}

function isListOfTexts(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((entry) => typeof entry === 'string') &&
    new Set(value).size === value.length
  );
}

const TYPES = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];

function isType(value: unknown): boolean {
  return typeof value === 'string' && TYPES.includes(value);
}

/** Tells whether the evaluator that checks the inputs of tools accepts a pattern. */
function isRegularExpression(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  try {
    new Validator({ pattern: value }, '2020-12').validate('');
    return true;
  } catch {
    return false;
  }
}

const text = must((value) => typeof value === 'string', 'must be a text');
const truth = must((value) => typeof value === 'boolean', 'must be true or false');
const number = must((value) => typeof value === 'number', 'must be a number');
const count = must(
  (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  'must be a whole number, 0 or more',
);
const list = must(Array.isArray, 'must be a list');
const texts = must(isListOfTexts, 'must be a list of texts, each once');
const anchor = must(
  (value) => typeof value === 'string' && /^[A-Za-z_][\w.-]*$/.test(value),
  'must be a plain name',
);

const schema: Rule = (value, path, { open }) => {
  open.push({ schema: value, path });
};

const schemas: Rule = (value, path, found) => {
  if (Array.isArray(value) && value.length > 0)
    value.forEach((entry, index) => schema(entry, [...path, index], found));
  else found.issues.push({ path, message: 'must be a list of at least one schema' });
};

const schemaByName: Rule = (value, path, found) => {
  if (!isObject(value)) found.issues.push({ path, message: 'must be an object of schemas' });
  else for (const [name, entry] of Object.entries(value)) schema(entry, [...path, name], found);
};

const schemaByPattern: Rule = (value, path, found) => {
  schemaByName(value, path, found);
  for (const pattern of isObject(value) ? Object.keys(value) : []) {
    if (!isRegularExpression(pattern)) {
      found.issues.push({ path: [...path, pattern], message: 'its name must be a regular expression' });
    }
  }
};

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

/** Tells whether a reference leads to a place in the same schema. No other schema is loaded. */
function leadsSomewhere(reference: unknown, root: unknown): boolean {
  if (typeof reference !== 'string' || !reference.startsWith('#')) return false;
  if (reference === '#') return true;
  // A plain name is an anchor, which may be anywhere: an evaluator finds it.
  if (!reference.startsWith('#/')) return true;
  let at: unknown = root;
  for (const step of reference.slice(2).split('/')) {
    const name = decoded(step).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return false;
    at = (at as Record<string, unknown>)[name];
  }
  return true;
}

const reference: Rule = (value, path, { issues, root }) => {
  if (!leadsSomewhere(value, root))
    issues.push({ path, message: 'must lead to a place of this schema: "#/$defs/…"' });
};

const KEYWORDS: Readonly<Record<string, Rule>> = {
  $ref: reference,
  $dynamicRef: reference,
  $id: text,
  $schema: text,
  $comment: text,
  $anchor: anchor,
  $dynamicAnchor: anchor,
  $vocabulary: must(
    (value) => isObject(value) && Object.values(value).every((each) => typeof each === 'boolean'),
    'must be an object of true and false',
  ),
  $defs: schemaByName,
  definitions: schemaByName,
  properties: schemaByName,
  patternProperties: schemaByPattern,
  dependentSchemas: schemaByName,
  allOf: schemas,
  anyOf: schemas,
  oneOf: schemas,
  prefixItems: schemas,
  items: schema,
  contains: schema,
  additionalProperties: schema,
  propertyNames: schema,
  unevaluatedItems: schema,
  unevaluatedProperties: schema,
  contentSchema: schema,
  if: schema,
  // oxlint-disable-next-line unicorn/no-thenable
  then: schema,
  else: schema,
  not: schema,
  type: must(
    (value) =>
      isType(value) ||
      (isListOfTexts(value) && (value as unknown[]).length > 0 && (value as unknown[]).every(isType)),
    `must be one of ${TYPES.join(', ')}, or a list of them`,
  ),
  enum: list,
  examples: list,
  required: texts,
  dependentRequired: must(
    (value) => isObject(value) && Object.values(value).every(isListOfTexts),
    'must be an object of lists of texts',
  ),
  pattern: must(isRegularExpression, 'must be a regular expression'),
  multipleOf: must((value) => typeof value === 'number' && value > 0, 'must be a number above 0'),
  minimum: number,
  maximum: number,
  exclusiveMinimum: number,
  exclusiveMaximum: number,
  minLength: count,
  maxLength: count,
  minItems: count,
  maxItems: count,
  minContains: count,
  maxContains: count,
  minProperties: count,
  maxProperties: count,
  uniqueItems: truth,
  deprecated: truth,
  readOnly: truth,
  writeOnly: truth,
  title: text,
  description: text,
  format: text,
  contentEncoding: text,
  contentMediaType: text,
};

const BOUNDS = [
  ['minimum', 'maximum'],
  ['minLength', 'maxLength'],
  ['minItems', 'maxItems'],
  ['minContains', 'maxContains'],
  ['minProperties', 'maxProperties'],
] as const;

function boundIssues(value: Record<string, unknown>, path: Path): Issue[] {
  return BOUNDS.flatMap(([least, most]) => {
    const isAbove =
      typeof value[least] === 'number' && typeof value[most] === 'number' && value[least] > value[most];
    return isAbove ? [{ path: [...path, least], message: `must not be above ${most}` }] : [];
  });
}

/** Returns the issues of a JSON Schema (2020-12). Takes linear time at any depth. Unknown keywords are allowed. */
export function jsonSchemaIssues(root: unknown): Issue[] {
  const found: Findings = { issues: [], open: [{ schema: root, path: [] }], root };
  for (let next = found.open.pop(); next !== undefined; next = found.open.pop()) {
    const { schema: value, path } = next;
    if (typeof value === 'boolean') continue;
    if (!isObject(value)) {
      found.issues.push({ path, message: 'must be a schema: an object, true or false' });
      continue;
    }
    for (const [keyword, entry] of Object.entries(value)) {
      if (Object.hasOwn(KEYWORDS, keyword)) KEYWORDS[keyword]?.(entry, [...path, keyword], found);
    }
    found.issues.push(...boundIssues(value, path));
  }
  return found.issues;
}
