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
  return name === '' ? keyed(call) : [{ name: toolName(name), input: inputText(input) }];
}

/** A call whose only member has the name of the tool: `{"look_up": {…}}`. */
function keyed(call: Json): WrittenCall[] {
  const [[name, input] = ['', null], ...more] = Object.entries(call);
  const isCall =
    more.length === 0 && typeof input === 'object' && input !== null && /^[\w.-]{1,64}$/.test(name);
  return isCall ? [{ name: toolName(name), input: inputText(input) }] : [];
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
  /^\s*([\w.:-]{1,64}?)(?:\[CALL_ID\][\w-]{0,64})?(?:\[ARGS\]|<\|tool_call_argument_begin\|>|<｜tool▁sep｜>|(?=\{))([\s\S]*)$/;

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
  const pattern = /<parameter(?:=|\s+name=)["']?([\w.-]{1,64})["']?(?:\s[^<>]{0,60})?>([^<]*)<\/parameter>/gi;
  const found = [...body.matchAll(pattern)].map(([, name = '', value = '']) => [name, value.trim()] as const);
  return found.length === 0 ? null : JSON.stringify(Object.fromEntries(found));
}

/** A call in elements: `<name>look_up</name><input>{…}</input>`. */
function elementCall(body: string): WrittenCall | null {
  const [, name] = /<(?:name|tool_name)>\s{0,8}([\w.-]{1,64})\s{0,8}<\//.exec(body) ?? [];
  const [, input = '{}'] = /<(?:input|arguments|parameters)>([^<]*)<\//.exec(body) ?? [];
  return name === undefined ? null : { name: toolName(name), input: input.trim() };
}

/** A call of FunctionGemma: `call:look_up{day:<escape>Fri<escape>}`. */
function markedByEscapes(body: string): WrittenCall | null {
  const [, name, inside = ''] = /^\s*call:([\w.-]{1,64})\{([\s\S]*)\}\s*$/.exec(body) ?? [];
  if (name === undefined) return null;
  const pair = /(?<![\w.-])([\w.-]{1,64}):(?:<escape>([^<]{0,500})<escape>|([^,<]{0,200}))/g;
  const values = [...inside.matchAll(pair)].map(([, key = '', text, plain = '']) => [
    key,
    text ?? parsed(plain) ?? plain,
  ]);
  return { name: toolName(name), input: JSON.stringify(Object.fromEntries(values)) };
}

/** Returns the calls in a JSON value that is a call of a tool, or a list of them; none in any other text. */
export function jsonCalls(text: string): WrittenCall[] {
  const value = parsed(text) ?? mended(text);
  const list = Array.isArray(value) ? value : [value];
  const all = list.flatMap((each: unknown) => {
    const calls = typeof each === 'object' && each !== null ? (each as Json)['tool_calls'] : undefined;
    return Array.isArray(calls) ? (calls as unknown[]) : [each];
  });
  return all.every(hasInput) ? all.flatMap(callIn) : [];
}

/** Tells whether a value has the input of a call beside its name. */
function hasInput(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const call = value as Json;
  const called =
    typeof call['function'] === 'object' && call['function'] !== null ? (call['function'] as Json) : call;
  return ['arguments', 'parameters', 'args', 'input'].some((key) => key in called);
}

/** A call in lines of text: of ReAct (`Action: look_up`, `Action Input: {…}`), of Functionary, and of gpt-oss. */
const IN_LINES = [
  /(?:^|\n)Action:\s{0,4}([\w.-]{1,64})\s{0,4}\nAction Input:\s{0,4}(?=\{)/,
  /^>>>([\w.-]{1,64})\n(?=\{)/,
  /^functions\.([\w.-]{1,64})\((?=\{)/,
];

/** Returns the call that an answer in lines of text is; null for any other answer. */
export function callInLines(text: string): WrittenCall | null {
  for (const pattern of IN_LINES) {
    const found = pattern.exec(text);
    const start = found === null ? 0 : found.index + found[0].length;
    const end = found === null ? null : jsonEnd(text, start);
    if (found !== null && end !== null)
      return { name: toolName(found[1] ?? ''), input: text.slice(start, end) };
  }
  return null;
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
  const bare = unfenced(body.replaceAll('｜DSML｜', ''));
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
  const element = elementCall(bare) ?? markedByEscapes(bare);
  if (element !== null) return [element];
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
