/** Tools behind HTTP, as the registry describes them. What goes wrong is told to the agent, never thrown at the user. */
import { Validator } from '@cfworker/json-schema';
import type { ToolOutcome, ToolPort } from '../agent/ports.ts';
import type { ToolCandidate } from '../agent/reasoner.ts';
import { logError } from '../log.ts';
import { problem } from '../problems.ts';
import type { Tool, ToolVersion } from '../registry/capabilities.ts';
import type { ToolCallSpec } from '../registry/graph.ts';
import { resolveTool } from '../registry/tool-versions.ts';

/** More than an agent can make use of. What is longer is cut. */
export const MAX_TOOL_OUTPUT_BYTES = 64 * 1024;

/** Reads a secret by its name; the registry only admits names that begin with `TOOL_`. */
export type SecretReader = (name: string) => string | undefined;

/** The first bytes of a body as text; the rest is not read. */
async function boundedText(response: Response): Promise<string> {
  if (response.body === null) return '';
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    const room = MAX_TOOL_OUTPUT_BYTES - bytes;
    text += decoder.decode(chunk.value.subarray(0, room), { stream: true });
    bytes += chunk.value.byteLength;
    if (bytes < MAX_TOOL_OUTPUT_BYTES) continue;
    await reader.cancel();
    return `${text}\n[cut after ${MAX_TOOL_OUTPUT_BYTES} bytes]`;
  }
  return text;
}

export class HttpTools implements ToolPort {
  readonly #tools: readonly Tool[];
  readonly #secret: SecretReader;
  readonly #versions = new Map<ToolCandidate, ToolVersion>();

  constructor(tools: readonly Tool[], secret: SecretReader) {
    this.#tools = tools;
    this.#secret = secret;
  }

  candidate(spec: ToolCallSpec): ToolCandidate {
    const resolved = resolveTool(this.#tools, spec);
    if (resolved === null)
      throw problem('turn_failed', 'A tool of the context graph is not in the registry.');
    const { tool, version } = resolved;
    const candidate: ToolCandidate = {
      id: tool.id,
      name: tool.name,
      version: version.version,
      description: version.description,
      input_schema: version.input_schema,
      instruction: spec.additional_instruction,
    };
    this.#versions.set(candidate, version);
    return candidate;
  }

  async call(tool: ToolCandidate, input: Record<string, unknown>, signal: AbortSignal): Promise<ToolOutcome> {
    const startedAt = Date.now();
    const output = await this.#output(tool, input, signal);
    return { output, duration: (Date.now() - startedAt) / 1000 };
  }

  async #output(tool: ToolCandidate, input: Record<string, unknown>, signal: AbortSignal): Promise<string> {
    const version = this.#versions.get(tool);
    if (version === undefined) return 'Error: there is no such tool.';
    const { valid, errors } = new Validator(tool.input_schema).validate(input);
    if (!valid) return `Error: the input is not valid. ${errors.map(({ error }) => error).join(' ')}`;
    try {
      const response = await fetch(version.url, {
        method: 'POST',
        headers: this.#headers(version),
        body: JSON.stringify(input),
        // A redirect would carry the secrets in the headers to wherever it points.
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(version.timeout_ms)]),
      });
      const text = await boundedText(response);
      return response.ok ? text : `Error: the tool answered with status ${response.status}.`;
    } catch (error) {
      logError('tool_failed', error, { tool: tool.name });
      const late = error instanceof Error && error.name === 'TimeoutError';
      return late ? 'Error: the tool did not answer in time.' : 'Error: the tool cannot be reached.';
    }
  }

  #headers({ headers }: ToolVersion): Headers {
    const sent = new Headers({ 'content-type': 'application/json' });
    for (const [name, value] of Object.entries(headers)) {
      const text = typeof value === 'string' ? value : this.#secret(value.secret);
      if (text !== undefined) sent.set(name, text);
    }
    return sent;
  }
}
