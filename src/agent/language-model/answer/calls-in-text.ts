/** Tool calls that a model wrote into its text instead of calling. */
import { jsonEnd, mended } from './choice-json.ts';
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
  return name === '' ? [] : [{ name: toolName(name), input: inputText(input) }];
}

/** Returns a name without the module that some models put in front: `functions.look_up:0`, `default_api.look_up`. */
function toolName(name: string): string {
  return name.replace(/^(?:functions?|default_api|tools?)[.:]/, '').replace(/:\d{1,3}$/, '');
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Returns the value of an argument of Python. */
function pythonValue(text: string): unknown {
  const value = /^'[^']*'$/.test(text) ? JSON.stringify(text.slice(1, -1)) : text;
  return (
    parsed(
      value
        .replace(/^True$/, 'true')
        .replace(/^False$/, 'false')
        .replace(/^None$/, 'null'),
    ) ?? text
  );
}

/** Returns the named arguments of a call of Python with their values as written. Each is looked for behind a comma. */
function namedArguments(inside: string): [name: string, value: string][] {
  const argument = /\s*([A-Za-z_]\w{0,63})\s*=\s*("(?:[^"\\]|\\.)*"|'[^']*'|[^,\s]+)/y;
  const found: [string, string][] = [];
  for (let at = 0; ;) {
    argument.lastIndex = at;
    const [whole = '', name, value = ''] = argument.exec(inside) ?? [];
    if (name !== undefined) found.push([name, value]);
    const comma = inside.indexOf(',', at + whole.length);
    if (comma === -1) return found;
    at = comma + 1;
  }
}

/** A call of Python: `look_up(day="Fri", count=2)`, in a list or in `print` too. Null for any other text. */
function pythonCall(body: string): WrittenCall | null {
  const plain = body
    .trim()
    .replace(/^\[([^\]]*)\]$/, '$1')
    .replace(/^print\(([\s\S]*)\)$/, '$1');
  const [, name, inside = ''] = /^([\w.]{1,64})\(([^()]{0,4000})\)$/.exec(plain) ?? [];
  if (name === undefined) return null;
  const values = namedArguments(inside).map(([key, value]) => [key, pythonValue(value)]);
  if (values.length === 0 && inside.trim() !== '') return null;
  return { name: toolName(name), input: JSON.stringify(Object.fromEntries(values)) };
}

/** Names with their input behind a mark: Mistral's `look_up[ARGS]{…}`, Kimi's `functions.look_up:0<|…|>{…}`. */
const MARKED =
  /^\s*([\w.:-]{1,64}?)(?:\[CALL_ID\][\w-]{0,64})?(?:\[ARGS\]|<\|tool_call_argument_begin\|>)([\s\S]*)$/;

function markedCalls(body: string): WrittenCall[] {
  return body.split('[TOOL_CALLS]').flatMap((part) => {
    const [, name, input = ''] = MARKED.exec(part) ?? [];
    return name === undefined ? [] : [{ name: toolName(name), input: input.trim() }];
  });
}

/** The arguments of GLM: a name on the first line, then `<arg_key>day</arg_key><arg_value>Fri</arg_value>`. */
function keyedCall(body: string): WrittenCall | null {
  const [, name] = /^\s*([\w.-]{1,64})\s*<arg_key>/.exec(body) ?? [];
  if (name === undefined) return null;
  const pair = /<arg_key>([^<]{1,64})<\/arg_key>\s*<arg_value>([^<]*)<\/arg_value>/g;
  const values = [...body.matchAll(pair)].map(([, key = '', value = '']) => [key.trim(), value.trim()]);
  return { name: toolName(name), input: JSON.stringify(Object.fromEntries(values)) };
}

/** The parameters of a call in XML (`<parameter=day>Fri</parameter>`, `<parameter name="day">Fri</parameter>`). */
function parametersIn(body: string): string | null {
  const pattern = /<parameter(?:=|\s+name=)["']?([\w.-]{1,64})["']?\s*>([^<]*)<\/parameter>/gi;
  const found = [...body.matchAll(pattern)].map(([, name = '', value = '']) => [name, value.trim()] as const);
  return found.length === 0 ? null : JSON.stringify(Object.fromEntries(found));
}

/** One JSON value after another, as some models write several calls. */
function valuesIn(body: string): unknown[] {
  const whole = parsed(body) ?? mended(body);
  if (whole !== undefined) return [whole];
  const values: unknown[] = [];
  for (let start = body.search(/[{[]/); start !== -1;) {
    const end = jsonEnd(body, start);
    if (end === null) break;
    const value = body.slice(start, end);
    values.push(parsed(value) ?? mended(value));
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
    /<(?:function=|invoke\s+name=|tool\s+name=)["']?([\w.-]{1,64})["']?\s*>([\s\S]*?)(?:<\/function>|$)/i.exec(
      bare,
    ) ?? [];
  if (inner !== undefined) return callsInText(innerBody ?? '', inner);
  const marked = markedCalls(bare);
  if (marked.length > 0) return marked;
  const single = keyedCall(bare) ?? pythonCall(bare);
  if (single !== null) return [single];
  const calls = valuesIn(bare).flatMap(callIn);
  if (calls.length > 0) return calls;
  const [, said] =
    /"?name"?\s*[:=]\s*"([\w.-]{1,64})"/.exec(bare) ?? /^([\w.-]{1,64})\s*[({]/.exec(bare) ?? [];
  return [{ name: said ?? 'unknown', input: bare }];
}
