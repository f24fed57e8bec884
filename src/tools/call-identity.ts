/** What a tool is told about a call besides its input, so that it can trust the call and carry it out once. */
import type { ToolCandidate } from '../agent/reasoner.ts';
import { sha256 } from '../digest.ts';
import { canonicalJson } from '../text.ts';

/** The conversation for which a turn calls its tools. */
export interface ToolCaller {
  organization: string;
  user_id: string;
  conversation_id: string;
  /**
   * The number of the interaction in its conversation. A turn that came to nothing leaves its number free, so the same
   * message sent again calls the same tools under the same keys.
   */
  interaction: number;
}

/** The claims of a tool call's token. Times are in seconds since 1970. */
export interface ToolCallClaims {
  /** The origin that is called: a tool refuses what was meant for another one. */
  aud: string;
  sub: string;
  org: string;
  conversation_id: string;
  /** The `Idempotency-Key` of the call. */
  jti: string;
  /** SHA-256 of the request's body, base64url without padding. */
  body_sha256: string;
}

/** Signs the claims as a JSON Web Token that is valid for minutes. */
export type SignToolCall = (claims: ToolCallClaims) => Promise<string>;

/** Returns the SHA-256 of a text in base64url without padding: 43 characters. */
async function digestOf(text: string): Promise<string> {
  return (await sha256(text)).toBase64({ alphabet: 'base64url', omitPadding: true });
}

/** Gives each tool call of a turn its key and its headers. One instance serves one turn. */
export class CallIdentity {
  readonly #caller: ToolCaller;
  readonly #sign: SignToolCall;
  /** How often each call, by tool, version and input, was made in this turn. */
  readonly #made = new Map<string, number>();

  constructor(caller: ToolCaller, sign: SignToolCall) {
    this.#caller = caller;
    this.#sign = sign;
  }

  /**
   * Returns the headers of a call. `Idempotency-Key` is the same for the nth call of a tool with an input whenever the
   * turn is repeated, and differs for every other call. To be called in the order in which calls begin.
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
