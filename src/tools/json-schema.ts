/** The evaluator of JSON Schemas. It is large, and loaded with the first input that is checked. */
export { Validator } from '@cfworker/json-schema';
