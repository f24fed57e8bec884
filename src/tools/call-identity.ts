/** Headers that identify a tool call: the tool can verify the caller, and can carry out a repeated call only once. */
import type { ToolCandidate } from '../agent/reasoner.ts';
import { sha256 } from '../digest.ts';
import { canonicalJson } from '../text.ts';

/** The conversation and interaction for which a turn calls its tools. */
export interface ToolCaller {
  organization: string;
  user_id: string;
  conversation_id: string;
  /**
   * Number of the interaction in its conversation. A failed turn leaves its number unused, so that the same message
   * sent again calls the same tools with the same keys.
   */
  interaction: number;
}

/** Claims of the token of a tool call. Times are in seconds since 1970. */
export interface ToolCallClaims {
  /** Origin of the tool's URL. A tool refuses a token for another origin. */
  aud: string;
  sub: string;
  org: string;
  conversation_id: string;
  /** Value of the `Idempotency-Key` header of the call. */
  jti: string;
  /** SHA-256 of the request's body, base64url without padding. */
  body_sha256: string;
}

/** Signs the claims as a JSON Web Token that expires after minutes. */
export type SignToolCall = (claims: ToolCallClaims) => Promise<string>;

/** Returns the SHA-256 of a text in base64url without padding: 43 characters. */
async function digestOf(text: string): Promise<string> {
  return (await sha256(text)).toBase64({ alphabet: 'base64url', omitPadding: true });
}

/** Creates the key and the headers of each tool call. One instance serves one turn. */
export class CallIdentity {
  readonly #caller: ToolCaller;
  readonly #sign: SignToolCall;
  /** Number of calls in this turn by tool, version and input. */
  readonly #made = new Map<string, number>();

  constructor(caller: ToolCaller, sign: SignToolCall) {
    this.#caller = caller;
    this.#sign = sign;
  }

  /**
   * Returns the headers of a call. The nth call of a tool with the same input gets the same `Idempotency-Key` each time
   * the turn is repeated, and every other call gets another one. Call it in the order in which the calls begin.
   */
  headers(tool: ToolCandidate, input: Record<string, unknown>, url: string, body: string) {
    const call = canonicalJson([tool.id, tool.version, input]);
    const nth = (this.#made.get(call) ?? 0) + 1;
    this.#made.set(call, nth);
    return this.#headers(canonicalJson([this.#caller, call, nth]), new URL(url).origin, body);
  }

  async #headers(call: string, aud: string, body: string): Promise<Record<string, string>> {
    const { organization, user_id, conversation_id } = this.#caller;
    const [key, body_sha256] = await Promise.all([digestOf(call), digestOf(body)]);
    const claims = { aud, sub: user_id, org: organization, conversation_id, jti: key, body_sha256 };
    return {
      'x-organization-id': organization,
      'x-user-id': user_id,
      'x-conversation-id': conversation_id,
      'idempotency-key': key,
      'x-tool-call-token': await this.#sign(claims),
    };
  }
}
