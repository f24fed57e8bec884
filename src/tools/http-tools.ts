/**
 * Calls tools over HTTP as the registry describes them. A failure becomes an output for the agent, and is never an
 * error of the turn.
 */
import type { ToolOutcome, ToolPort } from '../agent/ports.ts';
import { toolCandidate } from '../agent/tool-candidate.ts';
import type { ToolCandidate } from '../agent/reasoner.ts';
import { withDeadline } from '../deadline.ts';
import { reportFault, type Fault } from '../deployment/faults.ts';
import { logError } from '../log.ts';
import { cut, wellFormed } from '../text.ts';
import { problem } from '../problems.ts';
import type { Tool, ToolVersion } from '../registry/capabilities.ts';
import type { ToolCallSpec } from '../registry/graph.ts';
import { isPublicUrl } from '../registry/public-address.ts';
import { isToolSecretOf } from '../registry/tool-secrets.ts';
import { resolveTool } from '../registry/tool-versions.ts';
import { CallIdentity, type SignToolCall, type ToolCaller } from './call-identity.ts';
import { inputFaults } from './input-check.ts';

/** Maximum of a tool's output, more than an agent can use. Longer outputs are cut. */
export const MAX_TOOL_OUTPUT_BYTES = 64 * 1024;
/** Maximum of the message about an invalid input in UTF-16 units: the message quotes the input. */
const MAX_COMPLAINT_LENGTH = 2_000;

/** Parts of the deployment that tool calls use. */
export interface ToolSetting {
  /** Reads a secret of the deployment by its name. */
  secret: (name: string) => string | undefined;
  /** Reads the variables of the conversation's user, the secret ones too. */
  variables: () => Promise<Readonly<Record<string, string>>>;
  sign: SignToolCall;
  /** True if tools may have private addresses: in development only. */
  privateAddresses: boolean;
}

/**
 * Thrown if the configuration of a tool does not allow a call. The fault is for the log and names the missing part.
 */
class ToolConfigurationError extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.reason);
    this.fault = fault;
  }
}

/** Thrown if the user has no variable that a tool asks for. */
class VariableMissingError extends Error {}

/** Returns a text as the value of a header: other characters than visible ASCII and spaces are percent-encoded. */
function headerValue(text: string): string {
  return wellFormed(text).replaceAll(/[^\x20-\x7e]/gu, encodeURIComponent);
}

/** Returns the first `MAX_TOOL_OUTPUT_BYTES` of a body as text, and does not read the rest. */
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

/** Calls the tools of one turn. */
export class HttpTools implements ToolPort {
  readonly #tools: readonly Tool[];
  readonly #caller: ToolCaller;
  readonly #setting: ToolSetting;
  readonly #identity: CallIdentity;
  readonly #versions = new Map<ToolCandidate, ToolVersion>();
  /** The variables of the user; null until a tool has asked for one. */
  #variables: Promise<Readonly<Record<string, string>>> | null = null;

  constructor(tools: readonly Tool[], caller: ToolCaller, setting: ToolSetting) {
    this.#tools = tools;
    this.#caller = caller;
    this.#setting = setting;
    this.#identity = new CallIdentity(caller, setting.sign);
  }

  candidate(spec: ToolCallSpec): ToolCandidate {
    const resolved = resolveTool(this.#tools, spec);
    if (resolved === null)
      throw problem('turn_failed', 'A tool of the context graph is not in the registry.');
    const { tool, version } = resolved;
    const candidate: ToolCandidate = toolCandidate(tool, version, spec);
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
    const faults = await inputFaults(input, tool.input_schema);
    if (faults !== null) return `Error: the input is not valid. ${cut(faults, MAX_COMPLAINT_LENGTH)}`;
    const body = JSON.stringify(input);
    const ask = async (end: AbortSignal) => {
      const identity = await this.#identity.headers(tool, input, version.url, body);
      const headers = new Headers({ ...(await this.#headers(tool.name, version)), ...identity });
      const response = await fetch(version.url, {
        method: 'POST',
        headers,
        body,
        // A redirect would send the secrets of the headers to another address.
        redirect: 'manual',
        signal: end,
      });
      const text = await boundedText(response);
      return response.ok ? text : `Error: the tool answered with status ${response.status}.`;
    };
    const late = new Error('The tool did not answer in time.');
    try {
      return await withDeadline(version.timeout_ms, ask, { within: signal, late: () => late });
    } catch (error) {
      if (error instanceof VariableMissingError) return `Error: ${error.message}`;
      if (!(error instanceof ToolConfigurationError)) return failureOf(error, tool, error === late);
      reportFault(error.fault);
      return 'Error: the tool is not configured.';
    }
  }

  /**
   * Returns the configured headers of a tool with their secrets and variables. Throws `ToolConfigurationError` if the tool may not be
   * called with them.
   */
  async #headers(tool: string, { url, headers }: ToolVersion): Promise<Record<string, string>> {
    if (!this.#setting.privateAddresses && !isPublicUrl(url)) {
      const reason = 'is not an address of the public internet';
      throw new ToolConfigurationError({ variable: `url of ${tool}`, reason });
    }
    const sent: Record<string, string> = { 'content-type': 'application/json' };
    for (const [name, value] of Object.entries(headers)) {
      if (typeof value === 'string') sent[name.toLowerCase()] = value;
      else if ('secret' in value) sent[name.toLowerCase()] = this.#secret(value.secret);
      else sent[name.toLowerCase()] = await this.#variable(value.user_variable);
    }
    return sent;
  }

  /** Returns a variable of the user. They are asked for once in a turn, however many tools are called. */
  async #variable(name: string): Promise<string> {
    const variables = await (this.#variables ??= this.#setting.variables());
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value === undefined) throw new VariableMissingError(`the user has no variable "${name}".`);
    return headerValue(value);
  }

  #secret(name: string): string {
    if (!isToolSecretOf(name, this.#caller.organization)) {
      throw new ToolConfigurationError({ variable: name, reason: 'belongs to another organization' });
    }
    const value = this.#setting.secret(name);
    if (value === undefined) throw new ToolConfigurationError({ variable: name, reason: 'is not set' });
    return value;
  }
}

/** Logs the cause of a failed call, and returns the output for the agent. */
function failureOf(error: unknown, tool: ToolCandidate, late: boolean): string {
  logError('tool_failed', error, { tool: tool.name });
  return late ? 'Error: the tool did not answer in time.' : 'Error: the tool cannot be reached.';
}
