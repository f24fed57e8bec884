/** Tool calls that a model wrote into its text instead of calling. */
import { jsonEnd } from './choice-json.ts';
import { unfenced } from './fences.ts';

/** A call as the model wrote it. `input` should be JSON, but may be broken. */
export interface WrittenCall {
  name: string;
  input: string;
}

type Json = Record<string, unknown>;

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function inputText(value: unknown): string {
  if (value === undefined || value === null) return '{}';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function callIn(value: unknown): WrittenCall[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(callIn);
  const call = value as Json;
  const called =
    typeof call['function'] === 'object' && call['function'] !== null ? (call['function'] as Json) : call;
  const name =
    text(called['name']) || text(called['tool']) || text(called['tool_name']) || text(call['function']);
  const input = called['arguments'] ?? called['parameters'] ?? called['args'] ?? called['input'];
  return name === '' ? [] : [{ name, input: inputText(input) }];
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** The parameters of a call in XML (`<parameter=day>Fri</parameter>`, `<parameter name="day">Fri</parameter>`). */
function parametersIn(body: string): string | null {
  const pattern = /<parameter(?:=|\s+name=)["']?([\w.-]{1,64})["']?\s*>([^<]*)<\/parameter>/gi;
  const found = [...body.matchAll(pattern)].map(([, name = '', value = '']) => [name, value.trim()] as const);
  return found.length === 0 ? null : JSON.stringify(Object.fromEntries(found));
}

/** One JSON value after another, as some models write several calls. */
function valuesIn(body: string): unknown[] {
  const whole = parsed(body);
  if (whole !== undefined) return [whole];
  const values: unknown[] = [];
  for (let start = body.search(/[{[]/); start !== -1;) {
    const end = jsonEnd(body, start);
    if (end === null) break;
    values.push(parsed(body.slice(start, end)));
    const next = body.slice(end).search(/[{[]/);
    start = next === -1 ? -1 : end + next;
  }
  return values;
}

/**
 * Returns the calls in the body of a tag. `name` is the name that the tag gives; empty for none. What cannot be read is
 * one call with its body as input: the model is told that it cannot be carried out.
 */
export function callsInText(body: string, name: string): WrittenCall[] {
  const bare = unfenced(body);
  if (name !== '') return [{ name, input: parametersIn(bare) ?? (bare === '' ? '{}' : bare) }];
  // DeepSeek: `function<｜tool▁sep｜>look_up`, then the input in a fence.
  const [, deepSeek, input] =
    /^(?:function)?<｜tool▁sep｜>([\w.-]+)\s*(?:`{3}json)?\s*([\s\S]*)$/.exec(bare) ?? [];
  if (deepSeek !== undefined) return [{ name: deepSeek, input: input ?? '{}' }];
  const [, inner, innerBody] =
    /<function=["']?([\w.-]{1,64})["']?>([\s\S]*?)(?:<\/function>|$)/i.exec(bare) ?? [];
  if (inner !== undefined) return callsInText(innerBody ?? '', inner);
  const calls = valuesIn(bare).flatMap(callIn);
  if (calls.length > 0) return calls;
  const [, said] =
    /"?name"?\s*[:=]\s*"([\w.-]{1,64})"/.exec(bare) ?? /^([\w.-]{1,64})\s*[({]/.exec(bare) ?? [];
  return [{ name: said ?? 'unknown', input: bare }];
}
